#include "ostrakon/store/journal.hpp"

#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>

namespace ostrakon::store {
namespace {

unsigned bit(Table table) {
    return 1U << static_cast<unsigned>(table);
}

std::string image_key(std::uint32_t serial, std::uint32_t number) {
    std::string key;
    append_big_endian(key, serial);
    append_big_endian(key, number);
    return key;
}

// Removes the oldest serials, each whole, until at most `bytes_max` are left; returns how many are.
std::uint64_t shrink(WriteTransaction& transaction, std::uint64_t bytes, std::uint64_t bytes_max) {
    std::string serial;
    while (!transaction.is_broken()) {
        Cursor oldest{transaction, Table::Journal};
        if (!oldest.first()) {
            return 0;
        }
        const std::string key{oldest.key()};
        const std::uint64_t size = key.size() + oldest.value().size();
        if (serial.empty() || !key.starts_with(serial)) {
            if (bytes <= bytes_max) {
                return bytes;
            }
            serial = key.substr(0, sizeof(std::uint32_t));
            set_meta_number(transaction, meta_key::kJournalLost,
                            load_big_endian<std::uint32_t>(serial.data()));
        }
        transaction.erase(Table::Journal, key);
        bytes -= std::min(bytes, size);
    }
    return bytes;
}

}  // namespace

void IndexWriter::remember(Table table, std::string_view key,
                           std::optional<std::string_view> before) {
    changed_tables_ |= bit(table);
    if (overflown_) {
        return;
    }
    Encoder encoder;
    encoder.number(static_cast<std::uint64_t>(table)).text(key);
    if (before) {
        encoder.flag(true).text(*before);
    } else {
        encoder.flag(false);
    }
    images_.push_back(encoder.take());
    image_bytes_ += images_.back().size() + 2 * sizeof(std::uint32_t);
    if (image_bytes_ > kJournalBytesMax) {
        forget();
    }
}

void IndexWriter::forget() {
    overflown_ = true;
    images_ = {};
}

std::optional<std::string_view> IndexWriter::find(Table table, std::string_view key) {
    return table == Table::IndexName ? filter_.find(key) : transaction_.get(table, key);
}

void IndexWriter::put(Table table, std::string_view key, std::string_view value) {
    const auto before = find(table, key);
    if (before && *before == value) {
        return;
    }
    remember(table, key, before);
    if (before) {
        transaction_.put(table, key, value);
    } else {
        if (table == Table::IndexName) {
            filter_.add(key);
        }
        transaction_.append(table, key, value);
    }
}

void IndexWriter::erase(Table table, std::string_view key) {
    const auto before = find(table, key);
    if (!before) {
        return;
    }
    remember(table, key, before);
    transaction_.erase(table, key);
    if (table == Table::IndexName) {
        filter_.remove(key);
    }
}

void IndexWriter::clear() {
    for (const Table table : {Table::IndexIpv4, Table::IndexIpv6, Table::IndexName,
                              Table::NameFilter, Table::IndexPattern}) {
        changed_tables_ |= bit(table);
        transaction_.clear(table);
    }
    filter_.clear();
}

void IndexWriter::finish(std::uint32_t serial) {
    if (filter_.finish()) {
        changed_tables_ |= bit(Table::NameFilter);
    }
    for (const auto& [table, key] : {std::pair{Table::IndexIpv4, meta_key::kIndexIpv4Changed},
                                     {Table::IndexIpv6, meta_key::kIndexIpv6Changed},
                                     {Table::IndexName, meta_key::kIndexNameChanged},
                                     {Table::NameFilter, meta_key::kNameFilterChanged},
                                     {Table::IndexPattern, meta_key::kIndexPatternChanged}}) {
        if ((changed_tables_ & bit(table)) != 0) {
            set_meta_number(transaction_, key, transaction_.id());
        }
    }
    std::uint64_t bytes = meta_number(transaction_, meta_key::kJournalBytes);
    if (overflown_) {
        transaction_.clear(Table::Journal);
        set_meta_number(transaction_, meta_key::kJournalLost, serial);
        set_meta_number(transaction_, meta_key::kJournalBytes, 0);
        return;
    }
    bytes = shrink(transaction_, bytes, kJournalBytesMax - image_bytes_);
    for (std::uint32_t number = 0; number < images_.size(); ++number) {
        transaction_.append(Table::Journal, image_key(serial, number), images_[number]);
    }
    set_meta_number(transaction_, meta_key::kJournalBytes, bytes + image_bytes_);
    images_ = {};
}

std::optional<BeforeImage> decode_before_image(std::string_view bytes) noexcept {
    Decoder decoder{bytes};
    BeforeImage image;
    image.table = static_cast<Table>(decoder.number());
    image.key = decoder.text();
    if (decoder.flag()) {
        image.value = decoder.text();
    }
    return decoder.is_damaged() ? std::nullopt : std::optional{image};
}

}  // namespace ostrakon::store
