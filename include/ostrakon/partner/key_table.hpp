// The keys of one zone as the server searches them: immutable, shared by all threads.
//
// It holds no key, only 128-bit hashes under a secret of its own (SipHash), so that neither the
// time that a look-up takes nor what is left of the memory tells anything about a key: who tries
// labels cannot foresee which slot they meet, nor how much of a hash they share.
#pragma once

#include "ostrakon/dns/siphash.hpp"
#include "ostrakon/partner/key_file.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::partner {

/// What has been asked with the keys of one partner. Any thread may count and read.
struct KeyUses {
    std::atomic<std::uint64_t> answered{0};
    std::atomic<std::uint64_t> refused{0};  ///< With a revoked key.
};

/// The counts of all partners of all zones. They stay through every change of the keys. Belongs to
/// one thread; what it hands out to all.
class UseCounters {
public:
    std::shared_ptr<KeyUses> of(const std::string& zone, const std::string& partner);
    using ByPartner = std::map<std::pair<std::string, std::string>, std::shared_ptr<KeyUses>>;
    /// By zone and partner.
    const ByPartner& all() const { return uses_; }

private:
    ByPartner uses_;
};

/// A key that is known, by what may be said of it.
struct Partner {
    std::string name;
    bool is_revoked = false;
    std::shared_ptr<KeyUses> uses;
};

class KeyTable {
public:
    /// `entries` have each key once.
    KeyTable(const std::string& zone, std::span<const KeyEntry> entries, UseCounters& counters);

    /// Whose key a label in lower case is; null: nobody's.
    const Partner* find(std::string_view label) const noexcept;

    std::size_t size() const noexcept { return partners_.size(); }

private:
    struct Hash {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        friend bool operator==(const Hash&, const Hash&) = default;
    };
    struct Slot {
        Hash hash;
        const Partner* partner = nullptr;
    };
    Hash hash_of(std::string_view label) const noexcept;

    dns::SipHashKey low_key_;
    dns::SipHashKey high_key_;
    std::vector<Partner> partners_;
    std::vector<Slot> slots_;  // a power of two of them, at most half of them taken
};

}  // namespace ostrakon::partner
