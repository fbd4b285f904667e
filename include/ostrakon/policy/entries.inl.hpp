// The parts of entries.hpp that answers to TXT queries call: lookup without allocation.
#pragma once

#include "ostrakon/policy/entries.hpp"
#include "ostrakon/store/codec.hpp"

#include <array>

namespace ostrakon::policy {

/// How entries of one family are packed.
template <class A>
struct Packing;

template <>
struct Packing<net::Ipv4> {
    static constexpr std::array<int, 3> kLevels{16, 8,
                                                0};  ///< Prefix lengths of blocks, finest first.
    static constexpr int kGroupedLevel = 16;         ///< Blocks of this level hold groups.
    static constexpr store::Table kTable = store::Table::EntriesIpv4;
    static constexpr std::size_t kAddressSize = 4;
    static constexpr std::size_t kEntrySize = 12;

    static Ipv4Entry load(const char* at) noexcept {
        return {{{store::load_raw<std::uint32_t>(at)}, {store::load_raw<std::uint32_t>(at + 4)}},
                store::load_raw<std::uint32_t>(at + 8)};
    }
    static void append(std::string& out, const Ipv4Entry& entry) {
        store::append_raw(out, entry.range.first.bits);
        store::append_raw(out, entry.range.last.bits);
        store::append_raw(out, entry.value);
    }
};

template <>
struct Packing<net::Ipv6> {
    static constexpr std::array<int, 4> kLevels{48, 32, 16, 0};
    static constexpr int kGroupedLevel = -1;  ///< There is none.
    static constexpr store::Table kTable = store::Table::EntriesIpv6;
    static constexpr std::size_t kAddressSize = 16;
    static constexpr std::size_t kEntrySize = 36;

    static net::Ipv6 load_address(const char* at) noexcept {
        return {static_cast<net::Uint128>(store::load_big_endian<std::uint64_t>(at)) << 64 |
                store::load_big_endian<std::uint64_t>(at + 8)};
    }
    static Ipv6Entry load(const char* at) noexcept {
        return {{load_address(at), load_address(at + 16)}, store::load_raw<std::uint32_t>(at + 32)};
    }
    static void append(std::string& out, const Ipv6Entry& entry) {
        for (const net::Ipv6 address : {entry.range.first, entry.range.last}) {
            const auto bytes = net::to_bytes(address);
            out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        }
        store::append_raw(out, entry.value);
    }
};

/// Entries of one value in a /16 of IPv4, as they lie in the database; borrowed.
class EntryGroup {
public:
    static constexpr std::size_t kHeaderSize = 8;

