#include "canaries.hpp"

#include "ostrakon/pattern/name_text.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::policy {
namespace {

bool covers(NameScope scope, std::string_view key, std::string_view canary) {
    const bool is_same = key == canary;
    return scope == NameScope::Exact   ? is_same
           : scope == NameScope::Below ? !is_same && canary.starts_with(key)
                                       : canary.starts_with(key);
}

// Whether the entries list any address of the canary: where several hold it, the narrowest counts,
// and of equal ones that which does not list.
template <class A>
bool is_listed(const std::vector<Entry<A>>& entries, net::Range<A> canary,
               const Canaries::Lists& lists) {
    std::vector<Entry<A>> listing;
    std::vector<net::Range<A>> exceptions;
    for (const Entry<A>& entry : entries) {
        if (entry.range.overlaps(canary)) {
            if (lists(entry.value)) {
                listing.push_back(entry);
            } else {
                exceptions.push_back(entry.range);
            }
        }
    }
    return std::any_of(listing.begin(), listing.end(), [&](const Entry<A>& entry) {
        const net::Range<A> common{std::max(entry.range.first, canary.first),
                                   std::min(entry.range.last, canary.last)};
        return std::none_of(exceptions.begin(), exceptions.end(), [&](net::Range<A> exception) {
            return exception.contains(common) && breadth_of(exception) <= breadth_of(entry.range);
        });
    });
}

// All that covers a name has a key that the name's begins with.
bool is_listed(const std::vector<NameEntry>& entries, std::string_view canary,
               const Canaries::Lists& lists) {
    std::optional<Breadth> narrowest;
    bool found = false;
    for (std::size_t labels = 1; labels <= dns::key_label_count(canary); ++labels) {
        const std::string_view key = canary.substr(0, dns::key_prefix_size(canary, labels));
        auto at = std::lower_bound(
            entries.begin(), entries.end(), key,
            [](const NameEntry& entry, std::string_view wanted) { return entry.key < wanted; });
        for (; at != entries.end() && index_key_of(at->key) == key; ++at) {
            if (!covers(at->scope, key, canary)) {
                continue;
            }
            const Breadth breadth = breadth_of_name(at->scope == NameScope::Exact, labels);
            if (!narrowest || breadth < *narrowest) {
                narrowest = breadth;
                found = lists(at->value);
            } else if (breadth == *narrowest) {
                found = found && lists(at->value);
            }
        }
    }
    return found;
}

}  // namespace

Canaries::Canaries(const config::ProtectSettings& protect) {
    for (const std::string& text : protect.canaries) {
        const auto subject = parse_subject(text);
        if (!subject) {
            others_.push_back(text);
            continue;
        }
        if (never_overlap(protect, *subject) == NeverOverlap::Wholly) {
            continue;
        }
        if (const auto* v4 = std::get_if<net::Ipv4Range>(&*subject)) {
            ipv4_.push_back({*v4, text, v4->last});
        } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&*subject)) {
            ipv6_.push_back({*v6, text, v6->last});
        } else if (const auto* name = std::get_if<NameSubject>(&*subject)) {
            names_.push_back({dns::reversed_key(name->name), text});
        } else if (const auto* mail = std::get_if<MailSubject>(&*subject)) {
            names_.push_back({mail_key(mail->hash), text});
        } else {
            others_.push_back(to_string(*subject));
        }
    }
    put_in_order(ipv4_);
    put_in_order(ipv6_);
    std::sort(names_.begin(), names_.end(),
              [](const WatchedName& a, const WatchedName& b) { return a.key < b.key; });
}

template <class A>
void Canaries::put_in_order(WatchedList<A>& watched) {
    std::sort(watched.begin(), watched.end(),
              [](const Watched<A>& a, const Watched<A>& b) { return a.range < b.range; });
    for (std::size_t i = 1; i < watched.size(); ++i) {
        watched[i].last_max = std::max(watched[i].last_max, watched[i - 1].last_max);
    }
}

template <class A>
const std::string* Canaries::touched_by(const WatchedList<A>& watched, net::Range<A> range) {
    auto at = std::upper_bound(
        watched.begin(), watched.end(), range.last,
        [](A last, const Watched<A>& canary) { return last < canary.range.first; });
    while (at != watched.begin() && std::prev(at)->last_max >= range.first) {
        --at;
        if (at->range.last >= range.first) {
            return &at->text;
        }
    }
    return nullptr;
}

