// What a zone answers for one subject: the hot path's view of the database.
//
// A Judge belongs to one thread. It holds that thread's snapshot of the database and memory of
// verdicts, and looks at nothing but the index, except for texts, which are read from the truth.
// Spelling of names and answers is the responder's work.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/pattern/name_rules.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/verdict/listing_tally.hpp"
#include "ostrakon/zone/top_level_domains.hpp"
#include "ostrakon/zone/zone.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ostrakon::store {
class Environment;
class Transaction;
}  // namespace ostrakon::store

namespace ostrakon::verdict {

/// All that answers depend on besides the database: one generation of the configuration, immutable,
/// shared by all threads.
struct Rulebook {
    std::vector<zone::Zone> zones;
    std::map<std::string, net::Ipv4> classes;  ///< [classes].
    config::ProtectSettings protect;
    std::string web_url;
    /// Of the source dynamic-names; null where no zone serves it.
    std::shared_ptr<const pattern::NameRules> dynamic_names;
    /// Of the source unknown-tld; null where no zone serves it.
    std::shared_ptr<const zone::TopLevelDomains> top_level_domains;
    /// Whether own patterns count; in what goes to other servers they don't, as it cannot hold
    /// them.
    bool has_patterns = true;
};

/// Distinct codes that one answer can carry; further ones are left out.
inline constexpr std::size_t kCodesMax = 64;
/// Texts that one answer can carry, most specific listing first; further ones are left out.
inline constexpr std::size_t kTextsMax = 32;

struct Verdict {
    bool listed = false;  ///< The zone answers; then codes and ttl_s are set.
    bool exists = false;  ///< Names: something is listed below the name, in whatever source. Listed
                          ///< implies it.
    bool is_own = false;  ///< An own decision is among what answers.
    std::uint8_t code_count = 0;
    ListingMix mix = 0;  ///< What answers, where it is counted.
    std::uint32_t ttl_s =
        0;  ///< The zone's ttl, at most the remaining life of what answers, at least 1.
    std::array<net::Ipv4, kCodesMax> codes;  ///< The first code_count are set: distinct, ascending.
};

/// A name as key: its labels from the right, each behind its length byte, lower-cased
/// (dns::reversed_key). One label of 40 hexadecimal digits is a mail address.
struct NameKey {
    std::string_view bytes;
};
using Subject = std::variant<net::Ipv4, net::Ipv6, NameKey>;

/// Where the index has a subject.
struct Location {
    std::uint32_t set = 0;  ///< The verdict set that holds it; 0: nothing is listed.
    bool exists = false;    ///< Names: something is listed below it, in whatever source.
};

class Judge {
public:
    /// `environment` outlives the judge and is open read-only or for writing; the judge takes one
    /// reader slot.
    Judge(store::Environment& environment, std::shared_ptr<const Rulebook> rulebook);
    /// A judge without a database: renew() returns false.
    explicit Judge(std::shared_ptr<const Rulebook> rulebook);
    Judge(Judge&&) noexcept;
    Judge& operator=(Judge&&) noexcept;
    ~Judge();

    /// Takes the newest snapshot; to be called after a batch is received and before it is answered.
    /// False: the database cannot be read, and nothing may be judged. Allocates only when feeds or
    /// classes changed since the last call.
    bool renew() noexcept;
    /// Gives the snapshot up, before the thread sleeps.
    void reset() noexcept;
    /// Takes another generation of the configuration.
    void adopt(std::shared_ptr<const Rulebook> rulebook);

    /// Has verdicts say which mixture of sources and classes answers, by the numbers of this tally,
    /// which outlives the judge.
    void number_mixes(ListingTally& tally) noexcept;

    /// Whether everything since the last renew() could be read, and patterns matched for what was
    /// judged last. If not, what was judged is not known, and must not be answered.
    bool is_sound() const noexcept;

    const Rulebook& rulebook() const noexcept;

    /// The serial of the snapshot (RFC 1982 arithmetic is the reader's).
    std::uint32_t serial() const noexcept;

    /// The snapshot itself, for those who read more of the same state; after a renew() that
    /// succeeded.
    const store::Transaction& snapshot() const noexcept;

    /// Tells that this address will be located soon: what is needed of the index begins its way
    /// out of the memory. Of many addresses, all are announced before the first is approached, and
    /// all approached before the first is located.
    void announce(net::Ipv4 address) const noexcept;
    void approach(net::Ipv4 address) noexcept;
    void approach(net::Ipv6 address) const noexcept;

    /// Looks the subject up; good until the next renew(). An IPv6 address in ::ffff:0:0/96 is taken
    /// for the IPv4 address. Allocates nothing.
    Location locate(const Subject& subject, UnixTime now) noexcept;

    /// What zone number `zone` of the rulebook answers for the subject, which was located there.
    /// Test points are not known here. Valid until the next call. Allocates only for names that a
    /// free pattern matches (policy/patterns.hpp), and for the first one after these have changed.
    const Verdict& judge(std::size_t zone, const Subject& subject, Location location,
                         UnixTime now) noexcept;
    const Verdict& judge(std::size_t zone, const Subject& subject, UnixTime now) noexcept {
        return judge(zone, subject, locate(subject, now), now);
    }

    /// Whether anything at all is listed in the range, in whatever source. Allocates nothing.
    bool is_anything_in(net::Ipv4Range range) noexcept;
    bool is_anything_in(net::Ipv6Range range) noexcept;

    /// The texts of the listings that answer, each distinct one once, expanded; `query` is what
    /// {query} stands for. Without a query, what depends on it is left out: so the text holds for
    /// all of the stretch that the subject lies in. Valid until the next call. Allocates nothing.
    std::span<const std::string_view> texts(std::size_t zone, const Subject& subject,
                                            std::string_view query, UnixTime now) noexcept;

    /// The own listings that answer, each once. Valid until the next call. Allocates nothing.
    std::span<const store::ListingId> own_listings(std::size_t zone, const Subject& subject,
                                                   UnixTime now) noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::verdict
