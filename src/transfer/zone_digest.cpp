#include "ostrakon/transfer/zone_digest.hpp"

#include "ostrakon/dns/labels.hpp"

#include <sha2.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ostrakon::transfer {
namespace {

constexpr std::uint8_t kSchemeSimple = 1;
constexpr std::uint8_t kHashSha384 = 1;
constexpr char kEscape = 1;

void append_number(std::string& bytes, std::uint32_t number, int size) {
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<std::uint8_t>(number >> shift));
    }
}

// Sorts as names do (RFC 4034 §6.1): label by label from the root, a name before those below it. A
// zero byte ends a label; those in it are escaped so that the order stays.
std::string sort_key(std::string_view owner) {
    std::vector<std::string_view> labels;
    for (dns::Labels rest{owner}; !rest.empty();) {
        labels.push_back(rest.pop_front());
    }
    std::string key;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        for (const char c : *label) {
            if (c == '\0' || c == kEscape) {
                key += kEscape;
                key += static_cast<char>(c + 1);
            } else {
                key += c;
            }
        }
        key += '\0';
    }
    return key;
}

// A record in canonical form (RFC 4034 §6.2), and where it belongs. Names in this zone are lower
// case already.
std::pair<std::string, std::string> canonical(const Record& record, std::string_view origin) {
    std::string key = sort_key(record.owner);
    std::string bytes = record.owner;
    bytes += origin;
    // Behind the owner, records of a name go by type and data: no label is the empty one.
    key += '\0';
    append_number(key, static_cast<std::uint32_t>(record.type), 2);
    key += record.rdata;
    append_number(bytes, static_cast<std::uint32_t>(record.type), 2);
    append_number(bytes, static_cast<std::uint32_t>(dns::RecordClass::In), 2);
    append_number(bytes, record.ttl_s, 4);
    append_number(bytes, static_cast<std::uint32_t>(record.rdata.size()), 2);
    bytes += record.rdata;
    return {std::move(key), std::move(bytes)};
}

}  // namespace

Record digest_record(const zone::Zone& zone, std::uint32_t serial, std::vector<Record> records) {
    records.push_back(soa_record(zone, serial));
    std::vector<std::pair<std::string, std::string>> sorted;
    sorted.reserve(records.size());
    for (const Record& record : records) {
        sorted.push_back(canonical(record, zone.origin.wire()));
    }
    records = {};
    std::sort(sorted.begin(), sorted.end());
    // Of equal records one counts (RFC 8976 §3.3.1).
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    SHA2_CTX digest;
    SHA384Init(&digest);
    for (const auto& [key, bytes] : sorted) {
        SHA384Update(&digest, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    std::array<std::uint8_t, SHA384_DIGEST_LENGTH> hash{};
    SHA384Final(hash.data(), &digest);
    std::string rdata;
    append_number(rdata, serial, 4);
    append_number(rdata, kSchemeSimple, 1);
    append_number(rdata, kHashSha384, 1);
    rdata.append(hash.begin(), hash.end());
    return {"", kDigestType, zone.ns_ttl_s, std::move(rdata)};
}

Record digest_record(Contents& contents) {
    std::vector<Record> records;
    ZoneRecords all{contents};
    for (Record record; all.next(record);) {
        records.push_back(record);
    }
    return digest_record(contents.zone(), contents.serial(), std::move(records));
}

}  // namespace ostrakon::transfer
