#include "ostrakon/policy/verdict_set.hpp"

#include "ostrakon/policy/content_hash.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>
#include <tuple>

namespace ostrakon::policy {
namespace {

using store::Table;

constexpr std::size_t kSetsKnownMax = 1 << 18;  // forgotten all at once when reached

// Items of one feed's layer: more lie at one place only where somebody means harm.
constexpr std::size_t kItemsOfFeedMax = 64;
constexpr std::size_t kOwnItemsMin = 127;  // what own decisions do not give up to feeds

using Span = std::vector<Candidate>::iterator;

// Whether two items of one rank or layer answer alike for the same time. One that ends sooner is no
// repetition even of one that stays: while both answer, the TTL is that of the shorter life.
bool same_answer(const SetItem& a, const SetItem& b) {
    return std::tie(a.listing_class, a.code, a.is_exception, a.overrides_never, a.end, a.glob) ==
           std::tie(b.listing_class, b.code, b.is_exception, b.overrides_never, b.end, b.glob);
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
    const std::size_t first_of_layer = kept.size();
    for (Span group = begin; group != end;) {
        const Span next = std::find_if(
            group, end, [&](const Candidate& c) { return c.breadth != group->breadth; });
        const std::size_t first = kept.size();
        for (Span it = group; it != next; ++it) {
            keep_distinct(*it, first, kept);
        }
        const bool is_full = kept.size() - first_of_layer >= kItemsOfFeedMax;
        if (is_full ||
            std::any_of(group, next, [](const Candidate& c) { return c.item.end == 0; })) {
            kept.resize(std::min(kept.size(), first_of_layer + kItemsOfFeedMax));
            return;
        }
        group = next;
    }
}

// Calls visit(begin, end) for each layer.
template <class Visit>
void for_each_layer(std::vector<Candidate>& sorted, Visit&& visit) {
    for (Span begin = sorted.begin(); begin != sorted.end();) {
        const Span end = std::find_if(begin, sorted.end(), [&](const Candidate& c) {
            return c.item.layer != begin->item.layer;
        });
        visit(begin, end);
        begin = end;
    }
}

// Where more is kept than fits, every layer gives up its widest: no list pushes another one out.
void bound(std::vector<Candidate>& kept) {
    std::size_t quota = kSetItemsMax;
    const auto size = [&](Span begin, Span end) {
        const auto all = static_cast<std::size_t>(end - begin);
        return std::min(all,
                        begin->item.layer == kOwnLayer ? std::max(quota, kOwnItemsMin) : quota);
    };
    const auto total = [&] {
        std::size_t sum = 0;
        for_each_layer(kept, [&](Span begin, Span end) { sum += size(begin, end); });
        return sum;
    };
    while (quota > 1 && total() > kSetItemsMax) {
        --quota;
    }
    std::vector<Candidate> bounded;
    for_each_layer(kept, [&](Span begin, Span end) {
        bounded.insert(bounded.end(), begin, begin + static_cast<std::ptrdiff_t>(size(begin, end)));
    });
    bounded.resize(std::min(bounded.size(), kSetItemsMax));
    kept = std::move(bounded);
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

// What ended before 1970 has ended in its first second, too.
std::uint64_t end_bits(std::int64_t end) {
    constexpr std::int64_t kEndMax = (std::int64_t{1} << kEndBits) - 1;
    return end == 0 ? 0 : static_cast<std::uint64_t>(std::clamp<std::int64_t>(end, 1, kEndMax));
}

std::uint32_t known_glob(const store::Transaction& transaction, std::string_view glob) {
    const auto number = transaction.get(Table::GlobIds, glob);
    return number && number->size() == sizeof(std::uint32_t)
               ? store::load_raw<std::uint32_t>(number->data())
               : 0;
}

}  // namespace

std::vector<SetItem> make_set(std::vector<Candidate>& candidates) {
    // Among equals what lives longest stands first, so that it is what stays where not all fits.
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        const auto later = [](const SetItem& item) {
            return item.end == 0 ? INT64_MIN : -item.end;
        };
        return std::tuple{a.item.layer, a.breadth, later(a.item), a.item} <
               std::tuple{b.item.layer, b.breadth, later(b.item), b.item};
    });
    std::vector<Candidate> kept;
    for_each_layer(candidates, [&](Span begin, Span end) {
        begin->item.layer == kOwnLayer ? keep_own(begin, end, kept) : keep_layer(begin, end, kept);
    });
    if (kept.size() > kSetItemsMax) {
        bound(kept);
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
        store::append_raw(bytes, end_bits(item.end) | std::uint64_t{item.glob} << kEndBits);
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
    if (known_.size() >= kSetsKnownMax) {
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
    const SetId id = store::take_next_id(transaction_, store::meta_key::kNextSet);
    store::append_raw(ids, id);
    transaction_.put(Table::SetIds, key, ids);
    transaction_.put(Table::Sets, store::bucket_key(id), content);
    return id;
}

std::uint32_t DatabaseSetInterner::glob_number(std::string_view glob) {
    if (const std::uint32_t known = known_glob(transaction_, glob)) {
        return known;
    }
    const std::uint64_t number = store::take_next(transaction_, store::meta_key::kNextGlob);
    if (number > kGlobMax) {
        transaction_.fail({ErrorCode::Store, "write to the database",
                           "all numbers for patterns are used up",
                           "`ostrakon check --repair` numbers them anew"});
        return 0;
    }
    std::string bytes;
    store::append_raw(bytes, static_cast<std::uint32_t>(number));
    transaction_.put(Table::GlobIds, glob, bytes);
    transaction_.put(Table::Globs, bytes, glob);
    return static_cast<std::uint32_t>(number);
}

std::uint32_t PrivateSetInterner::glob_number(std::string_view glob) {
    if (const std::uint32_t known = known_glob(transaction_, glob)) {
        return known;
    }
    const auto next = static_cast<std::uint32_t>(kGlobMax - unknown_globs_.size());
    return unknown_globs_.emplace(std::string{glob}, next).first->second;
}

SetId PrivateSetInterner::find_or_add(const std::string& content) {
    return ids_.emplace(content, static_cast<SetId>(ids_.size() + 1)).first->second;
}

std::string_view read_glob(const store::Transaction& transaction, std::uint32_t number) noexcept {
    return transaction.get(Table::Globs, store::bucket_key(number)).value_or(std::string_view{});
}

std::string_view read_set(const store::Transaction& transaction, SetId id) noexcept {
    return id == 0
               ? std::string_view{}
               : transaction.get(Table::Sets, store::bucket_key(id)).value_or(std::string_view{});
}

}  // namespace ostrakon::policy
