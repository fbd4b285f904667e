#include "unknown_top_level.hpp"

#include "ostrakon/policy/mail_address.hpp"

namespace ostrakon::verdict {

void UnknownTopLevel::look_at(const policy::ZoneRules& rules, std::string_view key,
                              UnixTime now) noexcept {
    forget_name();
    if (!rules.takes_layer(policy::kUnknownTldLayer, now) || !rules.serves_class(class_) ||
        !list_->is_fresh(now) || policy::is_mail_key(key)) {
        return;
    }
    const std::string_view label = zone::top_level_of(key);
    if (!list_->has(label)) {
        label_ = label;
        is_listed_ = zone::is_listed_for_top_level(key);
    }
}

policy::SetItem UnknownTopLevel::item() const noexcept {
    policy::SetItem item{};
    item.layer = policy::kUnknownTldLayer;
    item.listing_class = class_;
    return item;
}

policy::Match UnknownTopLevel::match(const policy::Catalogue& catalogue,
                                     std::string_view key) noexcept {
    reason_ = policy::UnknownTldReason{label_};
    return policy::unknown_tld_match(catalogue, key, reason_.view());
}

}  // namespace ostrakon::verdict
