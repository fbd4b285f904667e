// What an own decision must pass before it is recorded: a class that exists, a code that may
// answer, [protect].
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/subject.hpp"

#include <string>
#include <string_view>

namespace ostrakon::policy {

/// A built-in class or one of [classes]; ErrorCode::Usage otherwise, naming those that exist.
Result<Done> check_class(const config::Settings& settings, std::string_view listing_class);

/// ErrorCode::Usage where the code may not be an answer.
Result<Done> check_code(net::Ipv4 code);

/// The code without an own of the listing where it is the class's anyway.
std::optional<net::Ipv4> own_code(const config::Settings& settings, std::string_view listing_class,
                                  std::optional<net::Ipv4> code);

/// How a subject lies to [protect] never.
enum class NeverOverlap : std::uint8_t { None, Partly, Wholly };
NeverOverlap never_overlap(const config::ProtectSettings& protect, const Subject& subject);

/// Whether a subject needs --yes whatever its size: a single label or a public suffix with what is
/// below.
bool is_very_wide_name(const Subject& subject);
/// The same: a pattern without two literal labels at its end.
bool is_very_wide_pattern(const Subject& subject);

}  // namespace ostrakon::policy
