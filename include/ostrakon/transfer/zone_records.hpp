// A zone as DNS records, one after the other: what a transfer sends, and a master file holds.
//
// Listed blocks of addresses, and what lies below listed names, are wildcards (RFC 4592). As an
// existing name hides the wildcard above it, record and wildcard stand again at every node on the
// way to something finer. What is not listed has no record, so that the block around it is split;
// only a name that is not listed below one that is has a record that says nothing (HINFO). All of
// it in bounded memory; no order is promised. The SOA is the caller's to place.
#pragma once

#include "ostrakon/dns/name.hpp"
#include "ostrakon/dns/protocol.hpp"
#include "ostrakon/transfer/contents.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ostrakon::transfer {

/// The type of the record at a name that is not listed, where a wildcard would list it.
inline constexpr dns::RecordType kPlaceholderType{13};  // HINFO

struct Record {
    std::string owner;  ///< Labels in wire form, relative to the origin, without the root's zero
                        ///< byte; empty: the origin.
    dns::RecordType type{};
    std::uint32_t ttl_s = 0;
    std::string rdata;  ///< As it goes out; names in it are absolute and not compressed.
    friend auto operator<=>(const Record&, const Record&) = default;
};

/// The zone's SOA with this serial.
Record soa_record(const zone::Zone& zone, std::uint32_t serial);
/// With the serial of the contents.
Record soa_record(const Contents& contents);

class ZoneRecords {
public:
    /// The contents outlive it.
    explicit ZoneRecords(Contents& contents);
    ~ZoneRecords();

    /// Gives the next record, all but the SOA; false at the end. Whether all could be read is to be
    /// asked of the contents then.
    bool next(Record& record);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::transfer
