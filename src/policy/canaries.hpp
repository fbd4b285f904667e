// [protect] canaries: addresses and names of which a change that would list one is held. Included
// by this module's sources only.
//
// A canary that is a name stands for that name, not for what is below it. One that [protect] never
// holds wholly cannot be listed by accident and is left out.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/policy/subject.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

class Canaries {
public:
    explicit Canaries(const config::ProtectSettings& protect);

    bool is_empty() const { return ipv4_.empty() && ipv6_.empty() && names_.empty(); }

    /// The canary that a ban of this would list. An AS or a country is asked about by what it
    /// expands to.
    std::optional<std::string> in(const Subject& subject) const;
    std::optional<std::string> in(const Expansion& expansion) const;

    /// What the value of an entry in a data set makes of it: listed, or not (an exception, or of
    /// class allow).
    using Lists = std::function<bool(std::uint32_t value)>;
    /// The canary that a data set lists with the entries `after` and did not with `before`. Both
    /// sorted.
    std::optional<std::string> newly_listed(const EntryList& before, const EntryList& after,
                                            const Lists& lists) const;

    /// The same for the AS and countries among the entries, by what the maps say.
    std::optional<std::string> newly_listed_by_origin(const store::Transaction& transaction,
                                                      const Catalogue& catalogue,
                                                      const EntryList& before,
                                                      const EntryList& after,
                                                      const Lists& lists) const;

private:
    template <class A>
    struct Watched {
        net::Range<A> range;
        std::string text;
        A last_max;  // the highest end of this one and those before it
    };
    struct WatchedName {
        std::string key;
        std::string text;
    };
    template <class A>
    using WatchedList = std::vector<Watched<A>>;

    template <class A>
    static void put_in_order(WatchedList<A>& watched);
    template <class A>
    static const std::string* touched_by(const WatchedList<A>& watched, net::Range<A> range);
    template <class A>
    static const std::string* newly_in(const WatchedList<A>& watched,
                                       const std::vector<Entry<A>>& before,
                                       const std::vector<Entry<A>>& after, const Lists& lists);
    const std::string* newly_in(const std::vector<NameEntry>& before,
                                const std::vector<NameEntry>& after, const Lists& lists) const;

    WatchedList<net::Ipv4> ipv4_;
    WatchedList<net::Ipv6> ipv6_;
    std::vector<WatchedName> names_;   // and mail addresses; sorted by key
    std::vector<std::string> others_;  // spelled as subjects are
};

/// Whether a value of a feed of this class lists what its entries are about.
bool value_lists(const store::Transaction& transaction, const Catalogue& catalogue,
                 std::string_view feed_class, std::uint32_t value);

/// ErrorCode::Refused where a canary was found, unless `confirmed`.
Result<Done> check_canary(const std::string& attempt, const std::optional<std::string>& canary,
                          bool confirmed);

}  // namespace ostrakon::policy
