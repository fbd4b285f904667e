#include "ostrakon/policy/reindex.hpp"

#include "ostrakon/policy/derive.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace ostrakon::policy {
namespace {

using store::Table;

void reindex_bucket(Deriver& deriver, std::uint32_t upper, store::IndexWriter& index) {
    const std::vector<store::Ipv4Segment> segments = deriver.ipv4(upper);
    if (segments.size() == 1 && segments.front().set == 0) {
        index.erase(Table::IndexIpv4, store::bucket_key(upper));
    } else {
        index.put(Table::IndexIpv4, store::bucket_key(upper), store::encode_bucket(segments));
    }
}

// The blocks of the index that a window of addresses touches, as they are before the change.
struct OldBlocks {
    std::vector<std::string> keys;
    std::vector<store::Ipv6Segment> segments;
    SetId set_before = 0;                 // in force just before the first of the blocks
    std::optional<net::Ipv6> next_block;  // the first boundary behind them
};

OldBlocks load_blocks(const store::Transaction& transaction, net::Ipv6Range window) {
    OldBlocks old;
    store::Cursor cursor{transaction, Table::IndexIpv6};
    const std::string last = store::ipv6_key(window.last);
    bool more = cursor.seek_at_or_before(store::ipv6_key(window.first));
    if (!more) {
        more = cursor.first();
    } else {
        store::Cursor before{transaction, Table::IndexIpv6};
        if (before.seek(cursor.key()) && before.previous()) {
            const store::Ipv6Block block{before.value().data()};
            old.set_before = block.set(block.segment_count() - 1);
        }
    }
    for (; more && cursor.key() <= last; more = cursor.next()) {
        old.keys.emplace_back(cursor.key());
        const auto segments = store::decode_block(cursor.value());
        old.segments.insert(old.segments.end(), segments.begin(), segments.end());
    }
    if (more) {
        old.next_block = store::Ipv6Block{cursor.value().data()}.start(0);
    }
    return old;
}

// The old segments with those of the window put in place of what was there.
std::vector<store::Ipv6Segment> splice(const OldBlocks& old, net::Ipv6Range window,
                                       const std::vector<store::Ipv6Segment>& fresh) {
    std::vector<store::Ipv6Segment> merged;
    const auto append = [&](const store::Ipv6Segment& segment) {
        if ((merged.empty() ? old.set_before : merged.back().set) != segment.set) {
            merged.push_back(segment);
        }
    };
    auto at = old.segments.begin();
    SetId set_behind = old.set_before;
    for (; at != old.segments.end() && at->start < window.first; ++at) {
        append(*at);
        set_behind = at->set;
    }
    for (const store::Ipv6Segment& segment : fresh) {
        append(segment);
    }
    for (; at != old.segments.end() && at->start <= window.last; ++at) {
        set_behind = at->set;
    }
    if (window.last != net::everything<net::Ipv6>().last) {
        const net::Ipv6 behind{window.last.bits + 1};
        // A boundary that is there already, in these blocks or as the first of the next, stays.
        const auto next = at != old.segments.end() ? std::optional{at->start} : old.next_block;
        if (next != behind) {
            append({behind, set_behind});
        }
    }
    for (; at != old.segments.end(); ++at) {
        append(*at);
    }
    return merged;
}

void reindex_window(const store::Transaction& transaction, Deriver& deriver, net::Ipv6Range window,
                    store::IndexWriter& index) {
    const std::vector<store::Ipv6Segment> fresh = deriver.ipv6(window);
    const OldBlocks old = load_blocks(transaction, window);
    const std::vector<store::Ipv6Segment> merged = splice(old, window, fresh);
    const std::size_t blocks =
        (merged.size() + store::kBlockSegmentsMax - 1) / store::kBlockSegmentsMax;
    std::vector<std::string> kept;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
        const std::size_t end =
            merged.size() * (i + 1) / blocks;  // evenly, so that blocks can grow
        const std::span<const store::Ipv6Segment> segments{merged.data() + begin, end - begin};
        kept.push_back(store::ipv6_key(segments.front().start));
        index.put(Table::IndexIpv6, kept.back(), store::encode_block(segments));
        begin = end;
    }
    for (const std::string& key : old.keys) {
        if (!std::binary_search(kept.begin(), kept.end(), key)) {
            index.erase(Table::IndexIpv6, key);
        }
    }
}

