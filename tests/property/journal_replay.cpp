#include "journal_replay.hpp"

#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/meta.hpp"

#include <fmt/format.h>

namespace ostrakon::property {
namespace {

using store::Table;

constexpr std::size_t kStatesMax = 12;
constexpr std::size_t kContentMax = 20'000;  // larger ones are not kept: a test has to be fast
constexpr Table kIndexTables[] = {Table::IndexIpv4, Table::IndexIpv6, Table::IndexName,
                                  Table::IndexPattern};

}  // namespace

JournalReplay::Content JournalReplay::read(const store::Transaction& transaction) {
    Content content;
    for (const Table table : kIndexTables) {
        store::Cursor cursor{transaction, table};
        for (bool more = cursor.first(); more; more = cursor.next()) {
            content.emplace(std::pair{table, std::string{cursor.key()}}, cursor.value());
        }
    }
    return content;
}

void JournalReplay::remember(World& world) {
    auto snapshot = store::Snapshot::begin(world.environment());
    if (!snapshot) {
        return;
    }
    State state;
    state.serial =
        static_cast<std::uint32_t>(store::meta_number(*snapshot, store::meta_key::kSerial));
    if (!states_.empty() && states_.back().serial == state.serial) {
        return;
    }
    std::uint64_t size = 0;
    for (const Table table : kIndexTables) {
        size += snapshot->count(table);
    }
    if (size > kContentMax) {
        states_.clear();
        return;
    }
    state.content = read(*snapshot);
    states_.push_back(std::move(state));
    if (states_.size() > kStatesMax) {
        states_.pop_front();
    }
}

Difference JournalReplay::compare(World& world) const {
    auto snapshot = store::Snapshot::begin(world.environment());
    if (!snapshot) {
        return message(snapshot.error());
    }
    Content content = read(*snapshot);
    store::Cursor cursor{*snapshot, Table::Journal};
    bool more = cursor.last();
    for (auto state = states_.rbegin(); state != states_.rend(); ++state) {
        for (; more && store::load_big_endian<std::uint32_t>(cursor.key().data()) > state->serial;
             more = cursor.previous()) {
            const auto image = store::decode_before_image(cursor.value());
            if (!image) {
                return fmt::format(
                    "the journal has a mark where it should have an image, after "
                    "serial {}",
                    state->serial);
            }
            const std::pair place{image->table, std::string{image->key}};
            if (image->value) {
                content.insert_or_assign(place, *image->value);
            } else {
                content.erase(place);
            }
        }
        if (content != state->content) {
            return fmt::format("the journal does not lead back to serial {}", state->serial);
        }
    }
    return std::nullopt;
}

}  // namespace ostrakon::property
