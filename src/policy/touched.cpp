#include "ostrakon/policy/touched.hpp"

#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>

namespace ostrakon::policy {
namespace {

using store::Table;

std::string touched_key(store::ChangeId change) {
    std::string key;
    store::append_big_endian(key, change);
    return key;
}

void append(store::Encoder& encoder, net::Ipv6 address) {
    encoder.number(static_cast<std::uint64_t>(address.bits >> 64))
        .number(static_cast<std::uint64_t>(address.bits));
}

net::Ipv6 read_ipv6(store::Decoder& decoder) {
    const net::Uint128 upper = decoder.number();
    return net::Ipv6{upper << 64 | decoder.number()};
}

// How many of a kind follow; more than there can be counts as damaged.
std::size_t read_count(store::Decoder& decoder, bool& is_sound) {
    const std::uint64_t count = decoder.number();
    is_sound = is_sound && count <= kTouchedMax;
    return is_sound ? count : 0;
}

// Adds what one value says; false where it says everything, or is damaged.
bool add_value(std::string_view bytes, Touched& touched) {
    store::Decoder decoder{bytes};
    if (decoder.flag()) {
        return false;
    }
    bool is_sound = true;
    for (std::size_t left = read_count(decoder, is_sound); left > 0; --left) {
        const auto first = static_cast<std::uint32_t>(decoder.number());
        touched.ipv4.push_back({{first}, {static_cast<std::uint32_t>(decoder.number())}});
    }
    for (std::size_t left = read_count(decoder, is_sound); left > 0; --left) {
        const net::Ipv6 first = read_ipv6(decoder);
        touched.ipv6.push_back({first, read_ipv6(decoder)});
    }
    for (std::size_t left = read_count(decoder, is_sound); left > 0; --left) {
        touched.names.emplace_back(decoder.text());
    }
    return is_sound && !decoder.is_damaged();
}

}  // namespace

void TouchedRanges::add(net::Ipv4Range range) {
    for (std::uint32_t upper = range.first.bits >> 16; upper <= range.last.bits >> 16; ++upper) {
        buckets_[upper] = true;
    }
    if (ipv4_.size() < kTouchedMax) {
        ipv4_.push_back(range);
    } else {
        has_many_ipv4_ = true;
    }
}

void TouchedRanges::add(net::Ipv6Range range) {
    ipv6_.push_back(range);
}

void TouchedRanges::add(const EntryList& entries) {
    for (const Ipv4Entry& entry : entries.ipv4) {
        add(entry.range);
    }
    for (const Ipv6Entry& entry : entries.ipv6) {
        add(entry.range);
    }
    for (const NameEntry& entry : entries.names) {
        if (entry.key.empty()) {
            add_free_patterns();
        } else if (!is_origin_entry_key(entry.key)) {  // whose addresses somebody else says
            add_name(std::string{index_key_of(entry.key)});
        }
    }
}

void TouchedRanges::add_everything() {
    add(net::everything<net::Ipv4>());
    add(net::everything<net::Ipv6>());
    add_name("");
    add_free_patterns();
}

std::string TouchedRanges::encoded() const {
    const bool is_everything = has_many_ipv4_ ||
                               ipv4_.size() + ipv6_.size() + names_.size() > kTouchedMax ||
                               std::any_of(names_.begin(), names_.end(),
                                           [](const std::string& name) { return name.empty(); });
    if (is_everything) {
        return everything_touched();
    }
    store::Encoder encoder;
    encoder.flag(false).number(ipv4_.size());
    for (const net::Ipv4Range& range : ipv4_) {
        encoder.number(range.first.bits).number(range.last.bits);
    }
    encoder.number(ipv6_.size());
    for (const net::Ipv6Range& range : ipv6_) {
        append(encoder, range.first);
        append(encoder, range.last);
    }
    encoder.number(names_.size());
    for (const std::string& name : names_) {
        encoder.text(name);
    }
    return encoder.take();
}

std::string everything_touched() {
    store::Encoder encoder;
    encoder.flag(true);
    return encoder.take();
}

void write_touched(store::WriteTransaction& transaction, store::ChangeId change,
                   std::string_view encoded) {
    const std::string key = touched_key(change);
    std::uint64_t bytes = store::meta_number(transaction, store::meta_key::kTouchedBytes);
    while (bytes + key.size() + encoded.size() > kTouchedBytesMax && !transaction.is_broken()) {
        store::Cursor oldest{transaction, Table::Touched};
        if (!oldest.first()) {
            bytes = 0;
            break;
        }
        bytes -= std::min<std::uint64_t>(bytes, oldest.key().size() + oldest.value().size());
        transaction.erase(Table::Touched, std::string{oldest.key()});
    }
    transaction.put(Table::Touched, key, encoded);
    store::set_meta_number(transaction, store::meta_key::kTouchedBytes,
                           bytes + key.size() + encoded.size());
}

store::ChangeId newest_change(const store::Transaction& transaction) {
    store::Cursor changes{transaction, Table::Changes};
    return changes.last() ? store::load_big_endian<store::ChangeId>(changes.key().data()) : 0;
}

Touched touched_since(const store::Transaction& transaction, store::ChangeId since) {
    Touched everything;
    everything.is_everything = true;
    Touched touched;
    store::Cursor changes{transaction, Table::Changes};
    store::Cursor cursor{transaction, Table::Touched};
    for (bool more = changes.seek(touched_key(since + 1)); more; more = changes.next()) {
        if (!cursor.seek(changes.key()) || cursor.key() != changes.key() ||
            !add_value(cursor.value(), touched)) {
            return everything;
        }
    }
    return touched;
}

}  // namespace ostrakon::policy
