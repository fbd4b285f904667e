#include "ostrakon/server/hit_ring.hpp"

#include "ostrakon/base/assert.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace ostrakon::server {
namespace {

static_assert((HitRing::kSlots & (HitRing::kSlots - 1)) == 0);
constexpr std::uint64_t kMask = HitRing::kSlots - 1;

}  // namespace

// The taker's place is looked at only where what was seen of it last leaves no room.
bool HitRing::has_room(std::uint64_t end, std::size_t slots) noexcept {
    if (kSlots - (end - begin_seen_) >= slots) {
        return true;
    }
    begin_seen_ = begin_.load(std::memory_order_acquire);
    if (kSlots - (end - begin_seen_) >= slots) {
        return true;
    }
    lost_.store(lost_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return false;
}

void HitRing::begin_slot(std::uint64_t at, const Head& head, const char* bytes,
                         std::size_t size) noexcept {
    static_assert(std::is_trivially_copyable_v<Head>);
    char* const slot = slots_[at & kMask].data();
    std::memcpy(slot, &head, sizeof head);
    std::memcpy(slot + sizeof head, bytes, size);
}

template <class A>
void HitRing::put_address(const A& address, Head head) noexcept {
    const std::uint64_t end = end_.load(std::memory_order_relaxed);
    if (!has_room(end, 1)) {
        return;
    }
    std::array<char, sizeof address.bits> bytes;
    std::memcpy(bytes.data(), &address.bits, bytes.size());
    head.size = bytes.size();
    begin_slot(end, head, bytes.data(), bytes.size());
    end_.store(end + 1, std::memory_order_release);
}

void HitRing::put_name(std::string_view name, Head head) noexcept {
    const std::uint64_t end = end_.load(std::memory_order_relaxed);
    const std::size_t slots = slots_of(name.size());
    if (!has_room(end, slots)) {
        return;
    }
    head.size = static_cast<std::uint8_t>(name.size());
    begin_slot(end, head, name.data(), std::min(name.size(), kFirstBytes));
    for (std::size_t i = 1; i < slots; ++i) {
        const std::string_view rest = name.substr(kFirstBytes + (i - 1) * kSlotSize);
        std::memcpy(slots_[(end + i) & kMask].data(), rest.data(),
                    std::min(rest.size(), kSlotSize));
    }
    end_.store(end + slots, std::memory_order_release);
}

void HitRing::put(const responder::PendingQuery& query, std::uint8_t generation) noexcept {
    Head head{.generation = generation,
              .subject = Hit::Subject::Name,
              .size = 0,
              .zone = static_cast<std::uint32_t>(query.zone->number)};
    if (query.told_own == responder::ToldOwn::Name) {
        const dns::QuestionName& name = query.query.name;
        put_name(name.lower_wire().substr(0, name.label_start(query.subject_labels)), head);
    } else if (query.reading.ipv4) {
        head.subject = Hit::Subject::Ipv4;
        put_address(*query.reading.ipv4, head);
    } else if (query.reading.ipv6) {
        head.subject = Hit::Subject::Ipv6;
        put_address(*query.reading.ipv6, head);
    }
}

bool HitRing::take(Hit& hit) noexcept {
    const std::uint64_t begin = begin_.load(std::memory_order_relaxed);
    if (begin == end_.load(std::memory_order_acquire)) {
        return false;
    }
    Head head;
    std::memcpy(&head, slots_[begin & kMask].data(), sizeof head);
    hit.generation = head.generation;
    hit.subject = head.subject;
    hit.size = head.size;
    hit.zone = head.zone;
    const std::size_t slots = slots_of(hit.size);
    const std::size_t first = std::min<std::size_t>(hit.size, kFirstBytes);
    std::memcpy(hit.bytes.data(), slots_[begin & kMask].data() + sizeof head, first);
    for (std::size_t i = 1; i < slots; ++i) {
        const std::size_t at = kFirstBytes + (i - 1) * kSlotSize;
        std::memcpy(hit.bytes.data() + at, slots_[(begin + i) & kMask].data(),
                    std::min<std::size_t>(hit.size - at, kSlotSize));
    }
    begin_.store(begin + slots, std::memory_order_release);
    return true;
}

}  // namespace ostrakon::server
