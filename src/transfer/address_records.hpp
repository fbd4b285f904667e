// The listed addresses of one family as records: a walk down the tree of octets or nibbles.
#pragma once

#include "ostrakon/transfer/listed_ranges.hpp"
#include "record_queue.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::transfer {

template <class A>
class AddressRecords {
public:
    AddressRecords(Contents& contents, RecordQueue& queue);

    /// Makes the next records, a few hundred at most; false if there are no more.
    bool make_some();

private:
    static constexpr int kBitsOfLabel = A::kWidth == 32 ? 8 : 4;
    static constexpr int kDepth = A::kWidth / kBitsOfLabel;

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
    std::vector<Frame> path_;
};

}  // namespace ostrakon::transfer
