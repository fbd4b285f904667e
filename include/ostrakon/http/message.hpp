// A request that arrived over HTTP and what is answered, as values.
//
// How they travel is server.hpp's. What the words after the path mean is target.hpp's.
#pragma once

#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::http {

enum class Method : std::uint8_t {
    Get,  ///< HEAD, too: its answer goes out without the body.
    Post,
    Other,
};

/// One that arrived whole. All of it comes from the network; nothing has been decoded.
struct Request {
    Method method = Method::Get;
    std::string path;   ///< Up to the '?', as sent: "/why/192.0.2.7", "/a%20b". Begins with '/'.
    std::string query;  ///< Behind the '?', as sent; empty without one.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::optional<net::Address> client;  ///< The peer of the connection; none over a UNIX socket.

    /// The first header of this name (case ignored); empty without one.
    std::string_view header(std::string_view name) const;
    /// All headers of this name as one list (RFC 9110 §5.3): "a, b"; empty without one.
    std::string header_list(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< Besides its type and size.
};

/// Called in one of the server's threads, several at once where it has several. What it throws
/// becomes status 500.
using Handler = std::function<Response(const Request&)>;

}  // namespace ostrakon::http
