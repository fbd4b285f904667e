// Verdicts of sets without an end, remembered: the same set in the same zone answers the same until
// something changes.
#pragma once

#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ostrakon::verdict {

/// Direct-mapped: a set that falls on another's place takes it.
class VerdictMemo {
public:
    VerdictMemo() : entries_(kEntries) {}

    void clear() noexcept { std::fill(entries_.begin(), entries_.end(), Entry{}); }

    bool recall(std::size_t zone, policy::SetId set, Verdict& verdict) const noexcept {
        const Entry& entry = entries_[place(zone, set)];
        if (entry.set != set || entry.zone != zone) {
            return false;
        }
        verdict.code_count = entry.code_count;
        std::copy_n(entry.codes.begin(), entry.code_count, verdict.codes.begin());
        verdict.listed = entry.code_count != 0;
        return true;
    }

    void remember(std::size_t zone, policy::SetId set, const Verdict& verdict) noexcept {
        if (verdict.code_count > kCodes) {
            return;
        }
        Entry& entry = entries_[place(zone, set)];
        entry.set = set;
        entry.zone = static_cast<std::uint32_t>(zone);
        entry.code_count = verdict.code_count;
        std::copy_n(verdict.codes.begin(), verdict.code_count, entry.codes.begin());
    }

private:
    static constexpr std::size_t kEntries = 65536;
    static constexpr std::size_t kCodes = 5;
    struct Entry {
        policy::SetId set = 0;  // 0: empty
        std::uint32_t zone = 0;
        std::uint8_t code_count = 0;
        std::array<net::Ipv4, kCodes> codes{};
    };

    static std::size_t place(std::size_t zone, policy::SetId set) noexcept {
        return (set * 2654435761U ^ static_cast<std::uint32_t>(zone) * 40503U) % kEntries;
    }

    std::vector<Entry> entries_;
};

}  // namespace ostrakon::verdict
