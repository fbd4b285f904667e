// The walk over a stretch of addresses that finds what holds at each of its places. Included by
// derive.cpp only.
//
// Its cost grows with the number of entries and not with how deep they lie in one another: a list
// from elsewhere may hold a hundred thousand ranges around one address.
#pragma once

#include "set_builder.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <set>
#include <vector>

namespace ostrakon::policy {

template <class A>
struct Stretch {
    net::Range<A> range;  // clipped to the window
    Holder holder;
};

/// What holds at the place that a walk has reached.
template <class A>
class ActiveStretches {
public:
    void add(const Stretch<A>& stretch) {
        ends_.push({stretch.range.last, holders_.insert(stretch.holder)});
    }
    void drop_before(A at) {
        while (!ends_.empty() && ends_.top().last < at) {
            holders_.erase(ends_.top().holder);
            ends_.pop();
        }
    }
    bool is_empty() const { return ends_.empty(); }
    std::optional<A> first_end() const {
        return ends_.empty() ? std::nullopt : std::optional{ends_.top().last};
    }
    /// Of each layer the most specific first, of a feed's not more than can matter.
    void list(std::vector<Holder>& holders) const {
        holders.clear();
        std::size_t of_layer = 0;
        for (auto at = holders_.begin(); at != holders_.end();) {
            of_layer = !holders.empty() && holders.back().layer == at->layer ? of_layer + 1 : 1;
            if (of_layer > kHoldersOfFeedMax && at->layer != kOwnLayer) {
                at = holders_.lower_bound(Holder{at->layer + 1, 0, 0});
                continue;
            }
            holders.push_back(*at++);
        }
    }

private:
    using Holders = std::multiset<Holder>;
    struct End {
        A last;
        typename Holders::iterator holder;
        friend bool operator<(const End& a, const End& b) { return a.last > b.last; }
    };
    Holders holders_;
    std::priority_queue<End> ends_;  // the first to end is on top
};

/// Walks over stretches from number `next` on as long as none meets another, and moves `at` behind
/// the last of them; returns the number of the first that was not walked over. Nothing holds at
/// `at` but what these give.
template <class A, class Emit>
std::size_t sweep_apart(const std::vector<Stretch<A>>& stretches, std::size_t next, A& at,
                        SetBuilder& builder, Emit&& emit) {
    using Bits = typename A::Bits;
    for (; next < stretches.size(); ++next) {
        const Stretch<A>& stretch = stretches[next];
        const bool is_met =
            next + 1 < stretches.size() && stretches[next + 1].range.first <= stretch.range.last;
        if (is_met || stretch.range.first < at) {
            break;
        }
        if (at < stretch.range.first) {
            emit(at, SetId{0});
        }
        emit(stretch.range.first, builder.id_of({&stretch.holder, 1}));
        if (stretch.range.last.bits == static_cast<Bits>(~Bits{0})) {
            return next + 1;  // nothing is behind the last address of all
        }
        at = A{static_cast<Bits>(stretch.range.last.bits + 1)};
    }
    return next;
}

/// Walks over a window once and calls emit(start, set) where the set changes. Sorts the stretches.
template <class A, class Emit>
void sweep(std::vector<Stretch<A>>& stretches, net::Range<A> window, SetBuilder& builder,
           Emit&& emit) {
    using Bits = typename A::Bits;
    const auto begins_before = [](const Stretch<A>& a, const Stretch<A>& b) {
        return a.range.first < b.range.first;
    };
    if (!std::is_sorted(stretches.begin(), stretches.end(), begins_before)) {
        std::sort(stretches.begin(), stretches.end(), begins_before);
    }
    ActiveStretches<A> active;
    std::vector<Holder> holders;
    std::size_t next = 0;
    A at = window.first;
    std::optional<SetId> previous;
    const auto emit_change = [&](A start, SetId set) {
        if (previous != set) {
            emit(start, set);
            previous = set;
        }
    };
    while (true) {
        active.drop_before(at);
        if (active.is_empty()) {
            // Most often single addresses follow, apart from each other: no need to sort who holds.
            next = sweep_apart(stretches, next, at, builder, emit_change);
            if (next > 0 && stretches[next - 1].range.last == window.last) {
                return;
            }
        }
        for (; next < stretches.size() && stretches[next].range.first <= at; ++next) {
            active.add(stretches[next]);
        }
        A until = std::min(window.last, active.first_end().value_or(window.last));
        if (next < stretches.size()) {
            until = std::min(until, A{static_cast<Bits>(stretches[next].range.first.bits - 1)});
        }
        active.list(holders);
        const SetId set = builder.id_of(holders);
        emit_change(at, set);
        if (until == window.last) {
            return;
        }
        at = A{static_cast<Bits>(until.bits + 1)};
    }
}

}  // namespace ostrakon::policy
