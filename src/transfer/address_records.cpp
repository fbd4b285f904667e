#include "address_records.hpp"

#include "ostrakon/responder/query_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

namespace ostrakon::transfer {
namespace {

constexpr std::string_view kWildcard{"\x01*", 2};

constexpr unsigned kFirstOfTwoDigits = 10;
/// A shorter name could be that of an IPv4 address's parts.
constexpr int kNibblesOfWildcardMin = 4;

std::string label_of(std::uint8_t value, bool is_octet) {
    std::array<char, 3> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, is_octet ? 10 : 16).ptr;
    const auto size = static_cast<std::size_t>(end - digits.data());
    return static_cast<char>(size) + std::string{digits.data(), size};
}

const std::vector<net::Ipv4Range>& fixed_ranges(const FixedNodes& nodes, net::Ipv4) {
    return nodes.ipv4();
}
const std::vector<net::Ipv6Range>& fixed_ranges(const FixedNodes& nodes, net::Ipv6) {
    return nodes.ipv6();
}

}  // namespace

template <class A>
AddressRecords<A>::AddressRecords(Contents& contents, RecordQueue& queue,
                                  const std::vector<net::Range<A>>* places, WalkedBlocks<A>* walked)
    : contents_(contents),
      queue_(queue),
      ranges_(contents),
      fixed_(fixed_ranges(contents.fixed_nodes(), A{})),
      places_(places),
      walked_(walked) {
    path_.push_back({0, net::everything<A>(), A{}, false, nullptr});
}

template <class A>
bool AddressRecords<A>::make_some() {
    while (!path_.empty() && queue_.is_empty()) {
        Frame& frame = path_.back();
        const auto child = frame.is_done ? std::nullopt : next_child(frame);
        if (!child) {
            path_.pop_back();
            continue;
        }
        frame.is_done = child->last == frame.block.last;
        frame.next = A{static_cast<typename A::Bits>(child->last.bits + 1)};
        const int depth = frame.depth + 1;
        const AnswerPtr above = frame.wildcard;
        enter(depth, *child, above);
    }
    return !queue_.is_empty();
}

// The next block below the frame that has something listed, and something of the places.
template <class A>
std::optional<net::Range<A>> AddressRecords<A>::next_child(const Frame& frame) {
    const int length = (frame.depth + 1) * kBitsOfLabel;
    A at = frame.next;
    while (true) {
        if (places_ != nullptr) {
            const auto place = std::lower_bound(
                places_->begin(), places_->end(), at,
                [](const net::Range<A>& range, A wanted) { return range.last < wanted; });
            if (place == places_->end()) {
                return std::nullopt;
            }
            at = std::max(at, place->first);
        }
        const net::Range<A> block = net::prefix(at, length);
        const ListedRange<A>* const listed = ranges_.find(block.first);
        if (listed == nullptr || frame.block.last < std::max(at, listed->range.first)) {
            return std::nullopt;
        }
        if (listed->range.first <= block.last) {
            return block;
        }
        at = listed->range.first;
        if (places_ == nullptr) {
            return net::prefix(at, length);
        }
    }
}

// Walks through the block as long as it is listed without a gap.
template <class A>
typename AddressRecords<A>::Summary AddressRecords<A>::look_at(net::Range<A> block) {
    Summary summary;
    const ListedRange<A>* listed = ranges_.find(block.first);
    if (listed == nullptr || block.last < listed->range.first) {
        return summary;
    }
    summary.is_empty = false;
    summary.is_uniform = true;
    summary.set = listed->set;
    A at = block.first;
    net::Uint128 lead = 0;  // of the answer that is kept over all others so far
    while (listed != nullptr && listed->range.first <= at) {
        const A last = std::min(listed->range.last, block.last);
        const net::Uint128 size = net::Uint128{last.bits - at.bits} + 1;
        if (!summary.answer) {
            summary.answer = listed->answer;
            lead = size;
        } else if (are_same(summary.answer, listed->answer)) {
            lead += size;
        } else {
            summary.is_uniform = false;
            if (size > lead) {
                summary.answer = listed->answer;
                lead = size - lead;
            } else {
                lead -= size;
            }
        }
        if (last == block.last) {
            summary.is_full = true;
            return summary;
        }
        at = A{static_cast<typename A::Bits>(last.bits + 1)};
        listed = ranges_.find(at);
    }
    return summary;
}

