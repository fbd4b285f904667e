// [access]: who may ask, and what later versions will do for partners.
#include "sections.hpp"
#include "zone_sections.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>

namespace ostrakon::config {
namespace {

constexpr std::int64_t kPeersMax = 1000;
constexpr std::string_view kAny = "any";
constexpr std::string_view kKeyPrefix = "key:";

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

// One entry of transfer or notify: an address (with a port, where `may_have_port`), "key:NAME", or
// both.
struct SpelledPeer {
    const std::vector<std::string>& keys;
    bool is_notify;

    Spelled<std::string> operator()(std::string_view text) const {
        const std::string expected =
            is_notify ? "\"192.0.2.53\" or \"192.0.2.53:5300\", then \" key:NAME\" to sign it"
                      : "\"192.0.2.53\", \"key:NAME\", or \"192.0.2.53 key:NAME\"";
        const auto blank = text.find(' ');
        std::string_view address = text.substr(0, blank);
        std::string_view key =
            blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
        if (!is_notify && key.empty() && address.starts_with(kKeyPrefix)) {
            std::swap(address, key);
        }
        const bool has_key = blank != std::string_view::npos || !key.empty();
        if ((has_key && !key.starts_with(kKeyPrefix)) ||
            (!address.empty() && !is_address(address)) || (address.empty() && !has_key)) {
            return Unexpected{expected};
        }
        if (has_key) {
            const auto name = spelled_key_name(key.substr(kKeyPrefix.size()));
            if (!name || std::find(keys.begin(), keys.end(), *name) == keys.end()) {
                return Unexpected{std::string{"the name of a [[tsig]] key behind \"key:\""}};
            }
        }
        return std::string{text};
    }

    bool is_address(std::string_view text) const {
        if (net::parse_address(text)) {
            return true;
        }
        const auto endpoint =
            is_notify ? spelled_endpoint(text) : Spelled<Endpoint>{Unexpected{std::string{}}};
        return endpoint && endpoint->port != 0;
    }
};

// True: there are some.
bool read_peers(Section& section, std::string_view key, const SpelledPeer& spelled,
                std::string_view what) {
    std::vector<std::string> peers;
    section.list(key, peers, {0, kPeersMax}, spelled);
    if (!peers.empty()) {
        section.warning(section.at_key(key),
                        fmt::format("[access] {} is set, but this version {}", key, what));
    }
    return !peers.empty();
}

}  // namespace

void read_access(Section section, const std::vector<std::string>& keys, ZoneDraft& draft) {
    draft.access_at = section.has("query") ? section.at_key("query") : draft.origin_at;
    read_query(section, draft);
    std::string keys_file;
    section.value("keys_file", keys_file, SpelledText{kPathSizeMax});
    if (!keys_file.empty()) {
        section.mistake_at(section.at_key("keys_file"),
                           "[access] keys_file: read a file of partner keys, expected none: this "
                           "version does not know keys "
                           "and would answer everybody that query lets in; narrow query instead");
    }
    if (read_peers(section, "transfer", SpelledPeer{keys, false}, "gives no transfers")) {
        draft.transfer_at = section.at_key("transfer");
    }
    read_peers(section, "notify", SpelledPeer{keys, true}, "sends no NOTIFY");
    section.finish();
}

}  // namespace ostrakon::config
