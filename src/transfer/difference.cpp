#include "ostrakon/transfer/difference.hpp"

#include "address_records.hpp"
#include "name_records.hpp"
#include "record_queue.hpp"

#include <algorithm>
#include <iterator>

namespace ostrakon::transfer {
namespace {

using Records = std::vector<Record>;

// Overlapping ranges and neighbours become one.
template <class A>
std::vector<net::Range<A>> joined(std::vector<net::Range<A>> ranges) {
    std::sort(ranges.begin(), ranges.end());
    std::vector<net::Range<A>> joined;
    for (const net::Range<A>& range : ranges) {
        if (!joined.empty() && range.first <= joined.back().last) {
            joined.back().last = std::max(joined.back().last, range.last);
        } else {
            joined.push_back(range);
        }
    }
    return joined;
}

// Adds what a walk makes; false where that is too much.
template <class Walk>
bool take_all(Walk& walk, RecordQueue& queue, Records& records) {
    while (walk.make_some()) {
        while (!queue.is_empty()) {
            records.push_back(queue.take());
        }
        if (records.size() > kComparedRecordsMax) {
            return false;
        }
    }
    return true;
}

// What stands at a block for all that has no record of its own there.
template <class A>
AnswerPtr wildcard_at(const WalkedBlocks<A>& walked, A first, int depth) {
    for (int above = depth; above > 0; --above) {
        const net::Range<A> block = net::prefix(first, above * AddressRecords<A>::kBitsOfLabel);
        const auto found = walked.find({block.first, above});
        if (found != walked.end()) {
            const bool counts = above == depth || found->second.is_closed;
            return counts ? found->second.wildcard : nullptr;
        }
    }
    return nullptr;
}

// Records of the places in both states. Where a wildcard is another one, all of its block becomes a
// place.
template <class A>
class AddressComparison {
public:
    AddressComparison(Contents& before, Contents& after, std::vector<net::Range<A>> places)
        : before_(before), after_(after), places_(joined(std::move(places))) {}

    bool run(Records& before, Records& after) {
        while (!places_.empty()) {
            Side sides[2];
            if (!walk(before_, sides[0]) || !walk(after_, sides[1])) {
                return false;
            }
            if (!add_places(sides[0].walked, sides[1].walked)) {
                std::move(sides[0].records.begin(), sides[0].records.end(),
                          std::back_inserter(before));
                std::move(sides[1].records.begin(), sides[1].records.end(),
                          std::back_inserter(after));
                break;
            }
        }
        return true;
    }

private:
    struct Side {
        WalkedBlocks<A> walked;
        Records records;
    };

    bool walk(Contents& contents, Side& side) {
        RecordQueue queue{contents};
        AddressRecords<A> records{contents, queue, &places_, &side.walked};
        return take_all(records, queue, side.records);
    }

    // True if there are more places now.
    bool add_places(const WalkedBlocks<A>& before, const WalkedBlocks<A>& after) {
        std::vector<net::Range<A>> more;
        for (const WalkedBlocks<A>* side : {&before, &after}) {
            for (const auto& [at, block] : *side) {
                const auto& [first, depth] = at;
                const net::Range<A> range =
                    net::prefix(first, depth * AddressRecords<A>::kBitsOfLabel);
                if (!is_place(range) && !are_same(wildcard_at(before, first, depth),
                                                  wildcard_at(after, first, depth))) {
                    more.push_back(range);
                }
            }
        }
        if (more.empty()) {
            return false;
        }
        more.insert(more.end(), places_.begin(), places_.end());
        places_ = joined(std::move(more));
        return true;
    }

    bool is_place(const net::Range<A>& range) const {
        const auto at = std::lower_bound(
            places_.begin(), places_.end(), range.first,
            [](const net::Range<A>& place, A wanted) { return place.last < wanted; });
        return at != places_.end() && at->first <= range.first && range.last <= at->last;
    }

    Contents& before_;
    Contents& after_;
    std::vector<net::Range<A>> places_;
};

// The subtrees that hold all nodes which names have been made for: a name's own, or the one that is
// listed as a whole above it.
std::vector<std::string> subtrees_of(Contents& before, Contents& after,
                                     const std::vector<std::string>& names) {
    const std::vector<std::string> nowhere;
    ListedNames names_before{before, &nowhere};
    ListedNames names_after{after, &nowhere};
    std::vector<std::string> roots;
    for (const std::string& name : names) {
        std::string root_before = names_before.topmost_cover(name);
        std::string root_after = names_after.topmost_cover(name);
        roots.push_back(root_before.size() < root_after.size() ? std::move(root_before)
                                                               : std::move(root_after));
    }
    std::sort(roots.begin(), roots.end());
    std::vector<std::string> subtrees;
    for (std::string& root : roots) {
        if (subtrees.empty() || !root.starts_with(subtrees.back())) {
            subtrees.push_back(std::move(root));
        }
    }
    return subtrees;
}

bool take_names(Contents& contents, const std::vector<std::string>& subtrees, Records& records) {
    RecordQueue queue{contents};
    NameRecords names{contents, queue, &subtrees};
    return take_all(names, queue, records);
}

Records without(const Records& from, const Records& others) {
    Records rest;
    std::set_difference(from.begin(), from.end(), others.begin(), others.end(),
                        std::back_inserter(rest));
    return rest;
}

}  // namespace

std::optional<Difference> difference_between(Contents& before, Contents& after,
                                             const policy::Touched& touched) {
    if (touched.is_everything) {
        return std::nullopt;
    }
    Records old_records;
    Records new_records;
    const std::vector<std::string> subtrees = subtrees_of(before, after, touched.names);
    const bool is_done =
        AddressComparison{before, after, touched.ipv4}.run(old_records, new_records) &&
        AddressComparison{before, after, touched.ipv6}.run(old_records, new_records) &&
        take_names(before, subtrees, old_records) && take_names(after, subtrees, new_records);
    if (!is_done || !before.check() || !after.check()) {
        return std::nullopt;
    }
    std::sort(old_records.begin(), old_records.end());
    std::sort(new_records.begin(), new_records.end());
    return Difference{before.serial(), after.serial(), without(old_records, new_records),
                      without(new_records, old_records)};
}

std::size_t size_of(const Difference& difference) {
    std::size_t bytes = sizeof difference;
    for (const Records* records : {&difference.removed, &difference.added}) {
        for (const Record& record : *records) {
            bytes += sizeof record + record.owner.size() + record.rdata.size();
        }
    }
    return bytes;
}

}  // namespace ostrakon::transfer
