// Domain names in wire form (RFC 1035 §3.1), and the key under which the database keeps them.
//
// A Name is always valid, lower-cased and absolute. Query names, which are hostile and keep their
// case, are read by dns/query.hpp.
#pragma once

#include "ostrakon/base/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::dns {

inline constexpr std::size_t kNameSizeMax =
    255;  ///< Bytes of a name in wire form, with the root's zero byte.
inline constexpr std::size_t kLabelSizeMax = 63;  ///< Bytes of a label without its length byte.
inline constexpr std::size_t kLabelsMax = 127;    ///< Labels of a name, the root not counted.

/// Lower-cases an ASCII letter (RFC 4343); other bytes stay.
constexpr std::uint8_t lower(std::uint8_t byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte | 0x20) : byte;
}

/// An absolute domain name, ASCII letters lower-cased. The default is the root.
class Name {
public:
    Name() : wire_(1, '\0') {}

    /// Takes labels from the left, each of 1 to 63 bytes of any value; the whole at most 255 bytes.
    static Result<Name> from_labels(std::span<const std::string> labels);

    /// Length-prefixed labels and the root's zero byte.
    std::string_view wire() const noexcept { return wire_; }
    std::size_t label_count() const noexcept;
    bool is_root() const noexcept { return wire_.size() == 1; }
    /// True if this name is `ancestor` or lies below it.
    bool is_at_or_below(const Name& ancestor) const noexcept;
    /// The labels from the left.
    std::vector<std::string> labels() const;

    friend bool operator==(const Name&, const Name&) = default;
    friend auto operator<=>(const Name&, const Name&) = default;

private:
    std::string wire_;
};

/// Reads a domain name as people write it: U-labels become A-labels (IDNA2008, UTS 46
/// non-transitional), case and one last dot do not matter, underscores are kept. Refuses empty
/// labels, blanks, control characters, addresses, and names whose last label is a number or a
/// single hex digit: a query for such a name is one for a part of an address.
Result<Name> parse_name(std::string_view text);

/// Writes a name without the last dot; bytes that are not printable ASCII, and dots within labels,
/// as \DDD (RFC 1035 §5.1).
std::string to_string(const Name& name);

/// The name's labels from the right, each after its length byte, without the root: the key of every
/// table of names. A name's key is a prefix of the keys of all names below it, so that a subtree is
/// one stretch of the table.
std::string reversed_key(const Name& name);

/// The name whose key this is.
Name name_from_key(std::string_view key);

/// How many labels a key has.
std::size_t key_label_count(std::string_view key) noexcept;

/// The length in bytes of the first `labels` labels of a key that has at least as many.
std::size_t key_prefix_size(std::string_view key, std::size_t labels) noexcept;

}  // namespace ostrakon::dns
