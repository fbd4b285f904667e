// One question to one server, as bytes: over UDP, and over TCP where the answer does not fit.
#pragma once

#include "ostrakon/config/settings.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ostrakon::diagnose {

using Bytes = std::vector<std::uint8_t>;
using Deadline = std::chrono::steady_clock::time_point;

/// An answer that has the query's id and question, or why there is none.
struct Exchanged {
    Bytes answer;
    std::string why;  ///< Where `answer` is empty: "no answer from 127.0.0.1:53".
};

/// What does not belong to the query is passed over until the deadline.
Exchanged exchange(const config::Endpoint& server, std::span<const std::uint8_t> query,
                   Deadline deadline);

/// The same over TCP alone.
Exchanged exchange_over_tcp(const config::Endpoint& server, std::span<const std::uint8_t> query,
                            Deadline deadline);

/// Whether the bytes are an answer to the query: id, question, and that they are an answer at all.
/// Letters of the question may have changed their case.
bool is_answer_to(std::span<const std::uint8_t> query,
                  std::span<const std::uint8_t> answer) noexcept;

}  // namespace ostrakon::diagnose
