#include "zone_file.hpp"

#include "sections.hpp"
#include "zone_sections.hpp"

#include <fmt/format.h>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::int64_t kTtlMaxSeconds = 0x7FFFFFFF;  // RFC 2181 §8
constexpr std::int64_t kNameServersMax = 16;
constexpr std::int64_t kSoaTimers = 3;

Spelled<std::uint32_t> spelled_ttl(std::string_view text, std::int64_t least_s) {
    return SpelledDuration{least_s, kTtlMaxSeconds}(text).map(
        [](Duration ttl) { return static_cast<std::uint32_t>(ttl.seconds); });
}

Spelled<std::uint32_t> spelled_positive_ttl(std::string_view text) {
    return spelled_ttl(text, 1);
}
Spelled<std::uint32_t> spelled_any_ttl(std::string_view text) {
    return spelled_ttl(text, 0);
}

Spelled<std::optional<UnixTime>> spelled_date(std::string_view text) {
    const auto date = parse_timestamp(text);
    if (!date) {
        return Unexpected{std::string{"a date, as in \"2027-01-01\""}};
    }
    return std::optional{*date};
}

void read_soa(Section& section, zone::SoaTimers& soa) {
    std::vector<std::uint32_t> timers;
    section.list("soa", timers, {kSoaTimers, kSoaTimers}, spelled_positive_ttl);
    if (timers.size() == kSoaTimers) {
        soa = {timers[0], timers[1], timers[2]};
    }
}

void read_name_servers(Section& section, ZoneDraft& draft) {
    section.require("ns", "ns = [\"ns1.example.org\"]");
    const Value* found = section.find("ns", {Kind::List});
    if (found == nullptr || !section.has_count("ns", *found, {1, kNameServersMax})) {
        return;
    }
    for (const Value& item : found->items) {
        if (!section.is_text("ns", item)) {
            continue;
        }
        const auto name = spelled_name(item.text);
        if (!name) {
            section.mistake("ns", item, name.error());
        } else if (std::find(draft.zone.ns.begin(), draft.zone.ns.end(), *name) !=
                   draft.zone.ns.end()) {
            section.mistake("ns", item, "each name server once");
        } else {
            draft.zone.ns.push_back(*name);
            draft.ns_at.push_back(item.at);
        }
    }
}

void read_origin(Section& section, ZoneDraft& draft) {
    section.require("origin", "origin = \"bl.example.org\"");
    section.value("origin", draft.zone.origin, spelled_name);
    draft.zone.name = draft.zone.origin.is_root() ? "" : dns::to_string(draft.zone.origin);
    draft.origin_at = section.at_key("origin");
}

}  // namespace

ZoneDraft read_zone_file(const std::filesystem::path& file, const Settings& settings,
                         Problems& problems) {
    ZoneDraft draft;
    draft.zone.file = file.string();
    const std::size_t mistakes_before = problems.mistake_count();
    const auto document = read_document(file, problems);
    if (!document) {
        return draft;
    }
    Section top{&*document, "", draft.zone.file, problems};
    zone::Zone& zone = draft.zone;
    read_origin(top, draft);
    top.value("ttl", zone.ttl_s, spelled_positive_ttl);
    top.value("negative_ttl", zone.negative_ttl_s, spelled_any_ttl);
    top.value("ns_ttl", zone.ns_ttl_s, spelled_positive_ttl);
    read_name_servers(top, draft);
    top.require("contact", "contact = \"hostmaster@example.org\"");
    top.value("contact", zone.contact, spelled_mailbox);
    read_soa(top, zone.soa);
    top.value("retired", zone.retired, spelled_date);
    read_selection(top, settings, zone);
    read_addresses(top.table("a"), draft);
    read_codes(top.table("codes"), settings, zone);
    read_texts(top.table("text"), settings, zone);
    read_tsig(top, file.parent_path(), zone.file, zone.keys, settings.tsig_keys);
    read_access(top.table("access"), key_names(settings.tsig_keys, zone.keys), draft);
    top.finish();
    draft.is_sound = problems.mistake_count() == mistakes_before;
    return draft;
}

}  // namespace ostrakon::config
