// The built-in source "unknown-tld": names whose top-level domain IANA does not have, as a match
// with its reason.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/answer_text.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/zone/zone.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

inline constexpr LayerId kUnknownTldLayer = kBuiltInLayerFirst + 1;
inline constexpr std::string_view kUnknownTldClass = "misconfigured";

/// "there is no top-level domain .lan", held in place.
class UnknownTldReason {
public:
    UnknownTldReason() = default;
    /// `label` has at most the bytes of one.
    explicit UnknownTldReason(std::string_view label) noexcept;
    std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, 128> text_{};
    std::size_t size_ = 0;
};

/// The match of a name; `key` is dns::reversed_key, and the reason is borrowed.
Match unknown_tld_match(const Catalogue& catalogue, std::string_view key,
                        std::string_view reason) noexcept;

/// Why the source lists the name of this key; empty if it doesn't, or no zone serves it. A list
/// that is too old adds a warning.
Result<std::string> unknown_tld_reason(const config::Settings& settings,
                                       const std::vector<zone::Zone>& zones, std::string_view key,
                                       UnixTime at, std::vector<std::string>& warnings);

}  // namespace ostrakon::policy
