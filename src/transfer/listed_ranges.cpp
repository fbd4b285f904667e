#include "ostrakon/transfer/listed_ranges.hpp"

#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/store/ipv4_bucket.hpp"
#include "ostrakon/store/ipv6_block.hpp"

#include <algorithm>
#include <set>
#include <type_traits>

namespace ostrakon::transfer {
namespace {

template <class A>
constexpr bool kIsIpv4 = std::is_same_v<A, net::Ipv4>;

template <class A>
A address_behind(A address) {
    return A{static_cast<typename A::Bits>(address.bits + 1)};
}
template <class A>
A address_before(A address) {
    return A{static_cast<typename A::Bits>(address.bits - 1)};
}
template <class A>
constexpr A kLastAddress = net::everything<A>().last;

constexpr net::Ipv6 mapped(net::Ipv4 address) {
    return {net::kMappedIpv4.first.bits | address.bits};
}

template <class A>
const std::vector<net::Range<A>>& never_ranges(const config::ProtectSettings& protect) {
    if constexpr (kIsIpv4<A>) {
        return protect.never_ipv4;
    } else {
        return protect.never_ipv6;
    }
}

// Adds the places where a stretch begins or ends.
template <class A>
void add_ends(net::Range<A> range, std::vector<A>& borders) {
    borders.push_back(range.first);
    if (range.last != kLastAddress<A>) {
        borders.push_back(address_behind(range.last));
    }
}

}  // namespace

template <class A>
ListedRanges<A>::ListedRanges(Contents& contents)
    : contents_(contents),
      table_(contents.transaction(),
             kIsIpv4<A> ? store::Table::IndexIpv4 : store::Table::IndexIpv6),
      is_asked_(contents.zone().kinds.ip) {}

template <class A>
const ListedRange<A>* ListedRanges<A>::find(A at) {
    while (is_asked_) {
        if (!loaded_ || !loaded_->contains(at)) {
            load(at);
        }
        const auto found = std::lower_bound(
            ranges_.begin(), ranges_.end(), at,
            [](const ListedRange<A>& listed, A wanted) { return listed.range.last < wanted; });
        if (found != ranges_.end()) {
            return &*found;
        }
        if (loaded_->last == kLastAddress<A>) {
            return nullptr;
        }
        at = address_behind(loaded_->last);
    }
    return nullptr;
}

// One bucket: the one that holds the address, or else the next one.
template <>
void ListedRanges<net::Ipv4>::load_segments(net::Ipv4 at, std::vector<Segment>& segments) {
    constexpr std::uint32_t kTestBucket = zone::kTestAddress.bits >> 16;
    const std::uint32_t wanted = at.bits >> 16;
    const bool is_there = table_.seek(store::bucket_key(wanted));
    const std::uint32_t found =
        is_there ? store::load_raw<std::uint32_t>(table_.key().data()) : store::kBucketAddresses;
    const bool is_test = wanted <= kTestBucket && kTestBucket < found;
    const std::uint32_t upper = is_test ? kTestBucket : found;
    loaded_ = {net::Ipv4{wanted << 16}, kLastAddress<net::Ipv4>};
    if (upper == store::kBucketAddresses) {
        return;
    }
    loaded_->last = net::Ipv4{upper << 16 | 0xFFFFU};
    if (is_test) {
        return;
    }
    const store::Ipv4Bucket bucket{table_.value().data()};
    for (std::uint32_t i = 0; i < bucket.segment_count(); ++i) {
        const std::uint32_t last =
            i + 1 < bucket.segment_count() ? bucket.start(i + 1) - 1 : 0xFFFFU;
        if (bucket.set(i) != 0) {
            segments.push_back(
                {{net::Ipv4{upper << 16 | bucket.start(i)}, net::Ipv4{upper << 16 | last}},
                 bucket.set(i)});
        }
    }
}

// One block: the one that reaches to the address, or nothing in front of the first one.
template <>
void ListedRanges<net::Ipv6>::load_segments(net::Ipv6 at, std::vector<Segment>& segments) {
    loaded_ = net::everything<net::Ipv6>();
    if (!table_.seek_at_or_before(store::ipv6_key(at))) {
        if (table_.first()) {
            loaded_->last = address_before(store::Ipv6Block{table_.value().data()}.start(0));
        }
        return;
    }
    const store::Ipv6Block block{table_.value().data()};
    loaded_->first = block.start(0);
    if (table_.next()) {
        loaded_->last = address_before(store::Ipv6Block{table_.value().data()}.start(0));
    }
    for (std::uint32_t i = 0; i < block.segment_count(); ++i) {
        const net::Ipv6 last =
            i + 1 < block.segment_count() ? address_before(block.start(i + 1)) : loaded_->last;
        if (block.set(i) != 0) {
            segments.push_back({{block.start(i), last}, block.set(i)});
        }
    }
}

template <class A>
void ListedRanges<A>::load(A at) {
    ranges_.clear();
    std::vector<Segment> segments;
    load_segments(at, segments);
    std::vector<A> borders;
    for (const net::Range<A>& range : never_ranges<A>(contents_.rulebook().protect)) {
        if (range.overlaps(*loaded_)) {
            add_ends(range, borders);
        }
    }
    if constexpr (!kIsIpv4<A>) {
        add_ends(net::kMappedIpv4, borders);  // what lies in it is judged as IPv4
    }
    if (contents_.has_texts()) {
        add_text_borders(segments, borders);
    }
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
    for (const Segment& segment : segments) {
        add(segment, borders);
    }
    put_test_points();
}

// Where other entries begin or end within segments, so that texts may be others though codes are
// not.
template <class A>
void ListedRanges<A>::add_text_borders(const std::vector<Segment>& segments,
                                       std::vector<A>& borders) {
    std::optional<net::Range<A>> window;
    std::set<policy::LayerId> layers;
    for (const Segment& segment : segments) {
        if (segment.range.first == segment.range.last) {
            continue;
        }
        window = {window ? window->first : segment.range.first, segment.range.last};
        const auto& of_set = contents_.layers_of(segment.set);
        layers.insert(of_set.begin(), of_set.end());
    }
    if (!window) {
        return;
    }
    std::vector<policy::Entry<A>> entries;
    for (const policy::LayerId layer : layers) {
        entries.clear();
        policy::collect_entries(contents_.transaction(), layer, *window, entries);
        for (const policy::Entry<A>& entry : entries) {
            add_ends(entry.range, borders);
        }
    }
    if (contents_.has_origins()) {
        for (const net::OriginKind kind : net::kOriginKinds) {
            for (const auto& [range, number] : policy::origin_ranges(
                     contents_.transaction(), contents_.catalogue(), kind, *window)) {
                add_ends(range, borders);
            }
        }
    }
}

template <class A>
void ListedRanges<A>::add(const Segment& segment, const std::vector<A>& borders) {
    A first = segment.range.first;
    for (auto border = std::upper_bound(borders.begin(), borders.end(), first);
         border != borders.end() && *border <= segment.range.last; ++border) {
        append({first, address_before(*border)}, segment.set);
        first = *border;
    }
    append({first, segment.range.last}, segment.set);
}

template <class A>
void ListedRanges<A>::append(net::Range<A> range, policy::SetId set) {
    AnswerPtr answer = contents_.answer(verdict::Subject{range.first}, set);
    if (!answer) {
        return;
    }
    if (!ranges_.empty()) {
        ListedRange<A>& before = ranges_.back();
        if (address_behind(before.range.last) == range.first && before.set == set &&
            are_same(before.answer, answer)) {
            before.range.last = range.last;
            return;
        }
    }
    ranges_.push_back({range, std::move(answer), set});
}

// Puts an answer, or nothing, in the place of what is listed there.
template <class A>
void ListedRanges<A>::put(net::Range<A> range, const AnswerPtr& answer) {
    if (!loaded_->overlaps(range)) {
        return;
    }
    std::vector<ListedRange<A>> others;
    for (const ListedRange<A>& listed : ranges_) {
        if (!listed.range.overlaps(range)) {
            others.push_back(listed);
            continue;
        }
        if (listed.range.first < range.first) {
            others.push_back(
                {{listed.range.first, address_before(range.first)}, listed.answer, listed.set});
        }
        if (range.last < listed.range.last) {
            others.push_back(
                {{address_behind(range.last), listed.range.last}, listed.answer, listed.set});
        }
    }
    if (answer) {
        const auto at = std::find_if(
            others.begin(), others.end(),
            [&](const ListedRange<A>& listed) { return range.first < listed.range.first; });
        others.insert(at, {range, answer, 0});
    }
    ranges_ = std::move(others);
}

// RFC 5782 §5.
template <>
void ListedRanges<net::Ipv4>::put_test_points() {
    put({zone::kNeverListedAddress, zone::kNeverListedAddress}, nullptr);
    put({zone::kTestAddress, zone::kTestAddress}, contents_.answer_of_test_address());
}
template <>
void ListedRanges<net::Ipv6>::put_test_points() {
    put(net::kMappedIpv4, nullptr);
    const net::Ipv6 test = mapped(zone::kTestAddress);
    put({test, test}, contents_.answer_of_test_address());
}

template class ListedRanges<net::Ipv4>;
template class ListedRanges<net::Ipv6>;

}  // namespace ostrakon::transfer
