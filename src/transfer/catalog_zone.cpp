#include "ostrakon/transfer/catalog_zone.hpp"

#include "ostrakon/policy/content_hash.hpp"

#include <fmt/format.h>

#include <string_view>

namespace ostrakon::transfer {
namespace {

constexpr dns::RecordType kPtr{12};
constexpr std::string_view kVersionOwner{"\7version", 8};
constexpr std::string_view kVersionText{
    "\1"
    "2",
    2};
constexpr std::string_view kZonesLabel{"\5zones", 6};

// RFC 9432 §4.1, §4.3. Zones of one site do not collide.
std::string member_owner(const zone::Zone& zone) {
    const std::string label = fmt::format("{:016x}", policy::content_hash(zone.origin.wire()));
    return static_cast<char>(label.size()) + label + std::string{kZonesLabel};
}

}  // namespace

CatalogZone::CatalogZone(const zone::Zone& catalog, const std::vector<zone::Zone>& zones,
                         std::uint32_t serial) {
    records_.push_back(soa_record(catalog, serial));
    for (const dns::Name& server : catalog.ns) {
        records_.push_back({"", dns::RecordType::Ns, catalog.ns_ttl_s, std::string{server.wire()}});
    }
    records_.push_back({std::string{kVersionOwner}, dns::RecordType::Txt, catalog.ns_ttl_s,
                        std::string{kVersionText}});
    for (const zone::Zone& zone : zones) {
        records_.push_back(
            {member_owner(zone), kPtr, catalog.ns_ttl_s, std::string{zone.origin.wire()}});
    }
    records_.push_back(records_.front());
}

bool CatalogZone::next(Record& record) {
    if (next_ == records_.size()) {
        return false;
    }
    record = records_[next_++];
    return true;
}

}  // namespace ostrakon::transfer
