#include "bench/questions.hpp"

#include "bench/list_files.hpp"

#include <fmt/format.h>

namespace ostrakon::bench {

Question Questions::draw(Kind kind) {
    const std::string name = kind == Kind::Ipv6   ? reversed(draw_ipv6(), 32)
                             : kind == Kind::Name ? draw_name()
                                                  : reversed(draw_address());
    return {fmt::format("{}.{}", name, kOrigin), kind == Kind::Txt ? "TXT" : "A"};
}

Question Questions::draw_mixed() {
    const std::uint64_t share = random_.below(10);
    return draw(share < 7    ? Kind::A
                : share == 7 ? Kind::Txt
                : share == 8 ? Kind::Ipv6
                             : Kind::Name);
}

// Of those listed, one in five lies in a prefix; of the others, half lie beside listed ones.
net::Ipv4 Questions::draw_address() {
    const bool listed = draw_listed();
    if (listed && random_.one_in(5)) {
        const net::Ipv4Range prefix = random_.one_of(listings_.prefixes());
        const std::uint32_t size = prefix.last.bits - prefix.first.bits;
        return {prefix.first.bits + (static_cast<std::uint32_t>(random_.bits()) & size)};
    }
    if (listed) {
        return random_.one_of(listings_.addresses());
    }
    for (;;) {
        const std::uint32_t beside = random_.one_of(listings_.addresses()).bits & ~255U;
        const net::Ipv4 address =
            random_.one_in(2) ? net::Ipv4{beside | static_cast<std::uint8_t>(random_.bits())}
                              : draw_public_address(random_);
        if (!listings_.is_listed(address)) {
            return address;
        }
    }
}

net::Ipv6 Questions::draw_ipv6() {
    net::Ipv6 address = random_.one_of(listings_.ipv6_prefixes()).first;
    if (!draw_listed()) {
        do {
            address = listings_.draw_ipv6_prefix(random_).first;
        } while (listings_.is_listed(address));
    }
    return {address.bits | random_.bits()};
}

std::string Questions::draw_name() {
    if (draw_listed()) {
        const Name& found = random_.one_of(listings_.names());
        const bool is_below = found.with_all_below && random_.one_in(2);
        return (is_below ? "mx1." : "") + found.text;
    }
    std::string name = bench::draw_name(random_);
    while (listings_.is_listed(name)) {
        name = bench::draw_name(random_);
    }
    return (random_.one_in(4) ? "www." : "") + name;
}

}  // namespace ostrakon::bench