std::optional<std::string> Canaries::in(const Subject& subject) const {
    const std::string* found = nullptr;
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        found = touched_by(ipv4_, *v4);
    } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        found = touched_by(ipv6_, *v6);
    } else if (const auto* name = std::get_if<NameSubject>(&subject)) {
        const std::string key = dns::reversed_key(name->name);
        const auto at = std::find_if(names_.begin(), names_.end(), [&](const WatchedName& canary) {
            return covers(name->scope, key, canary.key);
        });
        found = at == names_.end() ? nullptr : &at->text;
    } else if (const auto* mail = std::get_if<MailSubject>(&subject)) {
        const auto at = std::find_if(names_.begin(), names_.end(), [&](const WatchedName& canary) {
            return canary.key == mail_key(mail->hash);
        });
        found = at == names_.end() ? nullptr : &at->text;
    } else if (const auto* of_names = std::get_if<pattern::Pattern>(&subject)) {
        const auto at = std::find_if(names_.begin(), names_.end(), [&](const WatchedName& canary) {
            return !is_mail_key(canary.key) &&
                   pattern::matches(of_names->text, pattern::NameText{canary.key}.view());
        });
        found = at == names_.end() ? nullptr : &at->text;
    } else {
        const auto at = std::find(others_.begin(), others_.end(), to_string(subject));
        found = at == others_.end() ? nullptr : &*at;
    }
    return found == nullptr ? std::nullopt : std::optional{*found};
}

std::optional<std::string> Canaries::in(const Expansion& expansion) const {
    for (const net::Ipv4Range range : expansion.ipv4) {
        if (const std::string* found = touched_by(ipv4_, range)) {
            return *found;
        }
    }
    for (const net::Ipv6Range range : expansion.ipv6) {
        if (const std::string* found = touched_by(ipv6_, range)) {
            return *found;
        }
    }
    return std::nullopt;
}

template <class A>
const std::string* Canaries::newly_in(const WatchedList<A>& watched,
                                      const std::vector<Entry<A>>& before,
                                      const std::vector<Entry<A>>& after, const Lists& lists) {
    const auto touching = [&](const std::vector<Entry<A>>& entries) {
        std::vector<Entry<A>> found;
        std::copy_if(
            entries.begin(), entries.end(), std::back_inserter(found),
            [&](const Entry<A>& entry) { return touched_by(watched, entry.range) != nullptr; });
        return found;
    };
    const auto now = watched.empty() ? std::vector<Entry<A>>{} : touching(after);
    if (now.empty()) {
        return nullptr;
    }
    const auto then = touching(before);
    const auto found = std::find_if(watched.begin(), watched.end(), [&](const Watched<A>& canary) {
        return is_listed(now, canary.range, lists) && !is_listed(then, canary.range, lists);
    });
    return found == watched.end() ? nullptr : &found->text;
}

const std::string* Canaries::newly_in(const std::vector<NameEntry>& before,
                                      const std::vector<NameEntry>& after,
                                      const Lists& lists) const {
    for (const WatchedName& canary : names_) {
        if (is_listed(after, canary.key, lists) && !is_listed(before, canary.key, lists)) {
            return &canary.text;
        }
    }
    return nullptr;
}

std::optional<std::string> Canaries::newly_listed(const EntryList& before, const EntryList& after,
                                                  const Lists& lists) const {
    const std::string* found = newly_in(ipv4_, before.ipv4, after.ipv4, lists);
    if (found == nullptr) {
        found = newly_in(ipv6_, before.ipv6, after.ipv6, lists);
    }
    if (found == nullptr) {
        found = newly_in(before.names, after.names, lists);
    }
    return found == nullptr ? std::nullopt : std::optional{*found};
}

std::optional<std::string> Canaries::newly_listed_by_origin(const store::Transaction& transaction,
                                                            const Catalogue& catalogue,
                                                            const EntryList& before,
                                                            const EntryList& after,
                                                            const Lists& lists) const {
    Expansions expansions;
    if (is_empty()) {
        return std::nullopt;
    }
    for (const NameEntry& entry : after.names) {
        const auto origin = origin_of_entry_key(entry.key);
        if (origin && lists(entry.value)) {
            expansions.try_emplace(*origin);
        }
    }
    for (const NameEntry& entry : before.names) {
        const auto origin = origin_of_entry_key(entry.key);
        if (origin && lists(entry.value)) {
            expansions.erase(*origin);
        }
    }
    expand(transaction, catalogue, expansions);
    for (const auto& [origin, expansion] : expansions) {
        if (auto found = in(expansion)) {
            return found;
        }
    }
    return std::nullopt;
}

bool value_lists(const store::Transaction& transaction, const Catalogue& catalogue,
                 std::string_view feed_class, std::uint32_t id) {
    const auto value = read_value(transaction, id);
    if (!value || value->is_exception) {
        return false;
    }
    const std::string_view listing_class = value->listing_class == kFeedsClass
                                               ? feed_class
                                               : catalogue.class_name(value->listing_class);
    return listing_class != zone::kAllowClass;
}

Result<Done> check_canary(const std::string& attempt, const std::optional<std::string>& canary,
                          bool confirmed) {
    if (!canary || confirmed) {
        return Done{};
    }
    return Unexpected{Error{ErrorCode::Refused, attempt,
                            fmt::format("{} of [protect] canaries would be listed", *canary),
                            "--yes records it all the same"}};
}

}  // namespace ostrakon::policy
