#include "ostrakon/store/meta.hpp"

#include "ostrakon/store/codec.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::store {

std::uint64_t meta_number(const Transaction& transaction, std::string_view key) noexcept {
    const auto value = transaction.get(Table::Meta, key);
    return value && value->size() == sizeof(std::uint64_t) ? load_raw<std::uint64_t>(value->data())
                                                           : 0;
}

void set_meta_number(WriteTransaction& transaction, std::string_view key,
                     std::uint64_t value) noexcept {
    transaction.put(Table::Meta, key, {reinterpret_cast<const char*>(&value), sizeof value});
}

std::uint64_t take_next(WriteTransaction& transaction, std::string_view key) noexcept {
    const std::uint64_t taken = std::max<std::uint64_t>(1, meta_number(transaction, key));
    set_meta_number(transaction, key, taken + 1);
    return taken;
}

std::uint32_t take_next_id(WriteTransaction& transaction, std::string_view key) {
    return checked_id(transaction, key, take_next(transaction, key));
}

std::uint32_t checked_id(WriteTransaction& transaction, std::string_view key,
                         std::uint64_t number) {
    constexpr std::uint64_t kIdMax = UINT32_MAX;
    if (number <= kIdMax) {
        return static_cast<std::uint32_t>(number);
    }
    const bool is_derived = key == meta_key::kNextSet;
    transaction.fail({ErrorCode::Store, "write to the database",
                      fmt::format("all {} numbers for \"{}\" are used up", kIdMax, key),
                      is_derived ? "`ostrakon check --repair` numbers the verdict sets anew"
                                 : "make a new database with `ostrakon init` and import into it "
                                   "what `ostrakon list --json` prints"});
    return 0;
}

std::uint32_t raise_serial(WriteTransaction& transaction, UnixTime at) noexcept {
    const auto previous = static_cast<std::uint32_t>(meta_number(transaction, meta_key::kSerial));
    const auto wanted = static_cast<std::uint32_t>(at.seconds);
    const std::uint32_t serial = std::max(wanted, previous + 1);
    set_meta_number(transaction, meta_key::kSerial, serial);
    return serial;
}

}  // namespace ostrakon::store
