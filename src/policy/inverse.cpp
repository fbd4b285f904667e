#include "inverse.hpp"

#include "inverse_records.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>

namespace ostrakon::policy {
namespace {

using store::Table;

std::string inverse_key(store::ChangeId change, std::uint32_t number) {
    std::string key;
    store::append_big_endian(key, change);
    store::append_big_endian(key, number);
    return key;
}

store::ChangeId change_of(std::string_view key) {
    return store::load_big_endian<store::ChangeId>(key.data());
}

// Removes the oldest change sets, each whole, until at most `bytes_max` are left.
std::uint64_t drop_oldest(store::WriteTransaction& transaction, std::uint64_t bytes,
                          std::uint64_t bytes_max) {
    store::ChangeId dropping = 0;
    while (!transaction.is_broken()) {
        store::Cursor oldest{transaction, Table::Undo};
        if (!oldest.first()) {
            return 0;
        }
        const std::string key{oldest.key()};
        if (change_of(key) != dropping) {
            if (bytes <= bytes_max) {
                return bytes;
            }
            dropping = change_of(key);
        }
        bytes -= std::min<std::uint64_t>(bytes, key.size() + oldest.value().size());
        transaction.erase(Table::Undo, key);
    }
    return bytes;
}

}  // namespace

void InverseWriter::add_listing(store::ListingId id) {
    if (inverse_.added_count == 0) {
        inverse_.added_first = id;
    }
    ++inverse_.added_count;
}

void InverseWriter::change_listing(const store::Listing& before, store::ChangeId decided) {
    const bool is_own_making = inverse_.added_count != 0 && before.id >= inverse_.added_first;
    if (inverse_.kind != Inverse::Kind::Kept || is_own_making || !known_.insert(before.id).second) {
        return;
    }
    add_record(encode_image({before.id, decided, store::encode(before)}));
}

void InverseWriter::change_entries(const store::Transaction& transaction, LayerId layer,
                                   const EntryList& removed, const EntryList& added) {
    if (inverse_.kind != Inverse::Kind::Kept) {
        return;
    }
    const auto add = [&](std::string&& record) { add_record(std::move(record)); };
    encode_values(transaction, layer, removed, add);
    encode_entries(layer, false, removed, add);
    encode_entries(layer, true, added, add);
}

void InverseWriter::change_record(const store::Transaction& transaction, Table table,
                                  std::string_view key, std::optional<std::string_view> after) {
    auto image = std::find_if(
        inverse_.records.begin(), inverse_.records.end(),
        [&](const RecordImage& known) { return known.table == table && known.key == key; });
    if (image == inverse_.records.end()) {
        const auto before = transaction.get(table, key);
        image = inverse_.records.insert(
            image, {table, std::string{key},
                    before ? std::optional{std::string{*before}} : std::nullopt, 0});
    }
    image->after = hash_of(after);
}

void InverseWriter::change_feed(const store::Transaction& transaction, const std::string& name) {
    const bool is_known = std::any_of(inverse_.feeds.begin(), inverse_.feeds.end(),
                                      [&](const FeedImage& feed) { return feed.name == name; });
    if (!is_known) {
        inverse_.feeds.push_back(
            {name, std::string{transaction.get(Table::Feeds, name).value_or(std::string_view{})},
             ""});
    }
}

void InverseWriter::change_map(const store::Transaction& transaction, const std::string& name) {
    const bool is_known = std::any_of(inverse_.maps.begin(), inverse_.maps.end(),
                                      [&](const MapImage& map) { return map.name == name; });
    if (!is_known) {
        inverse_.maps.push_back(
            {name, std::string{transaction.get(Table::Maps, name).value_or(std::string_view{})},
             ""});
    }
}

void InverseWriter::change_map_block(std::string_view key, std::optional<std::string_view> before) {
    if (inverse_.kind == Inverse::Kind::Kept) {
        add_record(encode_map_block(
            {std::string{key}, before ? std::optional{std::string{*before}} : std::nullopt}));
    }
}

void InverseWriter::keep_nothing(Inverse::Kind why) {
    inverse_.kind = why;
    records_ = {};
    bytes_ = 0;
}

void InverseWriter::add_record(std::string&& record) {
    bytes_ += record.size();
    records_.push_back(std::move(record));
}

void InverseWriter::finish(store::WriteTransaction& transaction, store::ChangeId change,
                           const std::filesystem::path& directory) {
    for (FeedImage& feed : inverse_.feeds) {
        feed.after = transaction.get(Table::Feeds, feed.name).value_or(std::string_view{});
    }
    for (MapImage& map : inverse_.maps) {
        map.after = transaction.get(Table::Maps, map.name).value_or(std::string_view{});
        add_record(encode_map_image(map));
    }
    for (const RecordImage& image : inverse_.records) {
        add_record(encode_record_image(image));
    }
    if (bytes_ > kInverseInTableMax) {
        inverse_.kind = Inverse::Kind::InFile;
        file_ = inverse_file(directory, change);
        if (auto written = write_inverse_file(file_, records_); !written) {
            transaction.fail(std::move(written.error()));
            return;
        }
        records_ = {};
    }
    records_.insert(records_.begin(), encode_header(inverse_));
    std::uint64_t bytes = 0;
    for (std::uint32_t number = 0; number < records_.size(); ++number) {
        const std::string key = inverse_key(change, number);
        bytes += key.size() + records_[number].size();
        transaction.append(Table::Undo, key, records_[number]);
    }
    bytes += store::meta_number(transaction, store::meta_key::kUndoBytes);
    store::set_meta_number(transaction, store::meta_key::kUndoBytes,
                           drop_oldest(transaction, bytes, kInverseBytesMax));
    records_ = {};
}

void InverseWriter::after_commit() const {
    if (!file_.empty()) {
        remove_other_inverse_files(file_);
    }
}

std::optional<Inverse> load_inverse(const store::Transaction& transaction, store::ChangeId change,
                                    const std::filesystem::path& directory) {
    store::Cursor cursor{transaction, Table::Undo};
    bool more = cursor.seek(inverse_key(change, 0)) && cursor.key() == inverse_key(change, 0);
    auto inverse = more ? decode_header(cursor.value()) : std::nullopt;
    if (!inverse) {
        return std::nullopt;
    }
    if (inverse->kind == Inverse::Kind::InFile) {
        return read_inverse_file(inverse_file(directory, change), *inverse) ? inverse
                                                                            : std::nullopt;
    }
    while ((more = cursor.next()) && change_of(cursor.key()) == change) {
        if (!decode_record(cursor.value(), *inverse)) {
            return std::nullopt;
        }
    }
    return inverse;
}

bool for_each_listing_image(
    const store::Transaction& transaction, store::ChangeId from, store::ChangeId to,
    const std::function<void(store::ChangeId, const ListingImage&)>& visit) {
    store::Cursor cursor{transaction, Table::Undo};
    store::ChangeId next = from;  // whose header has not been met
    // Numbers that were given and not used have no record of a change set.
    const auto lacks_until = [&](store::ChangeId end) {
        for (; next < end; ++next) {
            if (store::get_change(transaction, next)) {
                return true;
            }
        }
        ++next;
        return false;
    };
    for (bool more = cursor.seek(inverse_key(from, 0)); more; more = cursor.next()) {
        const store::ChangeId change = change_of(cursor.key());
        if (cursor.key() == inverse_key(change, 0)) {
            const auto header = decode_header(cursor.value());
            const bool is_whole = header && header->kind != Inverse::Kind::InFile &&
                                  header->kind != Inverse::Kind::Rebuilt;
            if (!is_whole || lacks_until(change)) {
                return false;
            }
        } else if (const auto image = decode_image(cursor.value())) {
            visit(change, *image);
        }
    }
    return !lacks_until(to + 1);
}

}  // namespace ostrakon::policy
