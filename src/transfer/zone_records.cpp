#include "ostrakon/transfer/zone_records.hpp"

#include "address_records.hpp"
#include "name_records.hpp"
#include "record_queue.hpp"

namespace ostrakon::transfer {

struct ZoneRecords::State {
    explicit State(Contents& from)
        : contents(from), queue(from), ipv4(from, queue), ipv6(from, queue), names(from, queue) {
        const zone::Zone& zone = contents.zone();
        for (const dns::Name& server : zone.ns) {
            queue.add("", dns::RecordType::Ns, zone.ns_ttl_s, std::string{server.wire()});
        }
        for (const auto& [owner, node] : contents.fixed_nodes().nodes()) {
            queue.add_fixed(owner, node);
        }
    }

    Contents& contents;
    RecordQueue queue;
    AddressRecords<net::Ipv4> ipv4;
    AddressRecords<net::Ipv6> ipv6;
    NameRecords names;
};

ZoneRecords::ZoneRecords(Contents& contents) : state_(new State{contents}) {}
ZoneRecords::~ZoneRecords() = default;

bool ZoneRecords::next(Record& record) {
    State& state = *state_;
    const bool has_record = !state.queue.is_empty() || state.ipv4.make_some() ||
                            state.ipv6.make_some() || state.names.make_some();
    if (has_record) {
        record = state.queue.take();
    }
    return has_record;
}

}  // namespace ostrakon::transfer
