// What own listings answered, on its way from one worker to the thread that counts it.
//
// One thread puts in, one takes out; neither waits, locks or allocates. Where there is no room a
// hit is lost, and counted. An address takes one slot, a name as many as it needs.
#pragma once

#include "ostrakon/base/zeroed_array.hpp"
#include "ostrakon/dns/labels.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/responder/pending_query.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostrakon::server {

/// One question that an own listing answered.
struct Hit {
    enum class Subject : std::uint8_t { Ipv4, Ipv6, Name };
    std::uint8_t generation = 0;  ///< Of the configuration, which the zone's number belongs to.
    Subject subject = Subject::Ipv4;
    std::uint8_t size = 0;  ///< Bytes of the subject.
    std::uint32_t zone = 0;
    /// An address as its integer lies in memory; a name's labels as asked, in lower case, without
    /// key and origin.
    std::array<char, dns::kNameSizeMax + dns::kWordSlack> bytes;

    std::string_view view() const noexcept { return {bytes.data(), size}; }
};

class HitRing {
public:
    /// Slots: 1 MiB of them.
    static constexpr std::size_t kSlots = std::size_t{1} << 15;

    HitRing() : slots_(kSlots) {}

    /// Puts a question in that an own listing answered; by the one thread.
    void put(const responder::PendingQuery& query, std::uint8_t generation) noexcept;

    /// Takes the oldest hit out; by the other thread. False: there is none.
    bool take(Hit& hit) noexcept;

    /// Hits that found no room. Any thread.
    std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

private:
    struct Head {
        std::uint8_t generation;
        Hit::Subject subject;
        std::uint8_t size;
        std::uint32_t zone;
    };
    static constexpr std::size_t kSlotSize = 32;
    using Slot = std::array<char, kSlotSize>;
    static constexpr std::size_t kFirstBytes = kSlotSize - sizeof(Head);

    static constexpr std::size_t slots_of(std::size_t size) noexcept {
        return 1 + (size > kFirstBytes ? (size - kFirstBytes + kSlotSize - 1) / kSlotSize : 0);
    }
    bool has_room(std::uint64_t end, std::size_t slots) noexcept;
    void put_name(std::string_view name, Head head) noexcept;
    template <class A>
    void put_address(const A& address, Head head) noexcept;
    void begin_slot(std::uint64_t at, const Head& head, const char* bytes,
                    std::size_t size) noexcept;

    static constexpr std::size_t kCacheLine = 64;
    ZeroedArray<Slot> slots_;
    alignas(kCacheLine) std::atomic<std::uint64_t> end_{0};  // the putter's; both only grow
    std::uint64_t begin_seen_ = 0;  // the putter's: what `begin_` was when there was no more room
    std::atomic<std::uint64_t> lost_{0};
    alignas(kCacheLine) std::atomic<std::uint64_t> begin_{0};  // the taker's
};

}  // namespace ostrakon::server
