// Where the blocks of the IPv6 index lie, remembered: a descent in the tree saved for each query.
//
// As for the buckets of IPv4, places are good as long as the table has not changed. They are
// collected a few at each renewal, so that no batch waits for all of them; until the last is there,
// nothing is found here.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/store/ipv6_block.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ostrakon::verdict {

class BlockDirectory {
public:
    BlockDirectory() {
        starts_.reserve(kBlocksMax);  // room that costs nothing until it is used
        places_.reserve(kBlocksMax);
    }

    /// Tells the number of the transaction that changed the table last. What was collected before
    /// another number is forgotten.
    void follow(std::uint64_t changed) noexcept {
        if (changed != changed_) {
            changed_ = changed;
            starts_.clear();
            places_.clear();
            state_ = State::Growing;
        }
    }

    /// Collects the next blocks. Allocates nothing. The cursor is moved.
    void grow(const store::Snapshot& snapshot, store::Cursor& table) noexcept {
        if (state_ != State::Growing) {
            return;
        }
        bool more = starts_.empty() ? table.first() : seek_behind(table, starts_.back());
        for (std::size_t i = 0; more && i < kBlocksAtOnce; ++i, more = table.next()) {
            if (starts_.size() == kBlocksMax) {
                state_ = State::TooMany;
                return;
            }
            const char* const bytes = table.value().data();
            starts_.push_back(store::Ipv6Block{bytes}.start(0));
            places_.push_back(bytes);
        }
        if (!more && !snapshot.is_broken()) {
            state_ = State::Complete;
        }
    }

    /// Whether find() can be asked.
    bool is_complete() const noexcept { return state_ == State::Complete; }

    /// Where the block lies that may hold the address; null if it lies before the first one.
    const char* find(net::Ipv6 address) const noexcept {
        if (starts_.empty() || address < starts_.front()) {
            return nullptr;
        }
        std::size_t begin = 0;
        for (std::size_t size = starts_.size(); size > 1;) {
            const std::size_t half = size / 2;
            begin = starts_[begin + half] <= address ? begin + half : begin;
            size -= half;
        }
        return places_[begin];
    }

private:
    static constexpr std::size_t kBlocksMax = 65536;  // some six million boundaries
    static constexpr std::size_t kBlocksAtOnce = 64;
    enum class State : std::uint8_t { Growing, Complete, TooMany };

    static bool seek_behind(store::Cursor& table, net::Ipv6 start) noexcept {
        const auto key = net::to_bytes(start);
        return table.seek({reinterpret_cast<const char*>(key.data()), key.size()}) && table.next();
    }

    std::vector<net::Ipv6> starts_;  // ascending
    std::vector<const char*> places_;
    std::uint64_t changed_ = 0;
    State state_ = State::Growing;
};

}  // namespace ostrakon::verdict
