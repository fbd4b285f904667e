#include "ostrakon/policy/guard.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <libpsl.h>
#include <algorithm>
#include <memory>

namespace ostrakon::policy {
namespace {

// Whether the ranges, each of which touches `range`, hold all of it together.
template <class A>
bool hold_together(std::vector<net::Range<A>> ranges, net::Range<A> range) {
    std::sort(ranges.begin(), ranges.end());
    A next = range.first;  // the first address that is not known to be held
    for (const net::Range<A>& held : ranges) {
        if (held.first > next) {
            return false;
        }
        if (held.last >= range.last) {
            return true;
        }
        next = std::max(next, A{static_cast<typename A::Bits>(held.last.bits + 1)});
    }
    return false;
}

template <class A>
NeverOverlap overlap(const std::vector<net::Range<A>>& never, net::Range<A> range) {
    std::vector<net::Range<A>> touching;
    for (const net::Range<A>& held : never) {
        if (held.contains(range)) {
            return NeverOverlap::Wholly;
        }
        if (held.overlaps(range)) {
            touching.push_back(held);
        }
    }
    if (touching.empty()) {
        return NeverOverlap::None;
    }
    return hold_together(std::move(touching), range) ? NeverOverlap::Wholly : NeverOverlap::Partly;
}

NeverOverlap overlap(const std::vector<dns::Name>& never, const NameSubject& subject) {
    NeverOverlap found = NeverOverlap::None;
    for (const dns::Name& held : never) {
        if (subject.name.is_at_or_below(held)) {
            return NeverOverlap::Wholly;
        }
        if (subject.scope != NameScope::Exact && held.is_at_or_below(subject.name)) {
            found = NeverOverlap::Partly;
        }
    }
    return found;
}

NeverOverlap overlap(const std::vector<dns::Name>& never, const pattern::Pattern& subject) {
    const std::string_view end = pattern::literal_end(subject.text);
    if (!end.empty()) {
        return overlap(never, NameSubject{*dns::parse_name(end), NameScope::Below});
    }
    return never.empty() ? NeverOverlap::None : NeverOverlap::Partly;
}

}  // namespace

Result<Done> check_class(const config::Settings& settings, std::string_view listing_class) {
    if (zone::built_in_code(listing_class) ||
        settings.classes.contains(std::string{listing_class})) {
        return Done{};
    }
    std::string known;
    for (const zone::BuiltInClass& built_in : zone::kBuiltInClasses) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", built_in.name);
    }
    for (const auto& [name, code] : settings.classes) {
        known += ", " + name;
    }
    return Unexpected{Error{
        ErrorCode::Usage, fmt::format("class \"{}\"", listing_class), "there is none of that name",
        "classes are " + known + "; a site adds its own in [classes] of ostrakon.toml"}};
}

Result<Done> check_code(net::Ipv4 code) {
    if (zone::is_valid_code(code)) {
        return Done{};
    }
    return Unexpected{Error{
        ErrorCode::Usage, "code " + net::to_string(code), "cannot be an answer",
        "take one in 127.0.0.0/8, not 127.0.0.1 and not in 127.255.255.0/24, as in 127.0.0.7"}};
}

std::optional<net::Ipv4> own_code(const config::Settings& settings, std::string_view listing_class,
                                  std::optional<net::Ipv4> code) {
    const auto of_site = settings.classes.find(std::string{listing_class});
    const auto of_class = of_site != settings.classes.end() ? std::optional{of_site->second}
                                                            : zone::built_in_code(listing_class);
    return code == of_class ? std::nullopt : code;
}

NeverOverlap never_overlap(const config::ProtectSettings& protect, const Subject& subject) {
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        return overlap(protect.never_ipv4, *v4);
    }
    if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        return overlap(protect.never_ipv6, *v6);
    }
    if (const auto* of_names = std::get_if<pattern::Pattern>(&subject)) {
        return overlap(protect.never_names, *of_names);
    }
    const auto* name = std::get_if<NameSubject>(&subject);
    return name == nullptr ? NeverOverlap::None : overlap(protect.never_names, *name);
}

bool is_very_wide_pattern(const Subject& subject) {
    constexpr std::size_t kLiteralLabelsMin = 2;
    const auto* of_names = std::get_if<pattern::Pattern>(&subject);
    return of_names != nullptr && pattern::literal_label_count(of_names->text) < kLiteralLabelsMin;
}

bool is_very_wide_name(const Subject& subject) {
    const auto* name = std::get_if<NameSubject>(&subject);
    if (name == nullptr || name->scope == NameScope::Exact) {
        return false;
    }
    if (name->name.label_count() == 1) {
        return true;
    }
    static const std::unique_ptr<psl_ctx_t, void (*)(psl_ctx_t*)> latest{psl_latest(nullptr),
                                                                         psl_free};
    const psl_ctx_t* suffixes = latest ? latest.get() : psl_builtin();
    return suffixes != nullptr &&
           psl_is_public_suffix(suffixes, dns::to_string(name->name).c_str()) != 0;
}

}  // namespace ostrakon::policy
