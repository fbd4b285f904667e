// A run of labels in wire form, read from the left; and the name of a question, taken apart once.
//
// Both borrow the bytes of a packet and keep the case in which they came. Names that the database
// or the configuration holds are dns/name.hpp.
#pragma once

#include "ostrakon/dns/name.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ostrakon::dns {

/// Zero or more labels, each 1 to 63 bytes behind its length byte, without the root. Borrows the
/// bytes.
class Labels {
public:
    constexpr Labels() = default;
    /// `wire` holds whole labels only; who makes one has checked that.
    explicit constexpr Labels(std::string_view wire) noexcept : wire_(wire) {}

    constexpr bool empty() const noexcept { return wire_.empty(); }
    constexpr std::string_view wire() const noexcept { return wire_; }
    /// The leftmost label; there is one.
    constexpr std::string_view front() const noexcept {
        return wire_.substr(1, static_cast<std::uint8_t>(wire_.front()));
    }
    /// Takes the leftmost label away; there is one.
    constexpr std::string_view pop_front() noexcept {
        const std::string_view label = front();
        wire_.remove_prefix(label.size() + 1);
        return label;
    }

private:
    std::string_view wire_;
};

/// Bytes behind a name that may be written to: names are lower-cased and copied a word at a time.
inline constexpr std::size_t kWordSlack = 7;
using KeyBuffer = std::array<char, kNameSizeMax + kWordSlack>;

/// The name of a question: valid, uncompressed, at most 255 bytes. Borrows the packet.
class QuestionName {
public:
    /// The root.
    QuestionName() noexcept { clear(); }
    void clear() noexcept;

    /// Takes apart the name at the start of `bytes`, which may go on behind it. False, and the
    /// root, for a name that is cut off, too long or compressed: a question's name has nothing to
    /// point to.
    bool parse(std::span<const std::uint8_t> bytes) noexcept;

    /// As it was asked, with the root's zero byte.
    std::string_view wire() const noexcept { return wire_; }
    /// wire() in lower case from byte `start` on: as a dns::Name of the same labels has it.
    std::string_view lower_wire(std::size_t start = 0) const noexcept {
        return {lower_.data() + start, wire_.size() - start};
    }
    /// The bytes of lower_wire(); kWordSlack more can be read, and mean nothing.
    const char* lower_bytes() const noexcept { return lower_.data(); }
    std::size_t label_count() const noexcept { return label_count_; }
    /// Where label number `index` from the left starts in wire(); for index = label_count() the
    /// root.
    std::size_t label_start(std::size_t index) const noexcept { return starts_[index]; }
    /// The label that starts at byte `start` of wire(), or nothing if none does; the root counts as
    /// one.
    std::optional<std::size_t> label_at(std::size_t start) const noexcept;

    /// The leftmost `count` labels; count ≤ label_count().
    Labels first(std::size_t count) const noexcept {
        return Labels{wire_.substr(0, starts_[count])};
    }
    /// Label number `index` from the left.
    std::string_view label(std::size_t index) const noexcept {
        return Labels{wire_.substr(starts_[index])}.front();
    }

    /// Writes the leftmost `count` labels as a key: from the right, each behind its length byte,
    /// lower-cased, as dns::reversed_key makes of a Name. Returns what was written.
    std::string_view write_key(std::size_t count, KeyBuffer& key) const noexcept;

private:
    std::string_view wire_;
    std::uint8_t label_count_ = 0;
    static constexpr std::size_t kStartsSlack = 3;  // four starts are written at once
    std::array<std::uint8_t, kLabelsMax + 1 + kStartsSlack> starts_;
    std::array<char, kNameSizeMax + kWordSlack> lower_;
};

/// Whether `label` is `text` without regard to ASCII case; `text` is lower-case.
bool is_label(std::string_view label, std::string_view text) noexcept;

}  // namespace ostrakon::dns
