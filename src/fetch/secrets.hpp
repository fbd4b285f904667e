// Keeps keys and passwords out of what people and logs read. Included by this module's sources
// only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::fetch {

/// Percent-encodes all but RFC 3986 §2.3's unreserved characters.
std::string percent_encoded(std::string_view text);

/// Undoes %XX; what is none stays as it is.
std::string percent_decoded(std::string_view text);

/// What is to be taken out of every text that came from elsewhere.
class Secrets {
public:
    /// Also as a URL spells it, and each of its words that is long enough to be one by itself.
    void add(std::string_view secret);
    /// One printable line of at most `size_max` bytes, each secret in it replaced.
    std::string clean(std::string_view text, std::size_t size_max) const;

private:
    std::vector<std::string> texts_;  // the longest first
};

}  // namespace ostrakon::fetch
