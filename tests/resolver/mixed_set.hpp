// A set of bans and exceptions of every kind, and questions about it.
//
// What has to come back is worked out here from the words of the rule ("an own ban answers unless
// an own allow at least as specific also matches"), by looking at every decision in turn, without
// any code of the policy or the index.
#pragma once

#include "ostrakon/net/address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ostrakon::test {

struct MixedQuestion {
    std::string name;  ///< In front of the origin.
    bool is_listed = false;
};

/// Bans and exceptions of one address family.
template <class A>
struct AddressDecisions {
    std::vector<net::Range<A>> bans;
    std::vector<net::Range<A>> exceptions;
    bool is_listed(A address) const;
};

enum class NameForm : std::uint8_t { Tree, Exact, Below };

struct NameDecision {
    std::string name;
    NameForm form = NameForm::Tree;
    bool is_exception = false;
};

class MixedSet {
public:
    /// The same seed makes the same set.
    explicit MixedSet(std::uint64_t seed);

    /// As `ostrakon import` takes it.
    std::string csv() const;
    /// In a mixed order, no name twice.
    std::vector<MixedQuestion> questions() const;
    std::size_t bans() const;
    std::size_t exceptions() const;

private:
    bool is_listed(const std::string& name) const;

    std::uint64_t seed_;
    AddressDecisions<net::Ipv4> ipv4_;
    AddressDecisions<net::Ipv6> ipv6_;
    std::vector<NameDecision> names_;
};

}  // namespace ostrakon::test
