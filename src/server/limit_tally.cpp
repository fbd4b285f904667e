#include "ostrakon/server/limit_tally.hpp"

#include <algorithm>
#include <utility>

namespace ostrakon::server {
namespace {

bool has_fewer(const FrequentNetworks::Item& a, const FrequentNetworks::Item& b) noexcept {
    return a.count < b.count;
}

}  // namespace

void FrequentNetworks::note(const ClientNetwork& network, std::uint64_t count) noexcept {
    const auto known = std::find_if(items_.begin(), items_.end(), [&](const Item& item) {
        return item.count != 0 && item.network == network;
    });
    Item& item =
        known != items_.end() ? *known : *std::min_element(items_.begin(), items_.end(), has_fewer);
    item.network = network;
    item.count += count;
}

void FrequentNetworks::add(const FrequentNetworks& others) noexcept {
    for (const Item& item : others.items_) {
        if (item.count != 0) {
            note(item.network, item.count);
        }
    }
}

FrequentNetworks::Item FrequentNetworks::first() const noexcept {
    return *std::max_element(items_.begin(), items_.end(), has_fewer);
}

void LimitTally::note(const ClientNetwork& network, Treatment treatment) noexcept {
    std::atomic<std::uint64_t>& counter =
        treatment == Treatment::InBrief ? counters_.in_brief : counters_.dropped;
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    networks_.note(network);
}

FrequentNetworks LimitTally::take_networks() noexcept {
    return std::exchange(networks_, {});
}

}  // namespace ostrakon::server
