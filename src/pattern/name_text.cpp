#include "ostrakon/pattern/name_text.hpp"

namespace ostrakon::pattern {

// Labels lie in the key from the right: written from the end of the buffer, they stand in order.
NameText::NameText(std::string_view key) noexcept {
    char* at = bytes_.data() + bytes_.size();
    const char* const end = at;
    for (std::size_t i = 0; i < key.size();) {
        const std::size_t size = static_cast<std::uint8_t>(key[i]);
        if (i > 0) {
            *--at = '.';
        }
        for (std::size_t j = i + size; j > i; --j) {
            const auto byte = static_cast<std::uint8_t>(key[j]);
            if (byte > ' ' && byte < 0x7F && byte != '.' && byte != '\\') {
                *--at = static_cast<char>(byte);
                continue;
            }
            for (const int digit : {byte % 10, byte / 10 % 10, byte / 100}) {
                *--at = static_cast<char>('0' + digit);
            }
            *--at = '\\';
        }
        i += size + 1;
    }
    begin_ = at;
    size_ = static_cast<std::size_t>(end - at);
}

}  // namespace ostrakon::pattern
