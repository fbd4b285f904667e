// A table of names that the configuration knows: filled once, then searched for every query.
//
// Names are in wire form, lower-cased. Nobody but the operator chooses which names share a slot, so
// that a plain hash will do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::responder {

template <class T>
class NameTable {
public:
    NameTable() : slots_(kSlotsMin) {}

    /// The item of this name, made if there is none. It stays where it is.
    T& operator[](std::string_view wire) {
        if (T* const item = lookup(wire)) {
            return *item;
        }
        items_.push_back({std::string{wire}, T{}});
        if (items_.size() * 2 > slots_.size()) {
            slots_.assign(slots_.size() * 2, Slot{});
            for (Item& item : items_) {
                place(item);
            }
        } else {
            place(items_.back());
        }
        return items_.back().value;
    }

    /// The item of this name, null if there is none.
    const T* find(std::string_view wire) const noexcept { return lookup(wire); }

private:
    static constexpr std::size_t kSlotsMin = 16;
    struct Item {
        std::string name;
        T value;
    };
    struct Slot {
        std::string_view name;  // the item's; never empty where there is one
        T* value = nullptr;
    };

    static std::uint64_t word_at(const char* at) noexcept {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        return word;
    }

    // A word at a time; the last one overlaps the one before.
    static std::size_t hash(std::string_view wire) noexcept {
        constexpr std::size_t kWord = sizeof(std::uint64_t);
        std::uint64_t mixed = wire.size();
        if (wire.size() < kWord) {
            for (const char c : wire) {
                mixed = mixed << 8 | static_cast<std::uint8_t>(c);
            }
            return mix(0, mixed);
        }
        for (std::size_t at = 0; at + kWord < wire.size(); at += kWord) {
            mixed = mix(mixed, word_at(wire.data() + at));
        }
        return mix(mixed, word_at(wire.data() + wire.size() - kWord));
    }
    static std::uint64_t mix(std::uint64_t before, std::uint64_t word) noexcept {
        const std::uint64_t product = (before ^ word) * 0x9E3779B97F4A7C15U;
        return product ^ product >> 32;
    }

    T* lookup(std::string_view wire) const noexcept {
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t at = hash(wire) & mask; slots_[at].value != nullptr;
             at = (at + 1) & mask) {
            if (slots_[at].name == wire) {
                return slots_[at].value;
            }
        }
        return nullptr;
    }

    void place(Item& item) noexcept {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = hash(item.name) & mask;
        while (slots_[at].value != nullptr) {
            at = (at + 1) & mask;
        }
        slots_[at] = {item.name, &item.value};
    }

    std::deque<Item> items_;
    std::vector<Slot> slots_;  // a power of two of them, at most half of them taken
};

}  // namespace ostrakon::responder
