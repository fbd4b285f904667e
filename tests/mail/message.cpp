#include "mail/message.hpp"

#include <fmt/format.h>

namespace ostrakon::test {

std::string spelled(const Message& message) {
    return fmt::format(
        "Return-Path: <{0}>\n"
        "Received: from {1} ({2} [{3}])\n"
        "\tby mx.example.com (Postfix) with ESMTP id 4C7Y1Z0qXYz1\n"
        "\tfor <user@mx.example.com>; Sun, 22 Nov 2026 20:00:00 +0000 (UTC)\n"
        "From: Someone <{0}>\n"
        "To: user@mx.example.com\n"
        "Subject: Hello\n"
        "Date: Sun, 22 Nov 2026 20:00:00 +0000\n"
        "Message-ID: <4711.20261122@mail.example.net>\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=us-ascii\n"
        "\n"
        "{4}\n",
        message.sender, message.helo, message.client_name, message.client, message.text);
}

}  // namespace ostrakon::test
