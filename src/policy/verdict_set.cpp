#include "ostrakon/policy/verdict_set.hpp"

#include "ostrakon/policy/content_hash.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>
#include <tuple>

namespace ostrakon::policy {
namespace {

using store::Table;

constexpr std::size_t kKnownMax = 1 << 18;  // forgotten all at once when reached

using Span = std::vector<Candidate>::iterator;

// Whether two items of one rank or layer answer alike for the same time. One that ends sooner is no
// repetition even of one that stays: while both answer, the TTL is that of the shorter life.
bool same_answer(const SetItem& a, const SetItem& b) {
    return std::tie(a.listing_class, a.code, a.is_exception, a.overrides_never, a.end) ==
           std::tie(b.listing_class, b.code, b.is_exception, b.overrides_never, b.end);
}

// Adds what is not there yet, as far as `kept` goes back to `first`.
void keep_distinct(const Candidate& candidate, std::size_t first, std::vector<Candidate>& kept) {
    const auto begin = kept.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::none_of(begin, kept.end(), [&](const Candidate& other) {
            return same_answer(other.item, candidate.item);
        })) {
        kept.push_back(candidate);
    }
}

// Own decisions do not hide each other, but of two that answer alike the wider one never matters.
void keep_own(Span begin, Span end, std::vector<Candidate>& kept) {
    const std::size_t first = kept.size();
    for (Span it = begin; it != end; ++it) {
        keep_distinct(*it, first, kept);
    }
}

// Of a feed's layer only the most specific entry counts; a wider one only when all values of the
// narrower have ended.
void keep_layer(Span begin, Span end, std::vector<Candidate>& kept) {
    for (Span group = begin; group != end;) {
        const Span next = std::find_if(
            group, end, [&](const Candidate& c) { return c.breadth != group->breadth; });
        const std::size_t first = kept.size();
        for (Span it = group; it != next; ++it) {
            keep_distinct(*it, first, kept);
        }
        if (std::any_of(group, next, [](const Candidate& c) { return c.item.end == 0; })) {
            return;
        }
        group = next;
    }
}

// Numbers the breadths of each layer: 0 for the smallest.
void rank(std::vector<Candidate>& sorted) {
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const bool same_layer = i > 0 && sorted[i - 1].item.layer == sorted[i].item.layer;
        const std::uint8_t previous = same_layer ? sorted[i - 1].item.rank : std::uint8_t{0};
        const bool wider = same_layer && sorted[i - 1].breadth != sorted[i].breadth;
        sorted[i].item.rank = static_cast<std::uint8_t>(previous + (wider ? 1 : 0));
    }
}

}  // namespace

std::vector<SetItem> make_set(std::vector<Candidate>& candidates) {
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return std::tie(a.item.layer, a.breadth, a.item) <
               std::tie(b.item.layer, b.breadth, b.item);
    });
    std::vector<Candidate> kept;
    for (Span begin = candidates.begin(); begin != candidates.end();) {
        const Span end = std::find_if(begin, candidates.end(), [&](const Candidate& c) {
            return c.item.layer != begin->item.layer;
        });
        if (begin->item.layer == kOwnLayer) {
            keep_own(begin, end, kept);
        } else {
            keep_layer(begin, end, kept);
        }
        begin = end;
    }
    if (kept.size() > kSetItemsMax) {
        kept.resize(kSetItemsMax);
    }
    rank(kept);
    std::vector<SetItem> items;
    items.reserve(kept.size());
    for (const Candidate& candidate : kept) {
        items.push_back(candidate.item);
    }
    std::sort(items.begin(), items.end(), [](const SetItem& a, const SetItem& b) {
        return std::tie(a.layer, a.rank, a) < std::tie(b.layer, b.rank, b);
    });
    return items;
}

std::string encode_set(const std::vector<SetItem>& items) {
    std::string bytes;
    bytes.reserve(items.size() * kSetItemSize);
    for (const SetItem& item : items) {
        store::append_raw(bytes, item.layer);
        store::append_raw(bytes, item.listing_class);
        store::append_raw(bytes, item.rank);
        store::append_raw(bytes, static_cast<std::uint8_t>((item.is_exception ? 1U : 0U) |
                                                           (item.overrides_never ? 2U : 0U)));
        store::append_raw(bytes, item.code.bits);
        store::append_raw(bytes, item.end);
    }
    return bytes;
}

SetId SetInterner::id_of(const std::string& content) {
    if (content.empty()) {
        return 0;
    }
    if (const auto found = known_.find(content); found != known_.end()) {
        return found->second;
    }
    const SetId id = find_or_add(content);
    if (known_.size() >= kKnownMax) {
        known_.clear();
    }
    known_.emplace(content, id);
    return id;
}

SetId DatabaseSetInterner::find_or_add(const std::string& content) {
    std::string key;
    store::append_raw(key, content_hash(content));
    std::string ids{transaction_.get(Table::SetIds, key).value_or(std::string_view{})};
    for (std::size_t at = 0; at < ids.size(); at += sizeof(SetId)) {
        const auto id = store::load_raw<SetId>(ids.data() + at);
        if (read_set(transaction_, id) == content) {
            return id;
        }
    }
    const auto id = static_cast<SetId>(store::take_next(transaction_, store::meta_key::kNextSet));
    store::append_raw(ids, id);
    transaction_.put(Table::SetIds, key, ids);
    transaction_.put(Table::Sets, store::bucket_key(id), content);
    return id;
}

SetId PrivateSetInterner::find_or_add(const std::string& content) {
    return ids_.emplace(content, static_cast<SetId>(ids_.size() + 1)).first->second;
}

std::string_view read_set(const store::Transaction& transaction, SetId id) noexcept {
    return id == 0
               ? std::string_view{}
               : transaction.get(Table::Sets, store::bucket_key(id)).value_or(std::string_view{});
}

}  // namespace ostrakon::policy
