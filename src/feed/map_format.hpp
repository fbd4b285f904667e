// What a map format is to the registry in map.cpp, and what the formats share: where ranges go.
#pragma once

#include "format.hpp"
#include "ostrakon/feed/map.hpp"
#include "ostrakon/net/origin.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::feed {

/// Takes what a map format finds, and holds the bounds.
class MapCollector {
public:
    explicit MapCollector(policy::MapContents& contents) : contents_(contents) {}

    void add(const net::AddressRange& range, const net::Origin& origin);
    void reject(std::uint32_t line, std::string_view text, std::string_view why);
    void note(std::string text) { contents_.notes.push_back(std::move(text)); }
    void set_date(UnixTime date) { contents_.date = date; }
    /// One more line or record was looked at.
    void count() { ++contents_.read; }
    /// Whether kEntriesMax is reached.
    bool is_full() const { return contents_.size() >= kEntriesMax; }
    std::size_t size() const { return contents_.size(); }

private:
    policy::MapContents& contents_;
};

/// Reads a whole document into ranges; the error refuses it as a whole.
using MapReader = Result<Done> (*)(const Document& document, MapCollector& collector);

Result<Done> read_mmdb(const Document& document, MapCollector& collector);
Result<Done> read_rir(const Document& document, MapCollector& collector);
Result<Done> read_range_csv(const Document& document, MapCollector& collector);
Result<Done> read_asn_tsv(const Document& document, MapCollector& collector);
Result<Done> read_pfx2as(const Document& document, MapCollector& collector);
Result<Done> read_geolite_csv(const Document& document, MapCollector& collector);

/// Whether the bytes have what an MMDB ends in.
bool has_mmdb_metadata(std::string_view bytes);
/// Whether a line is the first of a delegated file.
bool is_rir_version_line(std::string_view line);

/// The range from one field to another: addresses, or numbers as IP2Location and others write them.
/// The error says what is wrong with it.
Expected<net::AddressRange, std::string> range_of_fields(std::string_view first,
                                                         std::string_view last);

/// The pieces between separators.
std::vector<std::string_view> split_fields(std::string_view text, char separator);

}  // namespace ostrakon::feed
