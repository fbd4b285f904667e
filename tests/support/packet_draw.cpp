#include "support/packet_draw.hpp"

#include "support/crowded_site.hpp"

#include <algorithm>

namespace ostrakon::test {
namespace {

constexpr unsigned kAdditionMax = 20;  // bytes behind the end
constexpr std::size_t kNoiseSizeMax = 600;

template <class T>
T one_of(PacketDraw& draw, std::span<const T> values) {
    return values[draw.below(values.size())];
}

}  // namespace

std::string PacketDraw::bytes(std::size_t size_max) {
    std::string text(below(size_max + 1), '\0');
    for (char& c : text) {
        c = static_cast<char>(byte());
    }
    return text;
}

std::string PacketDraw::labels() {
    static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEF0123456789-_";
    static constexpr unsigned kDigits = 32;  // where they start
    std::string name;
    for (unsigned count = below(6); count > 0; --count) {
        name += name.empty() ? "" : ".";
        const unsigned kind = below(4);
        for (unsigned size = kind == 0 ? 1 : below(8) + 1; size > 0; --size) {
            name.push_back(kPlain[kind == 1 ? kDigits + below(10) : below(kPlain.size())]);
        }
    }
    return name;
}

QuerySpec PacketDraw::query() {
    QuerySpec spec;
    const std::string name =
        chance(50) ? std::string{one_of(*this, crowded_site_names())} : labels();
    const auto origins = crowded_site_origins();
    spec.name = joined(name, chance(70) ? origins.front() : one_of(*this, origins));
    spec.type = chance(80) ? one_of(*this, crowded_site_types())
                           : static_cast<std::uint16_t>(below(600) + 1);
    spec.record_class = chance(95) ? 1 : static_cast<std::uint16_t>(below(6) + 1);
    spec.id = static_cast<std::uint16_t>(random_());
    spec.flags = static_cast<std::uint16_t>(random_() & 0x07FF);  // QR and opcode 0
    if (chance(60)) {
        OptSpec opt{.payload_bytes = static_cast<std::uint16_t>(random_()),
                    .version = static_cast<std::uint8_t>(chance(5) ? byte() : 0),
                    .dnssec_ok = chance(50)};
        for (unsigned options = below(4); options > 0; --options) {
            opt.options.emplace_back(static_cast<std::uint16_t>(below(20)), bytes(20));
        }
        spec.opt = opt;
    }
    return spec;
}

Bytes PacketDraw::mutated_query() {
    Bytes packet = build_query(query());
    for (unsigned changes = below(4) + 1; changes > 0; --changes) {
        packet[below(packet.size())] = byte();
    }
    packet.resize(chance(80) ? packet.size() : below(packet.size() + kAdditionMax));
    return packet;
}

Bytes PacketDraw::noise() {
    const std::string text = bytes(chance(90) ? kNoiseSizeMax / 10 : kNoiseSizeMax);
    Bytes packet{text.begin(), text.end()};
    if (packet.size() > 5 && chance(70)) {
        packet[2] &= 0x07;  // a query with one question
        packet[4] = 0;
        packet[5] = 1;
    }
    return packet;
}

Bytes PacketDraw::packet() {
    switch (below(10)) {
        case 0:
            return build_query(query());
        case 1:
            return noise();
        default:
            return mutated_query();
    }
}

}  // namespace ostrakon::test
