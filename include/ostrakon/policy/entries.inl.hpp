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
    static constexpr store::Table kTable = store::Table::EntriesIpv4;
    static constexpr std::size_t kAddressSize = 4;

    static constexpr std::size_t entry_size(int level) { return level == 16 ? 8 : 12; }
    static Ipv4Entry load(const char* at, int level, net::Ipv4 block) noexcept {
        if (level == 16) {
            return {{{block.bits | store::load_raw<std::uint16_t>(at)},
                     {block.bits | store::load_raw<std::uint16_t>(at + 2)}},
                    store::load_raw<std::uint32_t>(at + 4)};
        }
        return {{{store::load_raw<std::uint32_t>(at)}, {store::load_raw<std::uint32_t>(at + 4)}},
                store::load_raw<std::uint32_t>(at + 8)};
    }
    static void append(std::string& out, const Ipv4Entry& entry, int level) {
        if (level == 16) {
            store::append_raw(out, static_cast<std::uint16_t>(entry.range.first.bits));
            store::append_raw(out, static_cast<std::uint16_t>(entry.range.last.bits));
        } else {
            store::append_raw(out, entry.range.first.bits);
            store::append_raw(out, entry.range.last.bits);
        }
        store::append_raw(out, entry.value);
    }
};

template <>
struct Packing<net::Ipv6> {
    static constexpr std::array<int, 4> kLevels{48, 32, 16, 0};
    static constexpr store::Table kTable = store::Table::EntriesIpv6;
    static constexpr std::size_t kAddressSize = 16;

    static constexpr std::size_t entry_size(int /*level*/) { return 36; }
    static net::Ipv6 load_address(const char* at) noexcept {
        return {static_cast<net::Uint128>(store::load_big_endian<std::uint64_t>(at)) << 64 |
                store::load_big_endian<std::uint64_t>(at + 8)};
    }
    static Ipv6Entry load(const char* at, int /*level*/, net::Ipv6 /*block*/) noexcept {
        return {{load_address(at), load_address(at + 16)}, store::load_raw<std::uint32_t>(at + 32)};
    }
    static void append(std::string& out, const Ipv6Entry& entry, int /*level*/) {
        for (const net::Ipv6 address : {entry.range.first, entry.range.last}) {
            const auto bytes = net::to_bytes(address);
            out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        }
        store::append_raw(out, entry.value);
    }
};

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
        if (!bytes) {
            continue;
        }
        const std::size_t size = Packing<A>::entry_size(level);
        for (std::size_t at = 0; at + size <= bytes->size(); at += size) {
            const Entry<A> entry = Packing<A>::load(bytes->data() + at, level, block);
            if (entry.range.first > address) {
                break;
            }
            if (entry.range.contains(address)) {
                visit(entry);
            }
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
