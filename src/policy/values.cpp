#include "ostrakon/policy/values.hpp"

#include "ostrakon/policy/content_hash.hpp"
#include "ostrakon/policy/expiry.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>
#include <array>

namespace ostrakon::policy {
namespace {

using store::Table;

std::string value_key(std::uint32_t id) {
    std::string key;
    store::append_big_endian(key, id);
    return key;
}

std::string encode(const Value& value) {
    store::Encoder encoder;
    encoder.number(value.layer)
        .number(value.listing_class)
        .number(value.code.bits)
        .number(static_cast<std::uint64_t>(value.until_seconds))
        .flag(value.is_exception)
        .text(value.text);
    return encoder.take();
}

std::string hash_key(std::string_view content) {
    std::string key;
    store::append_raw(key, content_hash(content));
    return key;
}

std::optional<Value> decode_value(std::string_view bytes) noexcept {
    store::Decoder decoder{bytes};
    Value value;
    value.layer = static_cast<LayerId>(decoder.number());
    value.listing_class = static_cast<ClassId>(decoder.number());
    value.code = net::Ipv4{static_cast<std::uint32_t>(decoder.number())};
    value.until_seconds = static_cast<std::int64_t>(decoder.number());
    value.is_exception = decoder.flag();
    value.text = decoder.text();
    return decoder.is_damaged() ? std::nullopt : std::optional{value};
}

// The id of this content among those of one hash.
std::optional<std::uint32_t> find_content(const store::Transaction& transaction,
                                          std::string_view ids, std::string_view content) {
    for (std::size_t at = 0; at + sizeof(std::uint32_t) <= ids.size();
         at += sizeof(std::uint32_t)) {
        const auto id = store::load_raw<std::uint32_t>(ids.data() + at);
        if (transaction.get(Table::Values, value_key(id)) == content) {
            return id;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string shown_text(std::string_view text) {
    std::string shown{text};
    std::replace(shown.begin(), shown.end(), kSubjectMark, '$');
    return shown;
}

std::string value_record(const store::Transaction& transaction, std::uint32_t id) {
    return std::string{transaction.get(Table::Values, value_key(id)).value_or(std::string_view{})};
}

std::optional<Value> read_value(const store::Transaction& transaction, std::uint32_t id) noexcept {
    std::array<char, sizeof id> key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<char>(id >> (24 - 8 * i));
    }
    const auto bytes = transaction.get(Table::Values, {key.data(), key.size()});
    if (!bytes) {
        return std::nullopt;
    }
    return decode_value(*bytes);
}

std::optional<std::uint32_t> find_value(const store::Transaction& transaction, const Value& value) {
    const std::string content = encode(value);
    const auto ids = transaction.get(Table::ValueIds, hash_key(content));
    return ids ? find_content(transaction, *ids, content) : std::nullopt;
}

std::uint32_t ValueWriter::add(const Value& value) {
    const std::uint32_t id = store::take_next_id(transaction_, store::meta_key::kNextValue);
    const std::string content = encode(value);
    transaction_.append(Table::Values, value_key(id), content);
    if (value.until_seconds != 0) {
        transaction_.put(Table::Expiry, expiry_key(value.until_seconds, ExpiryKind::Value, id), "");
    }
    added_.emplace_back(hash_key(content), id);
    return id;
}

std::optional<std::uint32_t> ValueWriter::restore(LayerId layer, std::string_view record) {
    const auto value = decode_value(record);
    if (!value || value->layer != layer) {
        return std::nullopt;
    }
    const auto known = find_value(transaction_, *value);
    return known ? known : add(*value);
}

void ValueWriter::finish() {
    std::sort(added_.begin(), added_.end());
    for (const auto& [key, id] : added_) {
        std::string ids{transaction_.get(Table::ValueIds, key).value_or(std::string_view{})};
        store::append_raw(ids, id);
        transaction_.put(Table::ValueIds, key, ids);
    }
    added_.clear();
}

void ValueWriter::remove(std::uint32_t id) {
    const auto bytes = transaction_.get(Table::Values, value_key(id));
    if (!bytes) {
        return;
    }
    const std::string content{*bytes};
    if (const auto value = read_value(transaction_, id); value && value->until_seconds != 0) {
        transaction_.erase(Table::Expiry, expiry_key(value->until_seconds, ExpiryKind::Value, id));
    }
    transaction_.erase(Table::Values, value_key(id));
    const std::string key = hash_key(content);
    const std::string ids{transaction_.get(Table::ValueIds, key).value_or(std::string_view{})};
    std::string kept;
    for (std::size_t at = 0; at < ids.size(); at += sizeof id) {
        if (const auto other = store::load_raw<std::uint32_t>(ids.data() + at); other != id) {
            store::append_raw(kept, other);
        }
    }
    if (kept.empty()) {
        transaction_.erase(Table::ValueIds, key);
    } else {
        transaction_.put(Table::ValueIds, key, kept);
    }
}

}  // namespace ostrakon::policy
