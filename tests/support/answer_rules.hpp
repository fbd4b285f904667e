// What an answer may be, whatever the packet it answers: the rules that hold for friend and foe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ostrakon::test {

/// How an answer came, and what the server that gave it may send.
struct AnswerTerms {
    bool over_tcp = false;
    std::size_t udp_payload_bytes = 1232;  ///< [server] udp_payload.
};

/// Whether this packet gets an answer at all: it has a header, and is no answer itself.
bool gets_answer(std::span<const std::uint8_t> packet);

/// The first rule that `answer` to `packet` breaks; empty where it keeps them all. An empty answer
/// means that none came.
///
/// No answer to an answer; id, opcode and question as they came; never larger than the client takes
/// (512 bytes over UDP without EDNS); an OPT if and only if there was one; readable by ldns.
std::string broken_rule(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> answer,
                        const AnswerTerms& terms);

}  // namespace ostrakon::test
