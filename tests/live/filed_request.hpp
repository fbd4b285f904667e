// A request, filed at the page as a visitor does it.
#pragma once

#include "support/http_client.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace ostrakon::test {

/// Fills the form in; returns where the state of the request is shown.
inline std::string file_request(std::uint16_t port, const std::string& subject) {
    const HttpReply form = http_get(port, "/request");
    const std::string start = "name=\"token\" value=\"";
    const std::size_t at = form.body.find(start) + start.size();
    const std::string token = form.body.substr(at, form.body.find('"', at) - at);
    const std::string cookie = form.headers.at("set-cookie");
    const HttpReply filed = http_post(
        port, "/request",
        fmt::format("kind=removal&subject={}&contact=a%40example.com&done=closed&token={}", subject,
                    token),
        fmt::format("Cookie: {}\r\n", cookie.substr(0, cookie.find(';'))));
    EXPECT_EQ(filed.status, 303) << filed.body;
    return filed.headers.contains("location") ? filed.headers.at("location") : "";
}

}  // namespace ostrakon::test
