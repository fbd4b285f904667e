// Rcode and data of an answer, taken from its bytes: enough to compare many answers quickly.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>

namespace ostrakon::test {

struct AnswerBytes {
    unsigned rcode = 0;
    std::set<std::string> rdata;  ///< Of the answer section.
};

/// Reads an answer with one question whose names are compressed as usual; nothing is checked.
inline AnswerBytes read_answer_bytes(std::span<const std::uint8_t> message) {
    const auto number = [&](std::size_t at) {
        return static_cast<std::size_t>(message[at]) << 8 | message[at + 1];
    };
    const auto behind_name = [&](std::size_t at) {
        while (message[at] != 0 && message[at] < 0xC0) {
            at += message[at] + 1U;
        }
        return at + (message[at] == 0 ? 1 : 2);
    };
    constexpr std::size_t kHeader = 12;
    AnswerBytes answer;
    answer.rcode = message[3] & 15U;
    std::size_t at = behind_name(kHeader) + 4;
    for (std::size_t left = number(6); left > 0; --left) {
        at = behind_name(at);
        const std::size_t size = number(at + 8);
        at += 10;
        answer.rdata.insert(std::string{message.begin() + static_cast<std::ptrdiff_t>(at),
                                        message.begin() + static_cast<std::ptrdiff_t>(at + size)});
        at += size;
    }
    return answer;
}

}  // namespace ostrakon::test
