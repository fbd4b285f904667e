// The listed addresses of one family as records: a walk down the tree of octets or nibbles.
#pragma once

#include "ostrakon/transfer/listed_ranges.hpp"
#include "record_queue.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::transfer {

/// A block of addresses that the walk came through.
template <class A>
struct WalkedBlock {
    AnswerPtr wildcard;      ///< What stands there for all that has no record of its own.
    bool is_closed = false;  ///< All of it has this answer: nothing further down was looked at.
};
/// By where the block begins, and its depth.
template <class A>
using WalkedBlocks = std::map<std::pair<A, int>, WalkedBlock<A>>;

template <class A>
class AddressRecords {
public:
    static constexpr int kBitsOfLabel = A::kWidth == 32 ? 8 : 4;
    static constexpr int kDepth = A::kWidth / kBitsOfLabel;

    /// `places`, ascending and disjoint, are the ranges to which the walk keeps, and the blocks
    /// around them; null: everywhere. `walked`, if given, takes the blocks. Both outlive the walk.
    AddressRecords(Contents& contents, RecordQueue& queue,
                   const std::vector<net::Range<A>>* places = nullptr,
                   WalkedBlocks<A>* walked = nullptr);

    /// Makes the next records, a few hundred at most; false if there are no more.
    bool make_some();

private:
    // A node whose children are being looked at.
    struct Frame {
        int depth = 0;
        net::Range<A> block;
        A next{};  // where the next child begins, at the earliest
        bool is_done = false;
        AnswerPtr wildcard;  // of this node; null: none
    };
    // What a block holds.
    struct Summary {
        bool is_empty = true;
        bool is_full = false;     // every address is listed
        bool is_uniform = false;  // with one answer
        AnswerPtr answer;         // of a full block: that of most addresses, if any has most
        policy::SetId set = 0;    // of the first
    };

    std::optional<net::Range<A>> next_child(const Frame& frame);
    Summary look_at(net::Range<A> block);
    void enter(int depth, net::Range<A> block, const AnswerPtr& wildcard_above);
    void add_address(A address, const Summary& summary);
    bool has_fixed_node(net::Range<A> block) const;
    static bool may_have_wildcard(int depth, A first);
    static std::string owner_of(int depth, A first, std::string_view in_front);

    Contents& contents_;
    RecordQueue& queue_;
    ListedRanges<A> ranges_;
    const std::vector<net::Range<A>>& fixed_;
    const std::vector<net::Range<A>>* places_;
    WalkedBlocks<A>* walked_;
    std::vector<Frame> path_;
};

}  // namespace ostrakon::transfer
