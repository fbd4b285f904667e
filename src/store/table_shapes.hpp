// The tables' names and key orders in the file. Included by this module's sources only.
#pragma once

#include "ostrakon/store/transaction.hpp"

#include <lmdb.h>
#include <array>
#include <string_view>

namespace ostrakon::store {

inline constexpr std::string_view kMagicValue = "ostrakon";

struct TableShape {
    const char* name;
    unsigned flags;
};
/// How many of them the oldest schema that is still read had.
inline constexpr std::size_t kTableCountOldest = 20;
// In the order of enum Table. Names are part of the file's schema.
inline constexpr std::array<TableShape, kTableCount> kTables{{
    {"meta", 0},
    {"classes", 0},
    {"layers", 0},
    {"feeds", 0},
    {"listings", 0},
    {"subjects", 0},
    {"expiry", 0},
    {"entries ipv4", 0},
    {"entries ipv6", 0},
    {"entries name", 0},
    {"values", 0},
    {"value ids", 0},
    {"events", 0},
    {"changes", 0},
    {"journal", 0},
    {"index ipv4", MDB_INTEGERKEY},
    {"index ipv6", 0},
    {"index name", 0},
    {"sets", MDB_INTEGERKEY},
    {"set ids", MDB_INTEGERKEY},
    {"undo", 0},
    {"complaints", 0},
    {"messages", 0},
    {"requests", 0},
    {"maps", 0},
    {"map blocks", 0},
    {"name filter", MDB_INTEGERKEY},
    {"index pattern", 0},
    {"globs", MDB_INTEGERKEY},
    {"glob ids", 0},
    {"rechecks", 0},
    {"pulls", 0},
    {"touched", 0},
    {"references", 0},
}};

}  // namespace ostrakon::store
