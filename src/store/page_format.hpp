// How LMDB 0.9 lays out its file, as far as a backup is written and read without LMDB. Included by
// this module's sources only.
//
// LMDB trusts its file: a damaged page makes it read anywhere. So what comes from elsewhere is read
// by backup_reader.cpp, which trusts nothing. All numbers are in host order; the layout is that of
// 64-bit machines.
#pragma once

#include "ostrakon/store/codec.hpp"

#include <cstddef>
#include <cstdint>

namespace ostrakon::store::page {

inline constexpr std::size_t kPieceSize = std::size_t{1} << 20;  // what is read at once
inline constexpr std::size_t kSizeMin = 512;
inline constexpr std::size_t kSizeMax = 32768;

inline constexpr std::size_t kDepthMax = 32;  // LMDB's own bound

// Every page: u64 number, u16 unused, u16 flags, then u16 lower and u16 upper end of the free space
// in it or, where values overflow, u32 pages.
inline constexpr std::size_t kFlagsAt = 10;
inline constexpr std::size_t kLowerAt = 12;
inline constexpr std::size_t kUpperAt = 14;
inline constexpr std::size_t kOverflowPagesAt = 12;
inline constexpr std::size_t kHeaderSize = 16;
inline constexpr std::uint16_t kBranch = 0x01;
inline constexpr std::uint16_t kLeaf = 0x02;
inline constexpr std::uint16_t kOverflow = 0x04;
inline constexpr std::uint16_t kMeta = 0x08;
inline constexpr std::uint16_t kKinds = 0x6F;  // these, and two that are not in use here

// A node: u16 and u16 size of its data (in a branch they and the flags are the number of a page),
// u16 flags, u16 size of its key, key, data.
inline constexpr std::size_t kNodeFlagsAt = 4;
inline constexpr std::size_t kNodeKeySizeAt = 6;
inline constexpr std::size_t kNodeHeaderSize = 8;
inline constexpr std::uint16_t kNodeOverflows = 0x01;
inline constexpr std::uint16_t kNodeTable = 0x02;

// A table: u32, u16 flags, u16 depth, u64 pages of three kinds, u64 entries, u64 root.
inline constexpr std::size_t kTableSize = 48;
inline constexpr std::size_t kTableFlagsAt = 4;
inline constexpr std::size_t kTableDepthAt = 6;
inline constexpr std::size_t kTableEntriesAt = 32;
inline constexpr std::size_t kTableRootAt = 40;
inline constexpr std::uint64_t kNoPage = ~std::uint64_t{0};

// The two meta pages, behind the page header.
inline constexpr std::size_t kMagicAt = kHeaderSize;
inline constexpr std::size_t kVersionAt = kHeaderSize + 4;
inline constexpr std::size_t kMapSizeAt = kHeaderSize + 16;
inline constexpr std::size_t kFreeTableAt = kHeaderSize + 24;  // its first u32 is the page size
inline constexpr std::size_t kMainTableAt = kFreeTableAt + kTableSize;
inline constexpr std::size_t kLastPageAt = kMainTableAt + kTableSize;
inline constexpr std::size_t kTransactionAt = kLastPageAt + 8;
inline constexpr std::size_t kMetaEnd = kTransactionAt + 8;
inline constexpr std::uint32_t kMagic = 0xBEEFC0DE;
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kMetaPages = 2;

}  // namespace ostrakon::store::page
