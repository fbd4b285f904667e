#include "ostrakon/responder/records.hpp"

#include <array>

namespace ostrakon::responder {
namespace {

using dns::Owner;
using dns::RecordType;
using dns::Section;

// Bytes of an address record whose owner is a pointer.
constexpr std::size_t kARecordSize = 16;
constexpr std::size_t kAaaaRecordSize = 28;

// Adds the addresses of one name server, all of a type or none: half a set would be taken for the
// whole (RFC 2181 §5).
void write_glue(dns::MessageWriter& writer, const Glue& glue) noexcept {
    const Node& node = *glue.node;
    if (node.a.size() * kARecordSize <= writer.room()) {
        for (const net::Ipv4 address : node.a) {
            writer.add_a(Section::Additional, *glue.owner, node.ttl_s, address);
        }
    }
    if (node.aaaa.size() * kAaaaRecordSize <= writer.room()) {
        for (const net::Ipv6 address : node.aaaa) {
            writer.add_aaaa(Section::Additional, *glue.owner, node.ttl_s, address);
        }
    }
}

}  // namespace

void write_codes(Exchange& exchange, std::span<const net::Ipv4> codes,
                 std::uint32_t ttl_s) noexcept {
    for (const net::Ipv4 code : codes) {
        exchange.writer.add_a(Section::Answer, Owner::question(), ttl_s, code);
    }
}

void write_text(Exchange& exchange, std::string_view text, std::uint32_t ttl_s,
                dns::RecordClass record_class) noexcept {
    std::array<std::size_t, 4> lengths{};
    const std::size_t count = zone::split_character_strings(text, lengths);
    std::array<std::string_view, 4> strings;
    for (std::size_t i = 0; i < count; ++i) {
        strings[i] = text.substr(0, lengths[i]);
        text.remove_prefix(lengths[i]);
    }
    exchange.writer.add_txt(Owner::question(), ttl_s, std::span{strings}.first(count),
                            record_class);
}

bool write_addresses(Exchange& exchange, const Node& node) noexcept {
    const RecordType type = exchange.query.type;
    if (!node.a.empty() && (type == RecordType::A || type == RecordType::Any)) {
        for (const net::Ipv4 address : node.a) {
            exchange.writer.add_a(Section::Answer, Owner::question(), node.ttl_s, address);
        }
        return true;
    }
    if (!node.aaaa.empty() && (type == RecordType::Aaaa || type == RecordType::Any)) {
        for (const net::Ipv6 address : node.aaaa) {
            exchange.writer.add_aaaa(Section::Answer, Owner::question(), node.ttl_s, address);
        }
        return true;
    }
    return false;
}

void write_name_servers(Exchange& exchange, const PreparedZone& zone) noexcept {
    for (const dns::Name& server : zone.zone->ns) {
        exchange.writer.add_ns(Section::Answer, Owner::question(), zone.zone->ns_ttl_s, server);
    }
    if (!exchange.writer.has_overflowed()) {
        for (const Glue& glue : zone.glue) {
            write_glue(exchange.writer, glue);
        }
    }
}

void write_soa(Exchange& exchange, const PreparedZone& zone, Section section,
               std::uint32_t ttl_s) noexcept {
    exchange.writer.add_soa(section, exchange.query.name.label_count() - zone.origin_labels, ttl_s,
                            zone.is_retired(exchange.now) ? zone.retired_soa : zone.soa,
                            exchange.judge.serial());
}

}  // namespace ostrakon::responder
