// The lines of one random data set, and the names that are worth asking about for them.
#pragma once

#include "property/random.hpp"

#include "ostrakon/net/address.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::rbldnsd {

/// A subject as a line spells it, and what to ask about it.
struct Spelled {
    std::string text;
    std::vector<std::string> questions;
};

/// Subjects for entries of this type: most are in order.
Spelled spell_subject(property::Random& random, std::string_view type);

/// What an ip4 data set may be asked by the name of a mapped IPv6 address.
std::string mapped_question(const std::string& ipv4_question);

/// "7.2.0.192" and so on.
std::string question_of(net::Ipv4 address);
std::string question_of(net::Ipv6 address);

}  // namespace ostrakon::rbldnsd
