// The addresses that a zone lists, as ranges of one answer each: the index, cut further where
// [protect] never or the texts want it.
//
// Holds one bucket of the IPv4 index or one block of the IPv6 index at a time. Mapped addresses
// (::ffff:0:0/96) are not among those of IPv6: they are those of IPv4, spelled once more. The test
// points are, all of them.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/store/transaction.hpp"
#include "ostrakon/transfer/contents.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace ostrakon::transfer {

template <class A>
struct ListedRange {
    net::Range<A> range;
    AnswerPtr answer;       ///< Its texts hold for all of the range.
    policy::SetId set = 0;  ///< 0: a test point.
};

template <class A>
class ListedRanges {
public:
    /// The contents outlive it. A zone that is not asked about addresses has no ranges.
    explicit ListedRanges(Contents& contents);

    /// The first range that holds `at`, or begins behind it; null if there is none. Neighbours may
    /// have the same answer. Valid until the next call; cheap where `at` ascends.
    const ListedRange<A>* find(A at);

private:
    struct Segment {
        net::Range<A> range;
        policy::SetId set = 0;
    };

    void load(A at);
    void load_segments(A at, std::vector<Segment>& segments);
    void add_text_borders(const std::vector<Segment>& segments, std::vector<A>& borders);
    void add(const Segment& segment, const std::vector<A>& borders);
    void append(net::Range<A> range, policy::SetId set);
    void put(net::Range<A> range, const AnswerPtr& answer);
    void put_test_points();

    Contents& contents_;
    store::Cursor table_;
    bool is_asked_ = false;
    std::optional<net::Range<A>> loaded_;  // what ranges_ is complete for
    std::vector<ListedRange<A>> ranges_;   // ascending, disjoint
};

}  // namespace ostrakon::transfer
