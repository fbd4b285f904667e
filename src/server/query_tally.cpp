#include "ostrakon/server/query_tally.hpp"

namespace ostrakon::server {

QueryTally::QueryTally() : blocks_(kZonesMax) {
    blocks_[0] = std::make_unique<Block>();
    zones_ = {block_of(kNoZone)};
}

QueryTally::Block* QueryTally::block_of(std::string_view zone) {
    const std::size_t next = rows_.size();
    if (next < blocks_.size() && blocks_[next] == nullptr) {
        blocks_[next] = std::make_unique<Block>();
        blocks_[next]->row = next;
    }
    return blocks_[rows_.number_of(zone)].get();
}

void QueryTally::adopt(const std::vector<zone::Zone>& zones) {
    zones_.resize(1);
    for (const zone::Zone& zone : zones) {
        zones_.push_back(block_of(zone.name));
    }
}

}  // namespace ostrakon::server