    /// Takes the group at the front of `bytes` off; what is damaged ends the groups.
    static bool take(std::string_view& bytes, EntryGroup& group) noexcept {
        if (bytes.size() < kHeaderSize) {
            return false;
        }
        group.value_ = store::load_raw<std::uint32_t>(bytes.data());
        group.singles_ = store::load_raw<std::uint16_t>(bytes.data() + 4);
        group.ranges_ = store::load_raw<std::uint16_t>(bytes.data() + 6);
        group.at_ = bytes.data() + kHeaderSize;
        const std::size_t size = kHeaderSize + 2 * group.singles_ + 4 * group.ranges_;
        if (bytes.size() < size) {
            return false;
        }
        bytes.remove_prefix(size);
        return true;
    }
    std::uint32_t value() const noexcept { return value_; }
    std::size_t single_count() const noexcept { return singles_; }
    std::size_t range_count() const noexcept { return ranges_; }
    std::uint16_t single(std::size_t i) const noexcept {
        return store::load_raw<std::uint16_t>(at_ + 2 * i);
    }
    std::uint16_t range_first(std::size_t i) const noexcept {
        return store::load_raw<std::uint16_t>(at_ + 2 * singles_ + 4 * i);
    }
    std::uint16_t range_last(std::size_t i) const noexcept {
        return store::load_raw<std::uint16_t>(at_ + 2 * singles_ + 4 * i + 2);
    }
    bool has_single(std::uint16_t lower) const noexcept {
        std::size_t begin = 0;
        for (std::size_t size = singles_; size > 0;) {
            const std::size_t half = size / 2;
            const bool is_behind = single(begin + half) < lower;
            begin += is_behind ? half + 1 : 0;
            size = is_behind ? size - half - 1 : half;
        }
        return begin < singles_ && single(begin) == lower;
    }

private:
    std::uint32_t value_ = 0;
    std::size_t singles_ = 0;
    std::size_t ranges_ = 0;
    const char* at_ = nullptr;
};

/// Calls visit(entry) for each entry of a block, in no order.
template <class A, class Visit>
void for_each_in_block(std::string_view bytes, int level, A block, Visit&& visit) {
    if (level != Packing<A>::kGroupedLevel) {
        constexpr std::size_t kSize = Packing<A>::kEntrySize;
        for (std::size_t at = 0; at + kSize <= bytes.size(); at += kSize) {
            visit(Packing<A>::load(bytes.data() + at));
        }
        return;
    }
    for (EntryGroup group; EntryGroup::take(bytes, group);) {
        const auto entry = [&](std::uint16_t first, std::uint16_t last) {
            return Entry<A>{{A{block.bits | first}, A{block.bits | last}}, group.value()};
        };
        for (std::size_t i = 0; i < group.single_count(); ++i) {
            visit(entry(group.single(i), group.single(i)));
        }
        for (std::size_t i = 0; i < group.range_count(); ++i) {
            visit(entry(group.range_first(i), group.range_last(i)));
        }
    }
}

/// Calls visit(entry) for each entry of a block that holds `address`, in no order.
template <class A, class Visit>
void for_each_covering_in_block(std::string_view bytes, int level, A block, A address,
                                Visit&& visit) {
    if (level != Packing<A>::kGroupedLevel) {
        constexpr std::size_t kSize = Packing<A>::kEntrySize;
        for (std::size_t at = 0; at + kSize <= bytes.size(); at += kSize) {
            const Entry<A> entry = Packing<A>::load(bytes.data() + at);
            if (entry.range.first > address) {
                return;
            }
            if (entry.range.contains(address)) {
                visit(entry);
            }
        }
        return;
    }
    const auto lower = static_cast<std::uint16_t>(address.bits);
    for (EntryGroup group; EntryGroup::take(bytes, group);) {
        if (group.has_single(lower)) {
            visit(Entry<A>{{address, address}, group.value()});
        }
        for (std::size_t i = 0; i < group.range_count() && group.range_first(i) <= lower; ++i) {
            if (lower <= group.range_last(i)) {
                visit(Entry<A>{
                    {A{block.bits | group.range_first(i)}, A{block.bits | group.range_last(i)}},
                    group.value()});
            }
        }
    }
}

/// A block's key, on the stack.
template <class A>
class BlockKey {
public:
    BlockKey(LayerId layer, int level, A block) noexcept {
        char* at = bytes_.data();
        for (int shift = 24; shift >= 0; shift -= 8) {
            *at++ = static_cast<char>(layer >> shift);
        }
        *at++ = static_cast<char>(level);
        for (int shift = A::kWidth - 8; shift >= 0; shift -= 8) {
            *at++ = static_cast<char>(static_cast<unsigned char>(block.bits >> shift));
        }
    }
    std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }

private:
    std::array<char, 5 + Packing<A>::kAddressSize> bytes_{};
};

template <class A, class Visit>
void for_each_covering(const store::Transaction& transaction, LayerId layer, A address,
                       Visit&& visit) {
    for (const int level : Packing<A>::kLevels) {
        const A block = net::prefix(address, level).first;
        const auto bytes =
            transaction.get(Packing<A>::kTable, BlockKey<A>{layer, level, block}.view());
        if (bytes) {
            for_each_covering_in_block(*bytes, level, block, address, visit);
        }
    }
}

template <class Visit>
void for_each_name_entry(std::string_view bytes, Visit&& visit) {
    constexpr std::size_t kSize = 5;
    for (std::size_t at = 0; at + kSize <= bytes.size(); at += kSize) {
        visit(static_cast<NameScope>(bytes[at]),
              store::load_raw<std::uint32_t>(bytes.data() + at + 1));
    }
}

}  // namespace ostrakon::policy
