// Records that have been made and not been taken yet.
#pragma once

#include "ostrakon/transfer/zone_records.hpp"

#include <deque>
#include <string_view>

namespace ostrakon::transfer {

class RecordQueue {
public:
    explicit RecordQueue(const Contents& contents);

    bool is_empty() const { return records_.empty(); }
    Record take();

    void add(std::string owner, dns::RecordType type, std::uint32_t ttl_s, std::string rdata);
    /// What is answered at a listed name; nothing where the configuration has something else, or
    /// where the whole name would be too long to be asked for.
    void add_answer(const std::string& owner, const Answer& answer);
    /// What the configuration puts there.
    void add_fixed(const std::string& owner, const FixedNode& node);
    /// A record that says nothing, so that the name exists.
    void add_placeholder(std::string owner);

private:
    const Contents& contents_;
    std::size_t owner_size_max_;
    std::deque<Record> records_;
};

}  // namespace ostrakon::transfer
