// What a transfer sends, record by record: a whole zone (RFC 5936 §2.2), or what has changed in it
// (RFC 1995 §4).
#pragma once

#include "ostrakon/transfer/difference.hpp"
#include "ostrakon/transfer/zone_records.hpp"

#include <memory>
#include <vector>

namespace ostrakon::transfer {

class RecordSource {
public:
    virtual ~RecordSource() = default;
    /// Gives the next record; false at the end.
    virtual bool next(Record& record) = 0;
    /// Whether all that was given could be read; to be asked at the end, before the last message
    /// goes out.
    virtual Result<Done> check() const = 0;
};

/// The SOA, all records, the digest where the zone has one, the SOA once more.
class WholeZone : public RecordSource {
public:
    explicit WholeZone(std::unique_ptr<Contents> contents);
    bool next(Record& record) override;
    Result<Done> check() const override { return contents_->check(); }

    std::uint32_t serial() const { return contents_->serial(); }

private:
    enum class Stage : std::uint8_t { Begin, Records, Digest, End, Done };
    std::unique_ptr<Contents> contents_;
    ZoneRecords records_;
    Stage stage_ = Stage::Begin;
};

/// Differences, each ending where the next begins.
using Differences = std::vector<std::shared_ptr<const Difference>>;

/// The newest SOA; of each difference the SOA that it begins with, what was removed, the SOA that
/// it ends with, what was added; the newest SOA once more. Without differences the newest SOA
/// alone, once: there is nothing newer.
class ChangesOfZone : public RecordSource {
public:
    /// Borrows the zone. `serial` is the newest.
    ChangesOfZone(const zone::Zone& zone, std::uint32_t serial, Differences differences);
    bool next(Record& record) override;
    Result<Done> check() const override { return Done{}; }

private:
    enum class Stage : std::uint8_t { Begin, Old, Removed, New, Added, End, Done };
    bool step(Record& record);
    void go_to(Stage stage) { stage_ = stage, next_record_ = 0; }

    const zone::Zone& zone_;
    std::uint32_t serial_;
    Differences differences_;
    std::size_t difference_ = 0;
    std::size_t next_record_ = 0;
    Stage stage_ = Stage::Begin;
};

}  // namespace ostrakon::transfer
