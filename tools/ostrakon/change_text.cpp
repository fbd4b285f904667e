#include "change_text.hpp"

#include "json.hpp"
#include "messages.hpp"
#include "output.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kListingsShownMax = 20;

std::string coverage_text(const policy::ChangeReport& report, const store::Listing& listing) {
    if (const auto origin = report.origins.find(listing.subject); origin != report.origins.end()) {
        return ": " + covered(origin->second.addresses, origin->second.names);
    }
    const auto subject = policy::parse_subject(listing.subject);
    if (!subject) {
        return "";
    }
    const policy::Coverage coverage = policy::coverage(*subject);
    if (std::holds_alternative<net::Ipv6Range>(*subject)) {
        return ": " + counted(coverage.addresses, "IPv6 /64", "IPv6 /64s");
    }
    if (std::holds_alternative<policy::MailSubject>(*subject)) {
        return ": that mail address alone";
    }
    if (std::holds_alternative<pattern::Pattern>(*subject)) {
        return ": all names that it matches";
    }
    const auto* name = std::get_if<policy::NameSubject>(&*subject);
    if (name == nullptr) {
        return ": " + covered(coverage.addresses, coverage.names);
    }
    switch (name->scope) {
        case policy::NameScope::Exact:
            return ": that name alone";
        case policy::NameScope::Below:
            return ": all names below it";
        case policy::NameScope::Tree:
        case policy::NameScope::Pattern:
            break;
    }
    return ": that name and all below it";
}

std::string line_of(const policy::ChangeReport& report, const store::Listing& listing) {
    const std::string would = report.dry_run ? "would be" : "is";
    const std::string of_class = listing.is_allow() ? "" : " (" + listing.listing_class + ")";
    const std::string strikes =
        listing.strikes > 1 ? fmt::format(", strike {}", listing.strikes) : "";
    switch (listing.state) {
        case store::ListingState::Active:
            return fmt::format("{} {} {}{} {}{}{}", listing.subject, would,
                               listing.is_allow() ? "allowed" : "banned", of_class,
                               end_text(listing.until), strikes, coverage_text(report, listing));
        case store::ListingState::Warning:
            return fmt::format("{} {} warned{}: recorded, not served", listing.subject, would,
                               of_class);
        case store::ListingState::Lifted:
        case store::ListingState::Undone:
            return fmt::format("{} is no longer {}{}{}", listing.subject,
                               listing.is_allow() ? "allowed" : "banned", of_class,
                               coverage_text(report, listing));
        case store::ListingState::Corrected:
            return fmt::format("{} is no longer banned{}: all checks pass", listing.subject,
                               of_class);
        case store::ListingState::Expired:
            break;
    }
    return fmt::format("{}{} has ended{}", listing.subject, of_class,
                       coverage_text(report, listing));
}

}  // namespace

std::string change_text(const policy::ChangeReport& report) {
    std::string text;
    for (const store::Listing& listing : report.listings) {
        if (&listing - report.listings.data() == kListingsShownMax) {
            text +=
                fmt::format("… and {} more\n", grouped(report.listings.size() - kListingsShownMax));
            break;
        }
        text += line_of(report, listing) + "\n";
    }
    const std::string total = covered(report.coverage.addresses, report.coverage.names);
    if (report.dry_run) {
        text += fmt::format("dry run, nothing has changed: {}\n", total);
    } else if (report.change) {
        text += fmt::format("change {}: {}\n", *report.change, total);
    } else {
        text += "nothing to change\n";
    }
    return text;
}

Outcome change_outcome(const policy::ChangeReport& report, const CommonOptions& common) {
    notes(report.notes, common.quiet);
    if (common.json) {
        return {0, change_json(report)};
    }
    return {0, common.quiet ? "" : change_text(report)};
}

}  // namespace ostrakon::tool
