#include "ostrakon/partner/key_table.hpp"

#include "ostrakon/base/assert.hpp"

#include <sys/random.h>

namespace ostrakon::partner {
namespace {

constexpr std::size_t kSlotsMin = 16;

dns::SipHashKey secret() {
    dns::SipHashKey key{};
    const ssize_t got =
        ::getrandom(key.data(), key.size(), 0);  // 16 bytes come whole (getrandom(2))
    OSTRAKON_ASSERT(got == static_cast<ssize_t>(key.size()));
    return key;
}

}  // namespace

std::shared_ptr<KeyUses> UseCounters::of(const std::string& zone, const std::string& partner) {
    std::shared_ptr<KeyUses>& uses = uses_[{zone, partner}];
    if (!uses) {
        uses = std::make_shared<KeyUses>();
    }
    return uses;
}

KeyTable::KeyTable(const std::string& zone, std::span<const KeyEntry> entries,
                   UseCounters& counters)
    : low_key_(secret()), high_key_(secret()), slots_(kSlotsMin) {
    std::size_t slots = kSlotsMin;
    while (slots < entries.size() * 2) {
        slots *= 2;
    }
    slots_.resize(slots);
    partners_.reserve(entries.size());  // slots point to them
    for (const KeyEntry& entry : entries) {
        partners_.push_back({entry.name, entry.is_revoked, counters.of(zone, entry.name)});
        const Hash hash = hash_of(entry.key);
        std::size_t at = hash.low & (slots - 1);
        while (slots_[at].partner != nullptr) {
            at = (at + 1) & (slots - 1);
        }
        slots_[at] = {hash, &partners_.back()};
    }
}

const Partner* KeyTable::find(std::string_view label) const noexcept {
    const Hash hash = hash_of(label);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash.low & mask; slots_[at].partner != nullptr; at = (at + 1) & mask) {
        if (slots_[at].hash == hash) {
            return slots_[at].partner;
        }
    }
    return nullptr;
}

KeyTable::Hash KeyTable::hash_of(std::string_view label) const noexcept {
    const std::span bytes{reinterpret_cast<const std::uint8_t*>(label.data()),  // NOLINT: bytes
                          label.size()};
    return {dns::siphash24(low_key_, bytes), dns::siphash24(high_key_, bytes)};
}

}  // namespace ostrakon::partner
