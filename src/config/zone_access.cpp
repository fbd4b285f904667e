// [access]: who may ask, by address or by key, and who takes the zone from here.
#include "sections.hpp"
#include "zone_sections.hpp"

#include <optional>

namespace ostrakon::config {
namespace {

constexpr std::string_view kAny = "any";

// Who may query: a prefix, or nothing for "any".
Spelled<std::optional<net::AddressRange>> spelled_client(std::string_view text) {
    if (text == kAny) {
        return std::optional<net::AddressRange>{};
    }
    return spelled_range(text)
        .map([](const net::AddressRange& range) { return std::optional{range}; })
        .map_error([](const std::string& expected) { return "\"any\" or " + expected; });
}

void read_query(Section& section, ZoneDraft& draft) {
    std::vector<std::optional<net::AddressRange>> clients{std::nullopt};
    section.list("query", clients, {0, kListSizeMax}, spelled_client);
    zone::QueryAccess& access = draft.zone.query_access;
    access.any = false;
    for (const auto& client : clients) {
        if (client) {
            access.prefixes.push_back(*client);
        } else {
            access.any = true;
        }
    }
    if (clients.empty()) {
        section.warning(section.at_key("query"), "[access] query: nobody may ask this zone");
    }
}

// Its path alone: what stands in it is for the server, and for those whom its mode lets in.
void read_keys_file(Section& section, ZoneDraft& draft) {
    std::string file;
    section.value("keys_file", file, SpelledText{kPathSizeMax});
    if (file.empty()) {
        return;
    }
    const auto directory = std::filesystem::absolute(draft.zone.file).parent_path();
    draft.zone.keys_file = (directory / file).lexically_normal().string();
    if (draft.zone.serves_source("unknown-tld")) {
        section.mistake_at(section.at_key("keys_file"),
                           "[access] keys_file: read a file of partner keys, expected none in a "
                           "zone that serves unknown-tld: every mistyped key would be an unknown "
                           "top-level domain, and list what is asked behind it");
    }
}

}  // namespace

void read_access(Section section, const KeyNames& keys, ZoneDraft& draft) {
    draft.access_at = section.has("query") ? section.at_key("query") : draft.origin_at;
    read_query(section, draft);
    read_keys_file(section, draft);
    zone::Secondaries& secondaries = draft.zone.secondaries;
    read_secondaries(section, keys, secondaries);
    section.boolean("zonemd", secondaries.has_digest);
    if (!secondaries.transfer.empty()) {
        draft.transfer_at = section.at_key("transfer");
    }
    section.finish();
}

}  // namespace ostrakon::config
