// What the source unknown-tld adds to the verdicts on names, as one thread asks for them. Of
// addresses, nothing.
#pragma once

#include "ostrakon/policy/rules.hpp"
#include "ostrakon/policy/unknown_tld.hpp"
#include "ostrakon/zone/top_level_domains.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace ostrakon::verdict {

class UnknownTopLevel {
public:
    /// Takes over another list, or none, and the class of what is listed.
    void follow(std::shared_ptr<const zone::TopLevelDomains> list,
                policy::ClassId listing_class) noexcept {
        list_ = std::move(list);
        class_ = listing_class;
        forget_name();
    }

    /// Begins with an address.
    void begin() noexcept {
        if (list_ != nullptr) {
            forget_name();
        }
    }
    /// Begins with a name, by its key, as a zone of these rules is asked for it.
    void begin(const policy::ZoneRules& rules, std::string_view key, UnixTime now) noexcept {
        if (list_ != nullptr) {
            look_at(rules, key, now);
        }
    }

    /// Whether there is no such top-level domain, so that names below it may be listed.
    bool is_unknown() const noexcept { return !label_.empty(); }
    /// Whether the name itself is listed for it.
    bool is_listed() const noexcept { return is_listed_; }

    /// What lists the name.
    policy::SetItem item() const noexcept;
    /// The same with its reason, which is good until the next call.
    policy::Match match(const policy::Catalogue& catalogue, std::string_view key) noexcept;

private:
    void forget_name() noexcept {
        label_ = {};
        is_listed_ = false;
    }
    void look_at(const policy::ZoneRules& rules, std::string_view key, UnixTime now) noexcept;

    std::shared_ptr<const zone::TopLevelDomains> list_;  // null where no zone serves it
    policy::ClassId class_ = policy::kFeedsClass;
    std::string_view label_;
    bool is_listed_ = false;
    policy::UnknownTldReason reason_;
};

}  // namespace ostrakon::verdict
