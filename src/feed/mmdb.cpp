// mmdb: the databases of MaxMind, DB-IP and others, for AS numbers and countries, through
// libmaxminddb.
//
// The library opens files alone, and a confined reader can open none: opening, which is finding the
// parts of the file, is done here. Nor has it a walk over all networks: the tree is walked here,
// with bounds, since a damaged one may be no tree.
#include "map_format.hpp"
#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <maxminddb.h>
#include <algorithm>
#include <unordered_map>

namespace ostrakon::feed {
namespace {

constexpr std::string_view kMetadataMark = "\xAB\xCD\xEFMaxMind.com";
constexpr std::size_t kMetadataSizeMax = 128UL * 1024;  // where the mark is looked for
constexpr int kIpv4Depth = 96;                          // of ::/96, in a tree of IPv6
constexpr std::uint64_t kVisitsPerNodeMax = 4;          // one is enough, save for shared parts
constexpr std::size_t kRecordsMax = 1U << 20;           // different ones
constexpr std::string_view kMmdbRemedy = "get it again";

// A database whose parts were found in its bytes, which outlive it.
struct OpenMmdb {
    MMDB_s mmdb{};
    std::string kind;  // "GeoLite2-ASN"
};

// The metadata are a map, as the records are, that stands by itself behind the last mark.
class MmdbMetadata {
public:
    explicit MmdbMetadata(std::string_view bytes) {
        section_.data_section = reinterpret_cast<const std::uint8_t*>(bytes.data());
        section_.data_section_size = static_cast<std::uint32_t>(bytes.size());
    }

    /// Whether they are there to their end: looking for what they do not have goes through all.
    bool is_whole() const {
        MMDB_entry_data_s data{};
        return look_up("", data) == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR;
    }
    std::uint64_t number(const char* name) const {
        const MMDB_entry_data_s data = value(name);
        switch (data.type) {
            case MMDB_DATA_TYPE_UINT16:
                return data.uint16;
            case MMDB_DATA_TYPE_UINT32:
                return data.uint32;
            case MMDB_DATA_TYPE_UINT64:
                return data.uint64;
            default:
                return 0;
        }
    }
    std::string text(const char* name) const {
        const MMDB_entry_data_s data = value(name);
        return data.type == MMDB_DATA_TYPE_UTF8_STRING
                   ? std::string{data.utf8_string, data.data_size}
                   : std::string{};
    }

private:
    int look_up(const char* name, MMDB_entry_data_s& data) const {
        MMDB_entry_s start{&section_, 0};
        const std::array<const char*, 2> path{name, nullptr};
        return MMDB_aget_value(&start, &data, path.data());
    }
    // Of no type where it is missing.
    MMDB_entry_data_s value(const char* name) const {
        MMDB_entry_data_s data{};
        const bool is_found = look_up(name, data) == MMDB_SUCCESS && data.has_data;
        return is_found ? data : MMDB_entry_data_s{};
    }

    MMDB_s section_{};
};

// What MMDB_open does with a file that it has mapped.
Expected<OpenMmdb, int> open_mmdb(std::string_view bytes) {
    constexpr std::uint64_t kSeparatorSize = 16;  // between tree and data, by the format
    constexpr std::uint64_t kSectionSizeMin = 3;  // which the library relies on
    const std::size_t mark = bytes.rfind(kMetadataMark);
    const std::string_view section = bytes.substr(mark + kMetadataMark.size());
    if (section.size() < kSectionSizeMin) {
        return Unexpected{MMDB_INVALID_METADATA_ERROR};
    }
    const MmdbMetadata metadata{section};
    if (!metadata.is_whole()) {
        return Unexpected{MMDB_INVALID_METADATA_ERROR};
    }
    const std::uint64_t record_size = metadata.number("record_size");
    const std::uint64_t ip_version = metadata.number("ip_version");
    const std::uint64_t node_count = metadata.number("node_count");
    const bool is_sound = (record_size == 24 || record_size == 28 || record_size == 32) &&
                          (ip_version == 4 || ip_version == 6) && node_count > 0 &&
                          node_count <= bytes.size();
    if (!is_sound) {
        return Unexpected{MMDB_INVALID_METADATA_ERROR};
    }
    if (metadata.number("binary_format_major_version") != 2) {
        return Unexpected{MMDB_UNKNOWN_DATABASE_FORMAT_ERROR};
    }
    const std::uint64_t node_size = record_size * 2 / 8;
    const std::uint64_t data_at = node_count * node_size + kSeparatorSize;
    if (data_at + kSectionSizeMin > bytes.size()) {
        return Unexpected{MMDB_INVALID_METADATA_ERROR};
    }
    OpenMmdb opened{{}, metadata.text("database_type")};
    MMDB_s& mmdb = opened.mmdb;
    mmdb.file_content = reinterpret_cast<const std::uint8_t*>(bytes.data());
    mmdb.file_size = static_cast<ssize_t>(bytes.size());
    mmdb.data_section = mmdb.file_content + data_at;
    mmdb.data_section_size = static_cast<std::uint32_t>(bytes.size() - data_at);
    mmdb.full_record_byte_size = static_cast<std::uint16_t>(node_size);
    mmdb.depth = static_cast<std::uint16_t>(ip_version == 4 ? 32 : 128);
    mmdb.metadata.node_count = static_cast<std::uint32_t>(node_count);
    mmdb.metadata.record_size = static_cast<std::uint16_t>(record_size);
    mmdb.metadata.ip_version = static_cast<std::uint16_t>(ip_version);
    mmdb.metadata.build_epoch = metadata.number("build_epoch");
    return opened;
}

// Numbers by net::OriginKind; 0 where a record says none.
using Origins = std::array<std::uint32_t, 2>;

struct Place {
    std::uint32_t node = 0;
    int depth = 0;
    net::Uint128 prefix = 0;
};

class MmdbReader {
public:
    MmdbReader(const Document& document, MapCollector& collector, const OpenMmdb& opened)
        : document_(document), collector_(collector), mmdb_(opened.mmdb), kind_(opened.kind) {}

