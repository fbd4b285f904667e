#include "ostrakon/policy/unknown_tld.hpp"

#include "ostrakon/config/tld_file.hpp"
#include "ostrakon/zone/top_level_domains.hpp"

#include <algorithm>

namespace ostrakon::policy {

UnknownTldReason::UnknownTldReason(std::string_view label) noexcept {
    constexpr std::string_view kBeginning = "there is no top-level domain .";
    static_assert(kBeginning.size() + dns::kLabelSizeMax <= 128);
    const auto write = [this](std::string_view part) {
        const std::size_t size = std::min(part.size(), text_.size() - size_);
        std::copy_n(part.begin(), size, text_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += size;
    };
    write(kBeginning);
    write(label);
}

Match unknown_tld_match(const Catalogue& catalogue, std::string_view key,
                        std::string_view reason) noexcept {
    Match match;
    match.item.layer = kUnknownTldLayer;
    match.item.listing_class = catalogue.class_id(kUnknownTldClass).value_or(kFeedsClass);
    match.labels = static_cast<std::uint8_t>(dns::key_label_count(key));
    match.reason = reason;
    return match;
}

Result<std::string> unknown_tld_reason(const config::Settings& settings,
                                       const std::vector<zone::Zone>& zones, std::string_view key,
                                       UnixTime at, std::vector<std::string>& warnings) {
    const auto list = config::read_top_level_domains(settings, zones, at, warnings);
    if (!list) {
        return Unexpected{list.error()};
    }
    const std::string_view label = zone::top_level_of(key);
    if (!*list || !(*list)->is_fresh(at) || (*list)->has(label) ||
        !zone::is_listed_for_top_level(key)) {
        return std::string{};
    }
    return std::string{UnknownTldReason{label}.view()};
}

}  // namespace ostrakon::policy
