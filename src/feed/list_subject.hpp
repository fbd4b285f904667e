// Subjects as lists of others have them: read more strictly than what a person types, since nobody
// looks at each. What is wider than its publisher can mean is rejected here, not guessed at.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <string_view>

namespace ostrakon::feed {

/// Adds an address, prefix or range; anything else is rejected. False if it was.
bool add_addresses(Collector& collector, std::uint32_t line, std::string_view text,
                   std::uint32_t statement);

/// Adds a name with this scope, whatever marks of a scope stand in front of it. Rejected are
/// addresses, names of this machine (localhost), and top-level domains and public suffixes where
/// all below them would be listed. False if it was.
bool add_name(Collector& collector, std::uint32_t line, std::string_view text,
              policy::NameScope scope, std::uint32_t statement);

/// Adds whatever subject it is; names as add_name does, with the scope that they are written with.
bool add_subject(Collector& collector, std::uint32_t line, std::string_view text,
                 std::uint32_t statement);

/// Adds the host of a URL, with or without its scheme: an address as such, a name as that name
/// alone, since a URL says nothing about what is below its host. False if it was rejected.
bool add_host_of_url(Collector& collector, std::uint32_t line, std::string_view url,
                     std::uint32_t statement);

/// Whether the name is one that every machine has for itself: localhost, ip6-loopback.
bool is_local_name(std::string_view name);

/// The name behind "*." or ".", with what these say; the name itself where there is neither.
struct ScopedName {
    std::string_view name;
    policy::NameScope scope = policy::NameScope::Tree;
};
ScopedName split_scope(std::string_view text);

}  // namespace ostrakon::feed
