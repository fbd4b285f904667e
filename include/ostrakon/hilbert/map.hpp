// A map of IPv4 addresses: how many of each kind lie in each cell of the curve.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/hilbert/curve.hpp"
#include "ostrakon/net/address.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ostrakon::hilbert {

/// Kinds of addresses on one map.
inline constexpr std::size_t kKindsMax = 64;

/// The square that a map shows: a prefix of even length, at most kLengthMax.
inline constexpr int kLengthMax = 24;
Result<Done> check_square(net::Ipv4Range range);

class Map {
public:
    /// Cells along a side at most: 2^10.
    static constexpr unsigned kOrderMax = 10;

    /// `square` has passed check_square().
    explicit Map(net::Ipv4Range square);

    /// Adds the part of a range that lies in the square. Each address is added once.
    void add(net::Ipv4Range range, std::size_t kind);

    net::Ipv4Range square() const { return square_; }
    int length() const { return length_; }
    /// Cells along a side.
    std::uint32_t side() const { return 1U << order_; }
    /// Addresses in a cell, 1 or more.
    std::uint64_t cell_size() const { return std::uint64_t{1} << cell_bits_; }
    /// Addresses of a kind.
    std::uint64_t total(std::size_t kind) const {
        return kind < totals_.size() ? totals_[kind] : 0;
    }

    /// What most addresses of a cell are, and how many there are of any kind.
    struct Content {
        std::size_t kind = 0;
        std::uint64_t addresses = 0;  ///< 0: nothing is there.
    };
    Content content(std::uint32_t index) const;
    /// Where a cell lies in the picture.
    Cell place(std::uint32_t index) const;
    std::uint32_t cells() const { return 1U << (2 * order_); }

private:
    net::Ipv4Range square_;
    int length_;
    unsigned order_;
    unsigned cell_bits_;
    std::vector<std::vector<std::uint32_t>> counts_;  // by kind, then cell; empty: none of it
    std::vector<std::uint64_t> totals_;
};

}  // namespace ostrakon::hilbert