    Result<Done> read() {
        const std::uint64_t built = mmdb_.metadata.build_epoch;
        constexpr std::uint64_t kYear10000 = 253'402'300'800;
        if (built > 0 && built < kYear10000) {
            collector_.set_date(UnixTime{static_cast<std::int64_t>(built)});
        }
        if (mmdb_.metadata.ip_version == 6) {
            find_ipv4_root();
        }
        places_.push_back({});
        std::uint64_t visits = 0;
        const std::uint64_t visits_max =
            kVisitsPerNodeMax * mmdb_.metadata.node_count + kVisitsPerNodeMax;
        while (!places_.empty() && !collector_.is_full()) {
            const Place place = places_.back();
            places_.pop_back();
            if (++visits > visits_max) {
                return damaged("its search tree is no tree");
            }
            if (auto visited = visit(place); !visited) {
                return visited;
            }
        }
        if (collector_.size() == 0) {
            return refuse(
                document_.file,
                fmt::format("is a database of kind \"{}\" and knows neither AS numbers nor "
                            "countries",
                            printable(kind_, kRejectTextSizeMax)),
                "take one of AS numbers or countries, as GeoLite2-ASN");
        }
        return Done{};
    }

private:
    Unexpected<Error> damaged(std::string_view why) const {
        return refuse(document_.file, fmt::format("is a damaged MMDB: {}", why),
                      std::string{kMmdbRemedy});
    }
    int width() const { return mmdb_.metadata.ip_version == 6 ? 128 : 32; }

    // The node of ::/96, which other parts of the tree lead to as well.
    void find_ipv4_root() {
        std::uint32_t node = 0;
        for (int depth = 0; depth < kIpv4Depth; ++depth) {
            MMDB_search_node_s found{};
            if (MMDB_read_node(&mmdb_, node, &found) != MMDB_SUCCESS ||
                found.left_record_type != MMDB_RECORD_TYPE_SEARCH_NODE) {
                return;
            }
            node = static_cast<std::uint32_t>(found.left_record);
        }
        ipv4_root_ = node;
    }

    Result<Done> visit(const Place& place) {
        MMDB_search_node_s node{};
        if (const int rc = MMDB_read_node(&mmdb_, place.node, &node); rc != MMDB_SUCCESS) {
            return damaged(MMDB_strerror(rc));
        }
        for (const bool right : {true, false}) {  // the left one is then taken off first
            const int depth = place.depth + 1;
            const net::Uint128 prefix =
                place.prefix | (right ? net::Uint128{1} << (width() - depth) : 0);
            const std::uint64_t record = right ? node.right_record : node.left_record;
            MMDB_entry_s& entry = right ? node.right_record_entry : node.left_record_entry;
            switch (right ? node.right_record_type : node.left_record_type) {
                case MMDB_RECORD_TYPE_SEARCH_NODE: {
                    const auto child = static_cast<std::uint32_t>(record);
                    const bool is_alias =
                        ipv4_root_ == child && !(depth == kIpv4Depth && prefix == 0);
                    if (depth >= width()) {
                        return damaged("its search tree is deeper than an address is long");
                    }
                    if (!is_alias) {
                        places_.push_back({child, depth, prefix});
                    }
                    break;
                }
                case MMDB_RECORD_TYPE_EMPTY:
                    break;
                case MMDB_RECORD_TYPE_DATA:
                    if (auto taken = take(depth, prefix, record, entry); !taken) {
                        return taken;
                    }
                    break;
                default:
                    return damaged("a part of its search tree leads nowhere");
            }
        }
        return Done{};
    }

