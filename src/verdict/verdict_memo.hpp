// Verdicts of sets without an end, remembered: the same set in the same zone answers the same until
// something changes.
#pragma once

#include "ostrakon/base/zeroed_array.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <algorithm>
#include <array>

namespace ostrakon::verdict {

/// Direct-mapped: a set that falls on another's place takes it.
class VerdictMemo {
public:
    VerdictMemo() : entries_(kEntries) {}

    void clear() noexcept { ++generation_; }  // once a change at most: it does not come round

    bool recall(std::size_t zone, policy::SetId set, Verdict& verdict) const noexcept {
        const Entry& entry = entries_[place(zone, set)];
        if (entry.set != set || entry.zone != zone || entry.generation != generation_) {
            return false;
        }
        verdict.code_count = entry.code_count;
        verdict.mix = entry.mix;
        std::copy_n(entry.codes.begin(), entry.code_count, verdict.codes.begin());
        verdict.listed = entry.code_count != 0;
        verdict.is_own = entry.is_own;
        return true;
    }

    void remember(std::size_t zone, policy::SetId set, const Verdict& verdict) noexcept {
        if (verdict.code_count > kCodes) {
            return;
        }
        Entry& entry = entries_[place(zone, set)];
        entry.set = set;
        entry.generation = generation_;
        entry.zone = static_cast<std::uint32_t>(zone);
        entry.code_count = verdict.code_count;
        entry.mix = verdict.mix;
        entry.is_own = verdict.is_own;
        std::copy_n(verdict.codes.begin(), verdict.code_count, entry.codes.begin());
    }

private:
    static constexpr std::size_t kEntries = 32768;
    static constexpr std::size_t kCodes = 4;
    struct Entry {
        std::uint32_t generation;  // 0: empty
        policy::SetId set;
        std::uint32_t zone;
        std::uint8_t code_count;
        bool is_own;
        ListingMix mix;
        std::array<net::Ipv4, kCodes> codes;
    };

    // Sets that were made one after the other lie side by side: a site with few of them uses few
    // pages.
    static std::size_t place(std::size_t zone, policy::SetId set) noexcept {
        return (set + static_cast<std::uint32_t>(zone) * 40503U) % kEntries;
    }

    ZeroedArray<Entry> entries_;
    std::uint32_t generation_ = 1;
};

}  // namespace ostrakon::verdict