// Ranges that fall into one block of the index become one window, so that each block is written
// once.
std::vector<net::Ipv6Range> windows_of(const store::Transaction& transaction,
                                       std::vector<net::Ipv6Range> ranges) {
    std::sort(ranges.begin(), ranges.end());
    std::vector<net::Ipv6Range> windows;
    store::Cursor cursor{transaction, Table::IndexIpv6};
    std::string limit;  // the first key behind the present window's block
    bool limited = false;
    for (const net::Ipv6Range& range : ranges) {
        const bool joins = !windows.empty() && (range.first <= windows.back().last ||
                                                (!limited || store::ipv6_key(range.first) < limit));
        if (joins) {
            windows.back().last = std::max(windows.back().last, range.last);
            continue;
        }
        windows.push_back(range);
        limited = cursor.seek(store::ipv6_key(range.first));
        if (limited && cursor.key() == store::ipv6_key(range.first)) {
            limited = cursor.next();
        }
        limit = limited ? std::string{cursor.key()} : std::string{};
    }
    return windows;
}

void reindex_subtree(const store::Transaction& transaction, Deriver& deriver,
                     const std::string& subtree, store::IndexWriter& index) {
    std::vector<std::pair<std::string, store::NameNode>> fresh;
    deriver.names(subtree, [&](const std::string& key, const store::NameNode& node) {
        fresh.emplace_back(key, node);
    });
    std::vector<std::string> gone;
    store::Cursor cursor{transaction, Table::IndexName};
    auto at = fresh.begin();
    for (bool more = cursor.seek(subtree); more && cursor.key().starts_with(subtree);
         more = cursor.next()) {
        while (at != fresh.end() && at->first < cursor.key()) {
            ++at;
        }
        if (at == fresh.end() || at->first != cursor.key()) {
            gone.emplace_back(cursor.key());
        }
    }
    for (const std::string& key : gone) {
        index.erase(Table::IndexName, key);
    }
    for (const auto& [key, node] : fresh) {
        index.put(Table::IndexName, key, store::encode(node));
    }
}

void reindex_patterns(const store::Transaction& transaction, Deriver& deriver,
                      store::IndexWriter& index) {
    std::map<std::string, SetId> fresh;
    deriver.patterns([&](const std::string& pattern, SetId set) { fresh.emplace(pattern, set); });
    std::vector<std::string> gone;
    store::Cursor cursor{transaction, Table::IndexPattern};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        if (!fresh.contains(std::string{cursor.key()})) {
            gone.emplace_back(cursor.key());
        }
    }
    for (const std::string& pattern : gone) {
        index.erase(Table::IndexPattern, pattern);
    }
    for (const auto& [pattern, set] : fresh) {
        index.put(Table::IndexPattern, pattern, store::bucket_key(set));
    }
}

}  // namespace

void reindex(store::WriteTransaction& transaction, const Catalogue& catalogue,
             TouchedRanges&& touched, store::IndexWriter& index) {
    DatabaseSetInterner interner{transaction};
    Deriver deriver{transaction, catalogue, interner};
    for (std::uint32_t upper = 0; upper < touched.buckets_.size(); ++upper) {
        if (touched.buckets_[upper]) {
            reindex_bucket(deriver, upper, index);
        }
    }
    for (const net::Ipv6Range& window : windows_of(transaction, std::move(touched.ipv6_))) {
        reindex_window(transaction, deriver, window, index);
    }
    if (touched.free_patterns_) {
        reindex_patterns(transaction, deriver, index);
    }
    std::sort(touched.names_.begin(), touched.names_.end());
    const std::string* done = nullptr;
    for (const std::string& subtree : touched.names_) {
        if (done == nullptr || !subtree.starts_with(*done)) {
            reindex_subtree(transaction, deriver, subtree, index);
            done = &subtree;
        }
    }
}

}  // namespace ostrakon::policy
