#include "ostrakon/hilbert/map.hpp"

#include "ostrakon/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ostrakon::hilbert {

Result<Done> check_square(net::Ipv4Range range) {
    const auto length = net::prefix_length(range);
    if (!length || *length % 2 != 0 || *length > kLengthMax) {
        return Unexpected{Error{
            ErrorCode::Usage, "map " + net::to_string(range),
            "only a prefix of even length up to /24 is a square of the curve",
            length && *length < kLengthMax
                ? fmt::format("{} is one", net::to_string(net::prefix(range.first, *length - 1)))
                : "as in 192.0.0.0/8 or 192.0.2.0/24"}};
    }
    return Done{};
}

Map::Map(net::Ipv4Range square)
    : square_(square),
      length_(*net::prefix_length(square)),
      order_(std::min(kOrderMax, static_cast<unsigned>(net::Ipv4::kWidth - length_) / 2)),
      cell_bits_(static_cast<unsigned>(net::Ipv4::kWidth - length_) - 2 * order_) {
    OSTRAKON_ASSERT(check_square(square).has_value());
}

void Map::add(net::Ipv4Range range, std::size_t kind) {
    OSTRAKON_ASSERT(kind < kKindsMax);
    const std::uint64_t first = std::max(range.first.bits, square_.first.bits);
    const std::uint64_t last = std::min(range.last.bits, square_.last.bits);
    if (first > last) {
        return;
    }
    if (kind >= counts_.size()) {
        counts_.resize(kind + 1);
        totals_.resize(kind + 1);
    }
    std::vector<std::uint32_t>& counts = counts_[kind];
    counts.resize(cells());
    totals_[kind] += last - first + 1;
    const std::uint64_t base = square_.first.bits;
    for (std::uint64_t at = first; at <= last;) {
        const std::uint64_t cell = (at - base) >> cell_bits_;
        const std::uint64_t end = std::min(last, base + ((cell + 1) << cell_bits_) - 1);
        counts[cell] += static_cast<std::uint32_t>(end - at + 1);
        at = end + 1;
    }
}

Map::Content Map::content(std::uint32_t index) const {
    Content content;
    std::uint32_t most = 0;
    for (std::size_t kind = 0; kind < counts_.size(); ++kind) {
        const std::uint32_t count = counts_[kind].empty() ? 0 : counts_[kind][index];
        content.addresses += count;
        if (count > most) {
            most = count;
            content.kind = kind;
        }
    }
    return content;
}

Cell Map::place(std::uint32_t index) const {
    const auto outer = static_cast<unsigned>(length_) / 2;
    const std::uint64_t number =
        length_ == 0 ? 0 : std::uint64_t{square_.first.bits} >> (net::Ipv4::kWidth - length_);
    const Cell cell = cell_of(number << (2 * order_) | index, outer + order_);
    return {cell.x & (side() - 1), cell.y & (side() - 1)};
}

}  // namespace ostrakon::hilbert
