// Property: any bytes as a file of zones/ are a zone that can be served, or refused with places.
//
// Of a zone that was read, every text expands within its bounds, and respond() can be prepared for
// it.
#include "config_file.hpp"
#include "target.hpp"

#include "ostrakon/config/settings.hpp"
#include "ostrakon/responder/respond.hpp"

#include <array>
#include <memory>

namespace {

using namespace ostrakon;
using fuzz::require;

constexpr std::string_view kSettings = R"([classes]
phish = "127.0.0.7"
[web]
url = "https://bl.example.org"
[[feed]]
name = "sample"
url = "https://feeds.example.net/list.txt"
format = "plain"
every = "1h"
[[tsig]]
name = "partner"
algorithm = "hmac-sha256"
secret_file = "partner.key"
)";

void check_texts(const zone::Zone& zone) {
    const std::string longest(2000, 'x');
    const zone::TextValues values{.subject = longest,
                                  .query = longest,
                                  .listing_class = longest,
                                  .source = longest,
                                  .zone = longest,
                                  .reason = longest,
                                  .since = longest,
                                  .until = longest,
                                  .id = longest,
                                  .url = longest,
                                  .removal = longest};
    std::array<char, zone::kTextSizeMax> text{};
    for (const auto& [name, pattern] : zone.texts) {
        require(pattern.expand(values, text) <= zone::kTextSizeMax &&
                    pattern.expand({}, text) <= zone::kTextSizeMax,
                "a text keeps its bounds");
    }
}

void check(const zone::Zone& zone) {
    require(!zone.name.empty() && !zone.origin.is_root(), "a zone has an origin");
    require(!zone.ns.empty(), "a zone has a name server");
    require(zone.ttl_s > 0 && zone.ns_ttl_s > 0, "TTLs of records");
    require(!zone.classes.empty() && !zone.sources.empty(), "a zone selects something");
    for (const zone::AddressRecords& records : zone.addresses) {
        require(records.owner.is_at_or_below(zone.origin), "[a] lies in the zone");
    }
    for (const auto& [name, code] : zone.codes) {
        require(code.bits >> 24 == 127, "a code lies in 127/8");
    }
    check_texts(zone);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const fuzz::ConfigFile file{"zones/sample.toml"};
    static const auto settings = file.settings(kSettings);
    file.write(fuzz::as_text(bytes, size));
    auto zones = config::read_zones(settings);
    if (!zones) {
        fuzz::require_places(zones.error(), file.directory());
        return 0;
    }
    auto rulebook = std::make_shared<verdict::Rulebook>();
    for (zone::Zone& zone : zones->zones) {
        check(zone);
        rulebook->zones.push_back(std::move(zone));
    }
    require(rulebook->zones.size() == 1, "one file, one zone");
    const responder::Site site{rulebook, {}};
    return 0;
}