    Result<Done> take(int depth, net::Uint128 prefix, std::uint64_t record, MMDB_entry_s& entry) {
        collector_.count();
        const auto known = records_.find(record);
        Origins origins{};
        if (known != records_.end()) {
            origins = known->second;
        } else {
            if (records_.size() >= kRecordsMax) {
                return damaged("it has more different records than can be");
            }
            auto read = origins_of(entry);
            if (!read) {
                return Unexpected{std::move(read.error())};
            }
            origins = *read;
            records_.emplace(record, origins);
        }
        for (const net::OriginKind kind : net::kOriginKinds) {
            const net::Origin origin{kind, origins[static_cast<std::size_t>(kind)]};
            if (origin.number != 0) {
                add(depth, prefix, origin);
            }
        }
        return Done{};
    }

    void add(int depth, net::Uint128 prefix, const net::Origin& origin) {
        if (width() == net::Ipv4::kWidth) {
            collector_.add(net::prefix(net::Ipv4{static_cast<std::uint32_t>(prefix)}, depth),
                           origin);
            return;
        }
        if (prefix >> net::Ipv4::kWidth == 0) {  // ::/96 is the IPv4 space, or a wider one has it
            collector_.add(net::prefix(net::Ipv4{static_cast<std::uint32_t>(prefix)},
                                       std::max(0, depth - kIpv4Depth)),
                           origin);
        }
        if (prefix >> net::Ipv4::kWidth != 0 || depth < kIpv4Depth) {
            collector_.add(net::prefix(net::Ipv6{prefix}, depth), origin);
        }
    }

    // A value of a record; nothing where it does not have it.
    Result<std::optional<MMDB_entry_data_s>> value_at(MMDB_entry_s& entry,
                                                      const char* const* path) const {
        MMDB_entry_data_s data{};
        const int rc = MMDB_aget_value(&entry, &data, path);
        if (rc == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR ||
            (rc == MMDB_SUCCESS && !data.has_data)) {
            return std::optional<MMDB_entry_data_s>{};
        }
        if (rc != MMDB_SUCCESS) {
            return damaged(MMDB_strerror(rc));
        }
        return std::optional{data};
    }

    static std::string_view text_of(const MMDB_entry_data_s& data) {
        return data.type == MMDB_DATA_TYPE_UTF8_STRING
                   ? std::string_view{data.utf8_string, data.data_size}
                   : std::string_view{};
    }
    static std::uint32_t as_of(const MMDB_entry_data_s& data) {
        if (data.type == MMDB_DATA_TYPE_UINT32) {
            return data.uint32;
        }
        const auto read = net::parse_as_number(text_of(data));
        return read ? read->number : 0;
    }
    static std::uint32_t country_of(const MMDB_entry_data_s& data) {
        const auto read = net::parse_country(text_of(data));
        return read && text_of(data) != "ZZ" ? read->number : 0;
    }

    // What makers call them, best first.
    Result<Origins> origins_of(MMDB_entry_s& entry) const {
        using Path = std::array<const char*, 3>;
        static constexpr std::array<Path, 3> kAsPaths{
            {{"autonomous_system_number", nullptr},
             {"traits", "autonomous_system_number", nullptr},
             {"asn", nullptr}}};
        static constexpr std::array<Path, 4> kCountryPaths{
            {{"country", "iso_code", nullptr},
             {"registered_country", "iso_code", nullptr},
             {"country_code", nullptr},
             {"country", nullptr}}};
        Origins origins{};
        const auto look = [&](const auto& paths, auto number_of,
                              std::uint32_t& number) -> Result<Done> {
            for (const Path& path : paths) {
                const auto data = value_at(entry, path.data());
                if (!data) {
                    return Unexpected{data.error()};
                }
                number = *data ? number_of(**data) : 0;
                if (number != 0) {
                    break;
                }
            }
            return Done{};
        };
        if (auto found = look(kAsPaths, as_of, origins[0]); !found) {
            return Unexpected{std::move(found.error())};
        }
        if (auto found = look(kCountryPaths, country_of, origins[1]); !found) {
            return Unexpected{std::move(found.error())};
        }
        return origins;
    }

    const Document& document_;
    MapCollector& collector_;
    const MMDB_s& mmdb_;
    const std::string& kind_;
    std::optional<std::uint32_t> ipv4_root_;
    std::vector<Place> places_;
    std::unordered_map<std::uint64_t, Origins> records_;
};

}  // namespace

bool has_mmdb_metadata(std::string_view bytes) {
    const std::size_t looked = std::min(bytes.size(), kMetadataSizeMax);
    return bytes.substr(bytes.size() - looked).find(kMetadataMark) != std::string_view::npos;
}

Result<Done> read_mmdb(const Document& document, MapCollector& collector) {
    if (!has_mmdb_metadata(document.bytes)) {
        return refuse(document.file, "is no MMDB, or its end is missing", std::string{kMmdbRemedy});
    }
    const auto opened = open_mmdb(document.bytes);
    if (!opened) {
        return refuse(document.file,
                      fmt::format("is a damaged MMDB: {}", MMDB_strerror(opened.error())),
                      std::string{kMmdbRemedy});
    }
    return MmdbReader{document, collector, *opened}.read();
}

}  // namespace ostrakon::feed
