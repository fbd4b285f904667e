#include "record_queue.hpp"

#include "ostrakon/zone/text_template.hpp"

#include <array>
#include <utility>

namespace ostrakon::transfer {
namespace {

using dns::RecordType;

std::string rdata_of(net::Ipv4 address) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<std::uint8_t>(address.bits >> shift));
    }
    return bytes;
}

std::string rdata_of(net::Ipv6 address) {
    const auto bytes = net::to_bytes(address);
    return {bytes.begin(), bytes.end()};
}

// RFC 1035 §3.3.14
std::string rdata_of_text(std::string_view text) {
    std::array<std::size_t, 4> lengths{};
    const std::size_t count = zone::split_character_strings(text, lengths);
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        bytes += static_cast<char>(static_cast<std::uint8_t>(lengths[i]));
        bytes += text.substr(0, lengths[i]);
        text.remove_prefix(lengths[i]);
    }
    return bytes;
}

void append_number(std::string& bytes, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<std::uint8_t>(number >> shift));
    }
}

}  // namespace

Record soa_record(const Contents& contents) {
    return soa_record(contents.zone(), contents.serial());
}

Record soa_record(const zone::Zone& zone, std::uint32_t serial) {
    std::string rdata{zone.ns.front().wire()};
    rdata += zone.contact.wire();
    for (const std::uint32_t number :
         {serial, zone.soa.refresh_s, zone.soa.retry_s, zone.soa.expire_s, zone.negative_ttl_s}) {
        append_number(rdata, number);
    }
    return {"", RecordType::Soa, zone.ns_ttl_s, std::move(rdata)};
}

RecordQueue::RecordQueue(const Contents& contents)
    : contents_(contents),
      owner_size_max_(dns::kNameSizeMax - contents.zone().origin.wire().size()) {}

Record RecordQueue::take() {
    Record record = std::move(records_.front());
    records_.pop_front();
    return record;
}

void RecordQueue::add(std::string owner, RecordType type, std::uint32_t ttl_s, std::string rdata) {
    records_.push_back({std::move(owner), type, ttl_s, std::move(rdata)});
}

void RecordQueue::add_answer(const std::string& owner, const Answer& answer) {
    if (owner.size() > owner_size_max_ || !contents_.fixed_nodes().is_free(owner)) {
        return;
    }
    const std::uint32_t ttl_s = std::max(1U, contents_.zone().ttl_s);
    for (const net::Ipv4 code : answer.codes) {
        add(owner, RecordType::A, ttl_s, rdata_of(code));
    }
    for (const std::string& text : answer.texts) {
        add(owner, RecordType::Txt, ttl_s, rdata_of_text(text));
    }
}

void RecordQueue::add_fixed(const std::string& owner, const FixedNode& node) {
    for (const std::string& server : node.ns) {
        add(owner, RecordType::Ns, node.ns_ttl_s, server);
    }
    for (const net::Ipv4 address : node.a) {
        add(owner, RecordType::A, node.ttl_s, rdata_of(address));
    }
    for (const net::Ipv6 address : node.aaaa) {
        add(owner, RecordType::Aaaa, node.ttl_s, rdata_of(address));
    }
}

void RecordQueue::add_placeholder(std::string owner) {
    if (owner.size() <= owner_size_max_ && contents_.fixed_nodes().is_free(owner)) {
        std::string rdata;
        for (const std::string_view word : {"not", "listed"}) {
            rdata += static_cast<char>(word.size());
            rdata += word;
        }
        add(std::move(owner), kPlaceholderType, std::max(1U, contents_.zone().ttl_s),
            std::move(rdata));
    }
}

}  // namespace ostrakon::transfer
