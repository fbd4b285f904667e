#include "inverse_records.hpp"

#include "ostrakon/policy/content_hash.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/store/codec.hpp"

#include <algorithm>

namespace ostrakon::policy {
namespace {

enum class RecordKind : std::uint8_t {
    Listing = 1,
    Values,
    Ipv4,
    Ipv6,
    Names,
    Map,
    MapBlock,
    Record
};

constexpr std::size_t kPieceSize = std::size_t{64} << 10;

store::Encoder begin_record(RecordKind kind) {
    store::Encoder encoder;
    encoder.number(static_cast<std::uint64_t>(kind));
    return encoder;
}

// Small differences of either sign as small numbers.
std::uint64_t folded(std::int64_t difference) {
    const std::uint64_t sign = difference < 0 ? ~std::uint64_t{0} : 0;
    return (static_cast<std::uint64_t>(difference) << 1) ^ sign;
}
std::int64_t unfolded(std::uint64_t number) {
    return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

void put(store::Encoder& encoder, const Ipv4Entry& entry, const Ipv4Entry& before) {
    encoder.number(entry.range.first.bits - before.range.first.bits)
        .number(entry.range.last.bits - entry.range.first.bits);
}
void take(store::Decoder& decoder, Ipv4Entry& entry, const Ipv4Entry& before) {
    entry.range.first.bits = before.range.first.bits + static_cast<std::uint32_t>(decoder.number());
    entry.range.last.bits = entry.range.first.bits + static_cast<std::uint32_t>(decoder.number());
}

void put_wide(store::Encoder& encoder, net::Uint128 number) {
    encoder.number(static_cast<std::uint64_t>(number >> 64))
        .number(static_cast<std::uint64_t>(number));
}
net::Uint128 take_wide(store::Decoder& decoder) {
    const net::Uint128 upper = decoder.number();
    return (upper << 64) | decoder.number();
}

void put(store::Encoder& encoder, const Ipv6Entry& entry, const Ipv6Entry& before) {
    put_wide(encoder, entry.range.first.bits - before.range.first.bits);
    put_wide(encoder, entry.range.last.bits - entry.range.first.bits);
}
void take(store::Decoder& decoder, Ipv6Entry& entry, const Ipv6Entry& before) {
    entry.range.first.bits = before.range.first.bits + take_wide(decoder);
    entry.range.last.bits = entry.range.first.bits + take_wide(decoder);
}

void put(store::Encoder& encoder, const NameEntry& entry, const NameEntry& /*before*/) {
    encoder.text(entry.key).number(static_cast<std::uint64_t>(entry.scope));
}
void take(store::Decoder& decoder, NameEntry& entry, const NameEntry& /*before*/) {
    entry.key = decoder.text();
    entry.scope = static_cast<NameScope>(decoder.number() % 3);
}

// Each entry as its difference to the one before it.
template <class E>
void encode_list(RecordKind kind, LayerId layer, bool is_added, const std::vector<E>& entries,
                 const RecordTaker& take_record) {
    for (std::size_t i = 0; i < entries.size();) {
        store::Encoder body;
        E before;
        std::size_t count = 0;
        for (; i < entries.size() && body.size() < kPieceSize; ++i, ++count) {
            put(body, entries[i], before);
            body.number(folded(std::int64_t{entries[i].value} - std::int64_t{before.value}));
            before = entries[i];
        }
        store::Encoder record = begin_record(kind);
        record.number(layer).flag(is_added).number(count).text(body.take());
        take_record(record.take());
    }
}

template <class E>
bool decode_list(store::Decoder& record, std::vector<E>& entries) {
    const std::uint64_t count = record.number();
    store::Decoder body{record.text()};
    E before;
    for (std::uint64_t i = 0; i < count && !body.is_damaged(); ++i) {
        E entry;
        take(body, entry, before);
        entry.value =
            static_cast<std::uint32_t>(std::int64_t{before.value} + unfolded(body.number()));
        entries.push_back(entry);
        before = std::move(entry);
    }
    return !record.is_damaged() && !body.is_damaged();
}

EntriesImage& image_of(Inverse& inverse, LayerId layer) {
    const auto found =
        std::find_if(inverse.entries.begin(), inverse.entries.end(),
                     [&](const EntriesImage& image) { return image.layer == layer; });
    if (found != inverse.entries.end()) {
        return *found;
    }
    inverse.entries.emplace_back().layer = layer;
    return inverse.entries.back();
}

bool decode_values(store::Decoder& record, EntriesImage& image) {
    for (std::uint64_t count = record.number(); count > 0 && !record.is_damaged(); --count) {
        const auto id = static_cast<std::uint32_t>(record.number());
        image.values.emplace_back(id, record.text());
    }
    return !record.is_damaged();
}

bool decode_record_image(store::Decoder& record, std::vector<RecordImage>& images) {
    RecordImage image;
    image.table = static_cast<store::Table>(record.number());
    image.key = record.text();
    image.after = record.number();
    if (record.flag()) {
        image.before = std::string{record.text()};
    }
    const bool is_known = image.table == store::Table::Complaints ||
                          image.table == store::Table::Messages ||
                          image.table == store::Table::Requests;
    images.push_back(std::move(image));
    return is_known && !record.is_damaged();
}

}  // namespace

std::string encode_header(const Inverse& inverse) {
    store::Encoder encoder;
    encoder.number(static_cast<std::uint64_t>(inverse.kind))
        .number(inverse.added_first)
        .number(inverse.added_count)
        .number(inverse.feeds.size());
    for (const FeedImage& feed : inverse.feeds) {
        encoder.text(feed.name).text(feed.before).text(feed.after);
    }
    return encoder.take();
}

std::optional<Inverse> decode_header(std::string_view bytes) {
    store::Decoder decoder{bytes};
    Inverse inverse;
    const std::uint64_t kind = decoder.number();
    inverse.kind = static_cast<Inverse::Kind>(kind);
    inverse.added_first = static_cast<store::ListingId>(decoder.number());
    inverse.added_count = static_cast<std::uint32_t>(decoder.number());
    for (std::uint64_t feeds = decoder.number(); feeds > 0 && !decoder.is_damaged(); --feeds) {
        FeedImage& feed = inverse.feeds.emplace_back();
        feed.name = decoder.text();
        feed.before = decoder.text();
        feed.after = decoder.text();
    }
    const bool is_known = kind <= static_cast<std::uint64_t>(Inverse::Kind::InFile);
    return decoder.is_damaged() || !is_known ? std::nullopt : std::optional{std::move(inverse)};
}

std::string encode_image(const ListingImage& image) {
    store::Encoder encoder = begin_record(RecordKind::Listing);
    encoder.number(image.id).number(image.decided).text(image.before);
    return encoder.take();
}

std::optional<ListingImage> decode_image(std::string_view bytes) {
    store::Decoder decoder{bytes};
    if (decoder.number() != static_cast<std::uint64_t>(RecordKind::Listing)) {
        return std::nullopt;
    }
    ListingImage image;
    image.id = static_cast<store::ListingId>(decoder.number());
    image.decided = decoder.number();
    image.before = decoder.text();
    return decoder.is_damaged() ? std::nullopt : std::optional{std::move(image)};
}

std::string encode_map_image(const MapImage& image) {
    store::Encoder encoder = begin_record(RecordKind::Map);
    encoder.text(image.name).text(image.before).text(image.after);
    return encoder.take();
}

std::string encode_map_block(const MapBlockImage& image) {
    store::Encoder encoder = begin_record(RecordKind::MapBlock);
    encoder.text(image.key).flag(image.before.has_value()).text(image.before.value_or(""));
    return encoder.take();
}

std::uint64_t hash_of(std::optional<std::string_view> record) {
    return record ? content_hash(*record) : 0;
}

std::string encode_record_image(const RecordImage& image) {
    store::Encoder encoder = begin_record(RecordKind::Record);
    encoder.number(static_cast<std::uint64_t>(image.table))
        .text(image.key)
        .number(image.after)
        .flag(image.before.has_value());
    if (image.before) {
        encoder.text(*image.before);
    }
    return encoder.take();
}

void encode_values(const store::Transaction& transaction, LayerId layer, const EntryList& entries,
                   const RecordTaker& take_record) {
    std::vector<std::uint32_t> ids;
    const auto collect = [&ids](const auto& list) {
        for (const auto& entry : list) {
            if (ids.empty() || ids.back() != entry.value) {
                ids.push_back(entry.value);
            }
        }
    };
    collect(entries.ipv4);
    collect(entries.ipv6);
    collect(entries.names);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (std::size_t i = 0; i < ids.size();) {
        store::Encoder body;
        std::size_t count = 0;
        for (; i < ids.size() && body.size() < kPieceSize; ++i, ++count) {
            body.number(ids[i]).text(value_record(transaction, ids[i]));
        }
        store::Encoder record = begin_record(RecordKind::Values);
        record.number(layer).number(count);
        take_record(record.take() + body.take());
    }
}

void encode_entries(LayerId layer, bool is_added, const EntryList& entries,
                    const RecordTaker& take_record) {
    encode_list(RecordKind::Ipv4, layer, is_added, entries.ipv4, take_record);
    encode_list(RecordKind::Ipv6, layer, is_added, entries.ipv6, take_record);
    encode_list(RecordKind::Names, layer, is_added, entries.names, take_record);
}

bool decode_record(std::string_view bytes, Inverse& inverse) {
    store::Decoder decoder{bytes};
    const auto kind = static_cast<RecordKind>(decoder.number());
    if (kind == RecordKind::Listing) {
        auto image = decode_image(bytes);
        if (image) {
            inverse.listings.push_back(std::move(*image));
        }
        return image.has_value();
    }
    if (kind == RecordKind::Map) {
        MapImage& map = inverse.maps.emplace_back();
        map.name = decoder.text();
        map.before = decoder.text();
        map.after = decoder.text();
        return !decoder.is_damaged();
    }
    if (kind == RecordKind::MapBlock) {
        MapBlockImage& block = inverse.map_blocks.emplace_back();
        block.key = decoder.text();
        const bool was_there = decoder.flag();
        const std::string_view before = decoder.text();
        if (was_there) {
            block.before = before;
        }
        return !decoder.is_damaged();
    }
    if (kind == RecordKind::Record) {
        return decode_record_image(decoder, inverse.records);
    }
    EntriesImage& image = image_of(inverse, static_cast<LayerId>(decoder.number()));
    if (kind == RecordKind::Values) {
        return decode_values(decoder, image);
    }
    EntryList& list = decoder.flag() ? image.added : image.removed;
    switch (kind) {
        case RecordKind::Ipv4:
            return decode_list(decoder, list.ipv4);
        case RecordKind::Ipv6:
            return decode_list(decoder, list.ipv6);
        case RecordKind::Names:
            return decode_list(decoder, list.names);
        default:
            return false;
    }
}

}  // namespace ostrakon::policy
