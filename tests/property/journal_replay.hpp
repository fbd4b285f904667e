// The index as it was after each change, and whether the journal leads back to it.
#pragma once

#include "world.hpp"

#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace ostrakon::property {

class JournalReplay {
public:
    /// Keeps what the index tables hold now, under the present serial.
    void remember(World& world);
    /// Lays the journal's before-images over the present content, newest first, and compares each
    /// state that is remembered.
    Difference compare(World& world) const;

private:
    using Content = std::map<std::pair<store::Table, std::string>, std::string>;
    struct State {
        std::uint32_t serial = 0;
        Content content;
    };
    static Content read(const store::Transaction& transaction);
    std::deque<State> states_;  // oldest first
};

}  // namespace ostrakon::property
