// A message as a mail server hands it to a filter.
#pragma once

#include <string>

namespace ostrakon::test {

struct Message {
    std::string client = "198.18.0.1";  ///< Who handed it in.
    std::string client_name = "mail.example.net";
    std::string helo = "mail.example.net";
    std::string sender = "someone@mail.example.net";
    std::string text = "How are you?";
};

/// With the headers that mx.example.com has put in front of it.
std::string spelled(const Message& message);

}  // namespace ostrakon::test
