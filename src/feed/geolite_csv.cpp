// geolite-csv: GeoLite2 and GeoIP2 as CSV (dev.maxmind.com/geoip/docs/databases). The countries of
// networks stand in two files, which are given one behind the other, the Locations file first:
// cat GeoLite2-Country-Locations-en.csv GeoLite2-Country-Blocks-IPv*.csv. The ASN file is whole by
// itself. Columns are found by their names, since makers append some.
#include "csv_map.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kLocationsMax = 1'000'000;  // GeoLite2 City has 130 thousand

enum class GeoFile : std::uint8_t { None, Locations, CountryBlocks, AsBlocks };

std::optional<std::uint32_t> geoname_id(std::string_view text) {
    std::uint32_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{id}
                                                                    : std::nullopt;
}

class GeoliteReader {
public:
    explicit GeoliteReader(MapCollector& collector) : collector_(collector) {}

    Result<Done> read(const Document& document, const CsvRecord& record) {
        if (record.fields.front() == "geoname_id" || record.fields.front() == "network") {
            return read_header(document, record);
        }
        if (file_ == GeoFile::None) {
            return refuse(fmt::format("{}:{}", document.file, record.line),
                          "does not name its columns, as files of GeoLite2 do",
                          "give the files as they are, with their first lines");
        }
        if (!record.mistake.empty() || record.fields.size() < columns_) {
            collector_.count();
            collector_.reject(record.line, record.text,
                              record.mistake.empty() ? "has too few columns" : record.mistake);
        } else if (file_ == GeoFile::Locations) {
            return read_location(document, record);
        } else {
            read_block(record);
        }
        return Done{};
    }

private:
    Result<Done> read_header(const Document& document, const CsvRecord& record) {
        const auto column = [&record](std::string_view name) {
            const auto found = std::find(record.fields.begin(), record.fields.end(), name);
            return found == record.fields.end()
                       ? std::nullopt
                       : std::optional{static_cast<std::size_t>(found - record.fields.begin())};
        };
        columns_ = record.fields.size();
        if (const auto as_number = column("autonomous_system_number")) {
            file_ = GeoFile::AsBlocks;
            value_ = *as_number;
            return Done{};
        }
        const auto country = column("country_iso_code");
        if (record.fields.front() == "geoname_id" && country) {
            file_ = GeoFile::Locations;
            value_ = *country;
            return Done{};
        }
        const auto place = column("geoname_id");
        const auto registered = column("registered_country_geoname_id");
        if (record.fields.front() != "network" || !place || !registered) {
            return refuse(fmt::format("{}:{}", document.file, record.line),
                          "names other columns than GeoLite2's files of countries and AS numbers",
                          "");
        }
        if (countries_.empty()) {
            return refuse(
                fmt::format("{}:{}", document.file, record.line),
                "has networks whose countries stand in another file",
                "give both, that one first: cat ...-Locations-en.csv ...-Blocks-IPv4.csv");
        }
        file_ = GeoFile::CountryBlocks;
        value_ = *place;
        registered_ = *registered;
        return Done{};
    }

    Result<Done> read_location(const Document& document, const CsvRecord& record) {
        const auto id = geoname_id(record.fields.front());
        if (!id) {
            collector_.count();
            collector_.reject(record.line, record.text, "has no geoname_id");
            return Done{};
        }
        if (countries_.size() >= kLocationsMax) {
            return refuse(document.file, fmt::format("has more than {} places", kLocationsMax), "");
        }
        // A continent, or a place that is in no country.
        countries_[*id] = net::parse_country(record.fields[value_]);
        return Done{};
    }

    void read_block(const CsvRecord& record) {
        collector_.count();
        const auto range = net::parse_range(record.fields.front());
        if (!range) {
            collector_.reject(record.line, record.text, "does not begin with a prefix");
            return;
        }
        if (file_ == GeoFile::AsBlocks) {
            const auto origin = net::parse_as_number(record.fields[value_]);
            if (origin) {
                collector_.add(*range, *origin);
            } else {
                collector_.reject(record.line, record.text, "has no AS number");
            }
            return;
        }
        const std::string& place = record.fields[value_];
        const std::string& said = place.empty() ? record.fields[registered_] : place;
        if (said.empty()) {
            return;  // nobody knows
        }
        const auto id = geoname_id(said);
        const auto known = id ? countries_.find(*id) : countries_.end();
        if (known == countries_.end()) {
            collector_.reject(record.line, record.text, "is of a place that no Locations file has");
        } else if (known->second) {
            collector_.add(*range, *known->second);
        }
    }

    MapCollector& collector_;
    GeoFile file_ = GeoFile::None;
    std::size_t columns_ = 0;
    std::size_t value_ = 0;
    std::size_t registered_ = 0;
    std::unordered_map<std::uint32_t, std::optional<net::Origin>> countries_;
};

}  // namespace

Result<Done> read_geolite_csv(const Document& document, MapCollector& collector) {
    GeoliteReader geolite{collector};
    return for_each_csv_row(document, collector, [&](const CsvRecord& record) {
        return geolite.read(document, record);
    });
}

}  // namespace ostrakon::feed
