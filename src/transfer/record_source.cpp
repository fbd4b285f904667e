#include "ostrakon/transfer/record_source.hpp"

#include "ostrakon/transfer/zone_digest.hpp"

#include <utility>

namespace ostrakon::transfer {

WholeZone::WholeZone(std::unique_ptr<Contents> contents)
    : contents_(std::move(contents)), records_(*contents_) {}

bool WholeZone::next(Record& record) {
    switch (stage_) {
        case Stage::Begin:
            record = soa_record(*contents_);
            stage_ = Stage::Records;
            return true;
        case Stage::Records:
            if (records_.next(record)) {
                return true;
            }
            stage_ = Stage::Digest;
            [[fallthrough]];
        case Stage::Digest:
            stage_ = Stage::End;
            if (contents_->zone().secondaries.has_digest) {
                record = digest_record(*contents_);
                return true;
            }
            [[fallthrough]];
        case Stage::End:
            record = soa_record(*contents_);
            stage_ = Stage::Done;
            return true;
        case Stage::Done:
            break;
    }
    return false;
}

ChangesOfZone::ChangesOfZone(const zone::Zone& zone, std::uint32_t serial, Differences differences)
    : zone_(zone), serial_(serial), differences_(std::move(differences)) {}

bool ChangesOfZone::next(Record& record) {
    while (stage_ != Stage::Done) {
        if (step(record)) {
            return true;
        }
    }
    return false;
}

// Gives a record and true, or goes on to the next stage.
bool ChangesOfZone::step(Record& record) {
    const auto soa_and_go_to = [&](std::uint32_t serial, Stage stage) {
        record = soa_record(zone_, serial);
        go_to(stage);
        return true;
    };
    const auto record_or_go_to = [&](const std::vector<Record>& records, Stage stage) {
        if (next_record_ == records.size()) {
            go_to(stage);
            return false;
        }
        record = records[next_record_++];
        return true;
    };
    const Difference* const difference =
        difference_ < differences_.size() ? differences_[difference_].get() : nullptr;
    switch (stage_) {
        case Stage::Begin:
            return soa_and_go_to(serial_, difference == nullptr ? Stage::Done : Stage::Old);
        case Stage::Old:
            return soa_and_go_to(difference->from, Stage::Removed);
        case Stage::Removed:
            return record_or_go_to(difference->removed, Stage::New);
        case Stage::New:
            return soa_and_go_to(difference->to, Stage::Added);
        case Stage::Added:
            if (record_or_go_to(difference->added, Stage::Old)) {
                return true;
            }
            if (++difference_ == differences_.size()) {
                go_to(Stage::End);
            }
            return false;
        case Stage::End:
            return soa_and_go_to(serial_, Stage::Done);
        case Stage::Done:
            break;
    }
    return false;
}

}  // namespace ostrakon::transfer
