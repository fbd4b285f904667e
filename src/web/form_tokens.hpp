// Tokens by which a form that is sent is known to be one that this server has made, for whoever
// sends it, not long ago.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/dns/siphash.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ostrakon::web {

class FormTokens {
public:
    /// How long a form may lie open.
    static constexpr std::int64_t kLifeSeconds = std::int64_t{4} * 3600;

    /// With a key of its own, drawn now: the forms of a process before this one are void.
    FormTokens();

    /// A name for a browser, that nobody can guess.
    static std::string make_session();
    std::string make(std::string_view session, UnixTime now) const;
    bool accepts(std::string_view token, std::string_view session, UnixTime now) const;

private:
    std::string signed_at(std::string_view session, std::int64_t seconds) const;
    dns::SipHashKey first_{}, second_{};
};

}  // namespace ostrakon::web
