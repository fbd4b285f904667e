// The one function that derives the index, for any range, from the truth: entries, and maps as far
// as an AS or country that they know is listed. A rebuild is it over everything; `check` is
// it without writing.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/ipv4_bucket.hpp"
#include "ostrakon/store/ipv6_block.hpp"
#include "ostrakon/store/name_node.hpp"
#include "ostrakon/store/transaction.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// Derives one stretch after the other within one transaction; remembers what neighbours share. The
/// truth must not change between calls. Transaction, catalogue and interner outlive it.
class Deriver {
public:
    Deriver(const store::Transaction& transaction, const Catalogue& catalogue,
            SetInterner& interner);
    ~Deriver();

    /// The segments of the /16 with these upper bits: the first at 0, neighbours differ. Cheapest
    /// in ascending order.
    std::vector<store::Ipv4Segment> ipv4(std::uint32_t upper);

    /// The segments of a window, the first at its start; neighbours differ.
    std::vector<store::Ipv6Segment> ipv6(net::Ipv6Range window);

    /// Every node at or below a name, in the order of keys; the empty key is the whole space. A
    /// mail address has a node as the name that it is asked for under; free patterns have none.
    void names(std::string_view subtree,
               const std::function<void(const std::string& key, const store::NameNode&)>& emit);

    /// Every free pattern (policy/patterns.hpp) and its verdict set, in the order of patterns.
    void patterns(const std::function<void(const std::string& pattern, SetId set)>& emit);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::policy
