// The catalog zone (RFC 9432, version 2): which zones there are, for secondaries that configure
// themselves by it.
#pragma once

#include "ostrakon/transfer/record_source.hpp"

#include <vector>

namespace ostrakon::transfer {

/// All records of the catalog, as WholeZone gives those of a zone. Every zone is a member, under a
/// label that is made of its origin and stays the same.
class CatalogZone : public RecordSource {
public:
    /// `catalog` has the origin, name servers and SOA; it and the zones are borrowed.
    CatalogZone(const zone::Zone& catalog, const std::vector<zone::Zone>& zones,
                std::uint32_t serial);
    bool next(Record& record) override;
    Result<Done> check() const override { return Done{}; }

private:
    std::vector<Record> records_;
    std::size_t next_ = 0;
};

}  // namespace ostrakon::transfer
