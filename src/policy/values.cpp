#include "ostrakon/policy/values.hpp"

#include "ostrakon/policy/content_hash.hpp"
#include "ostrakon/policy/expiry.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <array>

namespace ostrakon::policy {
namespace {

using store::Table;

constexpr std::size_t kKnownMax = 1 << 20;  // forgotten all at once when reached

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

std::optional<Value> read_value(const store::Transaction& transaction, std::uint32_t id) noexcept {
    std::array<char, sizeof id> key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<char>(id >> (24 - 8 * i));
    }
    const auto bytes = transaction.get(Table::Values, {key.data(), key.size()});
    if (!bytes) {
        return std::nullopt;
    }
    store::Decoder decoder{*bytes};
    Value value;
    value.layer = static_cast<LayerId>(decoder.number());
    value.listing_class = static_cast<ClassId>(decoder.number());
    value.code = net::Ipv4{static_cast<std::uint32_t>(decoder.number())};
    value.until_seconds = static_cast<std::int64_t>(decoder.number());
    value.is_exception = decoder.flag();
    value.text = decoder.text();
    return decoder.is_damaged() ? std::nullopt : std::optional{value};
}

std::optional<std::uint32_t> find_value(const store::Transaction& transaction, const Value& value) {
    const std::string content = encode(value);
    const auto ids = transaction.get(Table::ValueIds, hash_key(content));
    return ids ? find_content(transaction, *ids, content) : std::nullopt;
}

std::uint32_t ValueWriter::id_of(const Value& value) {
    std::string content = encode(value);
    if (const auto found = known_.find(content); found != known_.end()) {
        return found->second;
    }
    const std::string key = hash_key(content);
    std::string ids{transaction_.get(Table::ValueIds, key).value_or(std::string_view{})};
    std::uint32_t id = find_content(transaction_, ids, content).value_or(0);
    if (id == 0) {
        id =
            static_cast<std::uint32_t>(store::take_next(transaction_, store::meta_key::kNextValue));
        store::append_raw(ids, id);
        transaction_.put(Table::ValueIds, key, ids);
        transaction_.put(Table::Values, value_key(id), content);
        if (value.until_seconds != 0) {
            transaction_.put(Table::Expiry, expiry_key(value.until_seconds, ExpiryKind::Value, id),
                             "");
        }
    }
    if (known_.size() >= kKnownMax) {
        known_.clear();
    }
    known_.emplace(std::move(content), id);
    return id;
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
    known_.erase(content);
}

}  // namespace ostrakon::policy
