#include "migration.hpp"

#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/name_filter_writer.hpp"
#include "ostrakon/store/name_node.hpp"
#include "ostrakon/store/transaction.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ostrakon::store {
namespace {

constexpr std::uint64_t kFirstWithNameFilter = 5;
constexpr std::uint64_t kFirstWithMail = 6;

// Before there were mail addresses, their hashes were taken for names, which nobody could ask for.
// An entry is a scope (1: that name alone, 2: only what is below) and four bytes more.
void make_mail_of_hashes(WriteTransaction& transaction) {
    constexpr std::size_t kLayerSize = 4;
    constexpr std::size_t kEntrySize = 5;
    constexpr char kExact = 1;
    constexpr char kBelow = 2;
    std::vector<std::pair<std::string, std::string>> hashes;
    {
        Cursor cursor{transaction, Table::EntriesName};
        for (bool more = cursor.first(); more; more = cursor.next()) {
            const std::string_view key = cursor.key();
            const bool is_one_label =
                key.size() > kLayerSize &&
                static_cast<std::size_t>(key[kLayerSize]) + kLayerSize + 1 == key.size();
            if (is_one_label && dns::is_hash_label(key.substr(kLayerSize + 1))) {
                hashes.emplace_back(key, cursor.value());
            }
        }
    }
    for (const auto& [key, entries] : hashes) {
        std::string of_mail, below;
        for (std::size_t at = 0; at + kEntrySize <= entries.size(); at += kEntrySize) {
            if (entries[at] == kBelow) {
                below += entries.substr(at, kEntrySize);
            } else {
                of_mail += kExact + entries.substr(at + 1, kEntrySize - 1);
            }
        }
        transaction.erase(Table::EntriesName, key);
        const std::string node_key = key.substr(kLayerSize);
        const auto node = transaction.get(Table::IndexName, node_key);
        if (!below.empty()) {
            transaction.put(Table::EntriesName, key, below);
        } else if (node) {
            NameNode changed = decode_name_node(*node);
            changed.below = 0;
            transaction.put(Table::IndexName, node_key, encode(changed));
        }
        if (!of_mail.empty()) {
            transaction.put(Table::EntriesName, key + '\0', of_mail);
        }
    }
}

}  // namespace

Result<Done> migrate(Environment& environment) {
    auto transaction = WriteTransaction::begin(environment);
    if (!transaction) {
        return Unexpected{transaction.error()};
    }
    const std::uint64_t schema = meta_number(*transaction, meta_key::kSchema);
    if (schema == kSchemaVersion) {  // somebody else was faster
        return Done{};
    }
    if (schema < kFirstWithNameFilter) {
        derive_name_filter(*transaction);
    }
    if (schema < kFirstWithMail) {
        make_mail_of_hashes(*transaction);
    }
    set_meta_number(*transaction, meta_key::kSchema, kSchemaVersion);
    return transaction->commit();
}

}  // namespace ostrakon::store
