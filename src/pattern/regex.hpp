// RE2 as this module uses it. Included by this module's sources only.
#pragma once

#include <re2/re2.h>
#include <cstdint>
#include <string_view>

namespace ostrakon::pattern {

/// Names are bytes; case does not count; mistakes are told by errors, not on stderr.
inline re2::RE2::Options regex_options(std::int64_t memory_max) {
    re2::RE2::Options options{re2::RE2::Latin1};
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(memory_max);
    return options;
}

inline re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

/// The expression between the slashes of a canonical /regex/.
inline std::string_view inside_slashes(std::string_view pattern) {
    return pattern.substr(1, pattern.size() - 2);
}

}  // namespace ostrakon::pattern
