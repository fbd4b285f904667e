// Heads that libmicrohttpd takes and that are refused nevertheless: what is too much, and what a
// proxy before this server may have read another way, so that the two would not agree where a
// request ends (RFC 9112 §11.2).
#pragma once

#include "ostrakon/http/message.hpp"

#include <cstddef>
#include <optional>

namespace ostrakon::http {

/// More headers get status 431.
inline constexpr std::size_t kHeadersMax = 64;

/// The refusal, if this head is to be refused; the connection ends with it.
std::optional<Response> refusal_of(const Request& head, std::size_t body_size_max);

/// The path and query of a target: "http://bl.example.org/why?x" is "/why?x" (RFC 9112 §3.2.2).
std::string_view without_authority(std::string_view target);

}  // namespace ostrakon::http
