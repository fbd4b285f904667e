// Messages and keys for the tests of signatures.
#pragma once

#include "ostrakon/dns/wire.hpp"
#include "ostrakon/tsig/answering.hpp"
#include "ostrakon/tsig/asking.hpp"
#include "support/query_builder.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tsig {

using Message = std::vector<std::uint8_t>;

inline constexpr UnixTime kTime{1'800'000'000};

inline Message message_of(std::string_view text) {
    return {text.begin(), text.end()};
}

inline std::string hex(Bytes from) {
    std::string text;
    for (const std::uint8_t byte : from) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

inline Key key_of(Algorithm algorithm = Algorithm::Sha256) {
    return {*key_name("partner.example.org"), algorithm,
            *decode_secret("c2VjcmV0IG9mIHRoZSB0ZXN0LCBub3QgYSBiaXQgbGVzcy4=")};
}

inline Message question(std::string_view name = "example.org", std::uint16_t type = 252) {
    return test::build_query({.name = std::string{name}, .type = type, .flags = 0});
}

/// An answer without records, whose question is `mark`, so that messages differ.
inline Message answer(std::string_view mark = "example.org") {
    return test::build_query({.name = std::string{mark}, .type = 252, .flags = 0x8400});
}

inline Message signed_question(const Key& key, UnixTime time = kTime) {
    Message message = question();
    Session{key}.sign(message, time);
    return message;
}

/// The record of a message, which has one.
inline Record record_of(const Message& message) {
    Record record;
    const auto begin = find_record(message);
    if (!begin || *begin == 0 || !read_record(message, *begin, record)) {
        throw std::runtime_error("no TSIG that can be read");
    }
    return record;
}

/// The message with its record, as the signer makes it.
inline Message signed_by(AnswerSigner& signer, Message message, UnixTime time = kTime) {
    const std::size_t size = message.size();
    message.resize(size + 1000);
    message.resize(signer.sign(message, size, time));
    return message;
}

/// What the session says of a message.
inline Doubt take(Session& session, const Message& message, UnixTime time = kTime) {
    const auto begin = find_record(message);
    if (!begin) {
        throw std::runtime_error("no message");
    }
    Record record;
    const bool has_record = *begin != 0;
    if (has_record && !read_record(message, *begin, record)) {
        throw std::runtime_error("no TSIG that can be read");
    }
    return session.take(message, has_record ? &record : nullptr, time);
}

}  // namespace ostrakon::tsig
