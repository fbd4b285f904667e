#include "messages.hpp"

#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>

namespace ostrakon::tool {

void complain(const Error& error) {
    const std::string text = message(error);
    const Style style = style_of(STDERR_FILENO);
    if (text.find('\n') == std::string::npos) {
        fmt::print(stderr, "{} {}\n", style.bad("ostrakon:"), text);
    } else {
        fmt::print(stderr, "{}{}", text, text.back() == '\n' ? "" : "\n");
    }
}

void note(std::string_view text, bool quiet) {
    if (!quiet) {
        fmt::print(stderr, "ostrakon: {}\n", text);
    }
}

void notes(const std::vector<std::string>& texts, bool quiet) {
    for (const std::string& text : texts) {
        note(text, quiet);
    }
}

}  // namespace ostrakon::tool
