// Who may transfer a zone, and who is told of changes: of [access] and of [catalog].
#include "sections.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

constexpr std::int64_t kPeersMax = 1000;
constexpr std::string_view kKeyPrefix = "key:";

// "ADDRESS", "key:NAME" or "ADDRESS key:NAME", taken apart.
struct PeerWords {
    std::string_view address;
    std::string key;
};

Spelled<PeerWords> peer_words(std::string_view text, const KeyNames& keys,
                              const std::string& expected) {
    PeerWords words;
    const auto blank = text.find(' ');
    std::string_view key;
    if (blank != std::string_view::npos) {
        words.address = text.substr(0, blank);
        key = text.substr(blank + 1);
    } else if (text.starts_with(kKeyPrefix)) {
        key = text;
    } else {
        words.address = text;
    }
    if (blank == std::string_view::npos ? text.empty()
                                        : !key.starts_with(kKeyPrefix) || words.address.empty()) {
        return Unexpected{expected};
    }
    if (!key.empty()) {
        const auto name = spelled_key_name(key.substr(kKeyPrefix.size()));
        if (!name || std::find(keys.begin(), keys.end(), *name) == keys.end()) {
            return Unexpected{std::string{"the name of a [[tsig]] key behind \"key:\""}};
        }
        words.key = *name;
    }
    return words;
}

struct SpelledTransferPeer {
    const KeyNames& keys;

    Spelled<zone::TransferPeer> operator()(std::string_view text) const {
        const std::string expected = "\"192.0.2.53\", \"key:NAME\", or \"192.0.2.53 key:NAME\"";
        const auto words = peer_words(text, keys, expected);
        if (!words) {
            return Unexpected{words.error()};
        }
        zone::TransferPeer peer{std::nullopt, words->key};
        if (!words->address.empty()) {
            const auto range = spelled_range(words->address);
            if (!range) {
                return Unexpected{expected};
            }
            peer.address = *range;
        }
        return peer;
    }
};

struct SpelledNotifyTarget {
    const KeyNames& keys;

    Spelled<zone::NotifyTarget> operator()(std::string_view text) const {
        const std::string expected =
            "\"192.0.2.53\" or \"192.0.2.53:5300\", then \" key:NAME\" to sign it";
        const auto words = peer_words(text, keys, expected);
        if (!words) {
            return Unexpected{words.error()};
        }
        zone::NotifyTarget target;
        target.key = words->key;
        if (const auto address = net::parse_address(words->address)) {
            target.address = *address;
            return target;
        }
        const auto endpoint = spelled_endpoint(words->address);
        if (!endpoint || endpoint->port == 0) {
            return Unexpected{expected};
        }
        target.address = endpoint->address;
        target.port = endpoint->port;
        return target;
    }
};

}  // namespace

KeyNames key_names(const std::vector<zone::SignatureKey>& keys,
                   const std::vector<zone::SignatureKey>& more) {
    KeyNames names;
    for (const auto* each : {&keys, &more}) {
        for (const zone::SignatureKey& key : *each) {
            names.push_back(key.name);
        }
    }
    return names;
}

void read_secondaries(Section& section, const KeyNames& keys, zone::Secondaries& secondaries) {
    section.list("transfer", secondaries.transfer, {0, kPeersMax}, SpelledTransferPeer{keys});
    section.list("notify", secondaries.notify, {0, kPeersMax}, SpelledNotifyTarget{keys});
}

void read_catalog(Section section, Settings& settings) {
    if (!section.exists()) {
        return;
    }
    CatalogSettings catalog;
    section.require("origin", "origin = \"catalog.example.org\"");
    section.value("origin", catalog.origin, spelled_name);
    catalog.line = section.at_key("origin").line;
    read_secondaries(section, key_names(settings.tsig_keys, {}), catalog.secondaries);
    section.finish();
    if (!catalog.origin.is_root()) {
        settings.catalog = std::move(catalog);
    }
}

}  // namespace ostrakon::config
