// What all ways of getting a list share: the request, what must not be said, until when.
// Included by this module's sources only.
#pragma once

#include "ostrakon/fetch/fetch.hpp"
#include "secrets.hpp"

#include <chrono>

namespace ostrakon::fetch {

using Clock = std::chrono::steady_clock;
using Outcome = Expected<Fetched, Failure>;

struct Attempt {
    const Request& request;
    Secrets secrets;
    Clock::time_point deadline;

    std::chrono::milliseconds left() const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        return std::max(left, std::chrono::milliseconds{0});
    }
    /// `why` may hold words from elsewhere: it is cleaned and cut short.
    Unexpected<Failure> failed(FailureKind kind, std::string_view why,
                               std::string remedy = "") const;
    /// An error of this program's own making, as it is.
    static Unexpected<Failure> failed(Error error, FailureKind kind = FailureKind::Temporary) {
        return Unexpected{Failure{kind, std::move(error), std::nullopt}};
    }
    Unexpected<Failure> timed_out() const;
    Unexpected<Failure> too_large() const;
    void tell_progress(std::uint64_t done, std::uint64_t total) const {
        if (request.progress) {
            request.progress(done, total);
        }
    }
};

inline constexpr std::string_view kKeyMark = "{key}";
/// How much text of others goes into an error.
inline constexpr std::size_t kShownTextMax = 200;
/// Nobody is believed for longer: neither in what is fresh, nor in when to come again.
inline constexpr std::int64_t kTrustedSecondsMax = 24L * 3600;

/// One for each way; `scheme` of the URL is known to be right.
Outcome fetch_http(Attempt& attempt);
Outcome fetch_file(const Attempt& attempt);
Outcome fetch_rsync(Attempt& attempt);
Outcome fetch_axfr(Attempt& attempt);

}  // namespace ostrakon::fetch