template <class A>
void AddressRecords<A>::enter(int depth, net::Range<A> block, const AnswerPtr& wildcard_above) {
    const Summary summary = look_at(block);
    if (summary.is_empty) {
        return;
    }
    if (depth == kDepth) {
        if (!are_same(wildcard_above, summary.answer) || has_fixed_node(block)) {
            add_address(block.first, summary);
        }
        return;
    }
    Frame frame{depth, block, block.first, false, nullptr};
    const auto note = [&](const AnswerPtr& wildcard, bool is_closed) {
        if (walked_ != nullptr) {
            (*walked_)[{block.first, depth}] = {wildcard, is_closed};
        }
    };
    if (summary.is_full && may_have_wildcard(depth, block.first)) {
        const bool is_way = has_fixed_node(block);
        note(summary.answer, summary.is_uniform && !is_way);
        if (summary.is_uniform && !is_way && are_same(summary.answer, wildcard_above)) {
            return;
        }
        queue_.add_answer(owner_of(depth, block.first, kWildcard), *summary.answer);
        if (summary.is_uniform && !is_way) {
            return;
        }
        frame.wildcard = summary.answer;
    } else {
        note(nullptr, false);
    }
    path_.push_back(std::move(frame));
}

// The record of one address has the texts of its own answer.
template <class A>
void AddressRecords<A>::add_address(A address, const Summary& summary) {
    const std::string owner = owner_of(kDepth, address, {});
    if (summary.set == 0 || !contents_.may_depend_on_query(summary.set)) {
        queue_.add_answer(owner, *summary.answer);
        return;
    }
    const verdict::Subject subject{address};
    const responder::QueryText query{subject, {}};
    if (const AnswerPtr answer = contents_.answer(subject, summary.set, query.view())) {
        queue_.add_answer(owner, *answer);
    }
}

template <class A>
bool AddressRecords<A>::has_fixed_node(net::Range<A> block) const {
    return std::any_of(fixed_.begin(), fixed_.end(),
                       [&](const net::Range<A>& fixed) { return block.contains(fixed); });
}

template <class A>
bool AddressRecords<A>::may_have_wildcard(int depth, A first) {
    if constexpr (std::is_same_v<A, net::Ipv6>) {
        return depth >= kNibblesOfWildcardMin;
    } else {
        // Below labels that are all single digits lie addresses of IPv6, too: *.2 would list
        // 2000::/4.
        for (int i = 0; i < depth; ++i) {
            if ((first.bits >> (24 - 8 * i) & 255U) >= kFirstOfTwoDigits) {
                return true;
            }
        }
        return false;
    }
}

// The name of the node at this depth that holds the address, with a label in front of it.
template <class A>
std::string AddressRecords<A>::owner_of(int depth, A first, std::string_view in_front) {
    constexpr auto kMask = static_cast<std::uint8_t>((1U << kBitsOfLabel) - 1);
    std::string owner{in_front};
    for (int level = depth; level > 0; --level) {
        const auto value =
            static_cast<std::uint8_t>(first.bits >> (A::kWidth - level * kBitsOfLabel)) & kMask;
        owner += label_of(static_cast<std::uint8_t>(value), std::is_same_v<A, net::Ipv4>);
    }
    return owner;
}

template class AddressRecords<net::Ipv4>;
template class AddressRecords<net::Ipv6>;

}  // namespace ostrakon::transfer
