// Asks another server many questions: over UDP, a window of them at a time and no more a second
// than it is to bear; over TCP what does not fit.
//
// What comes back is hostile: it counts only from the server that was asked, with the id and the
// question that were sent.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/compare/messages.hpp"
#include "ostrakon/config/settings.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace ostrakon::compare {

inline constexpr std::uint64_t kRateMax = 1'000'000;
inline constexpr std::uint64_t kRateDefault = 1'000;

struct Asking {
    config::Endpoint server;
    std::uint64_t packets_per_second = kRateDefault;  ///< 1 to kRateMax; repetitions count.
    std::chrono::milliseconds patience{1000};         ///< A try's; there are three.
};

/// Takes the answer to the question at this place, in any order; no bytes where none came.
using TakeAnswer = std::function<Result<Done>(std::size_t, const Bytes&)>;

/// Asks all and hands each answer over, each question once. An error of `take` ends it, and it is
/// an error where the server answers none of the first questions. Where it stops answering, the
/// rest counts as unanswered without being asked.
Result<Done> ask_all(const Asking& asking, const std::vector<Question>& questions,
                     const TakeAnswer& take);

}  // namespace ostrakon::compare
