#include "ostrakon/partner/key_file.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/printable.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>

namespace ostrakon::partner {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr char kRevoked = '!';
constexpr char kComment = '#';
constexpr std::size_t kMistakesMax = 20;
constexpr mode_t kOthersMask = 077;
constexpr std::string_view kKeyShape =
    "20 to 63 of the characters a-z and 0-9, at least one of them beyond f";

bool is_lower_letter(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
bool is_decimal_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
char lower_case(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The words of a line in front of a comment, at most three.
std::vector<std::string_view> words_of(std::string_view line) {
    constexpr std::size_t kWordsMax = 3;
    std::vector<std::string_view> words;
    while (words.size() < kWordsMax) {
        const std::size_t begin = line.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos || line[begin] == kComment) {
            break;
        }
        line.remove_prefix(begin);
        words.push_back(line.substr(0, line.find_first_of(kBlanks)));
        line.remove_prefix(words.back().size());
    }
    return words;
}

template <class Task>
void for_each_key_line(std::string_view text, Task&& task) {
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        task(number, text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
}

class KeyFileReader {
public:
    explicit KeyFileReader(const std::string& file) : file_(file) {}

    void take(std::size_t number, std::string_view line) {
        const auto words = words_of(line);
        if (words.empty()) {
            return;
        }
        if (words.size() != 2) {
            return mistake(number, "expected \"NAME KEY\", or \"NAME !KEY\" for a revoked key");
        }
        if (!is_partner_name(words[0])) {
            return mistake(number,
                           fmt::format("the name of a partner is up to {} letters, digits, \"-\", "
                                       "\"_\" and \".\", and does not begin with \"-\"",
                                       kNameSizeMax));
        }
        KeyEntry entry{std::string{words[0]}, {}, words[1].front() == kRevoked, number};
        entry.key = words[1].substr(entry.is_revoked ? 1 : 0);
        std::transform(entry.key.begin(), entry.key.end(), entry.key.begin(), lower_case);
        if (!looks_like_key(entry.key)) {
            return mistake(
                number, fmt::format("the key of {} is none: a key is {}", entry.name, kKeyShape));
        }
        const auto [first, is_new] = lines_.emplace(entry.key, number);
        if (!is_new) {
            return mistake(number, fmt::format("the key of {} stands in line {}, too", entry.name,
                                               first->second));
        }
        entries_.push_back(std::move(entry));
        if (entries_.size() > kKeysMax) {
            mistake(number, fmt::format("expected at most {} keys", kKeysMax));
        }
    }

    Result<std::vector<KeyEntry>> finish() {
        if (mistakes_ == 0) {
            return std::move(entries_);
        }
        if (mistakes_ > kMistakesMax) {
            text_ += fmt::format("\n{}: {} mistakes more", file_, mistakes_ - kMistakesMax);
        }
        return Unexpected{Error{ErrorCode::Usage, text_, "", ""}};
    }

private:
    void mistake(std::size_t line, std::string_view what) {
        if (++mistakes_ <= kMistakesMax) {
            text_ += fmt::format("{}{}:{}: {}", text_.empty() ? "" : "\n", file_, line, what);
        }
    }

    const std::string& file_;
    std::vector<KeyEntry> entries_;
    std::map<std::string, std::size_t, std::less<>> lines_;
    std::string text_;
    std::size_t mistakes_ = 0;
};

Unexpected<Error> cannot_read(const std::filesystem::path& file, std::string why,
                              std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage, "read partner keys from " + file.string(),
                            std::move(why), std::move(remedy)}};
}

std::string remedy_of(int error, const std::filesystem::path& file) {
    if (error == ENOENT) {
        return "`ostrakon partner add NAME --zone ZONE` makes it";
    }
    if (error == EACCES) {
        return fmt::format(
            "it must belong to the user that ostrakond runs as ([server] user), who must be "
            "able to enter its directory: chown ostrakon {}",
            file.string());
    }
    return "";
}

}  // namespace

bool looks_like_key(std::string_view label) noexcept {
    if (label.size() < kKeySizeMin || label.size() > kKeySizeMax) {
        return false;
    }
    bool is_more_than_hexadecimal = false;
    for (const char c : label) {
        if (!is_lower_letter(c) && !is_decimal_digit(c)) {
            return false;
        }
        is_more_than_hexadecimal |= c > 'f';
    }
    return is_more_than_hexadecimal;
}

bool is_partner_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= kNameSizeMax && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return is_lower_letter(lower_case(c)) || is_decimal_digit(c) || c == '-' ||
                      c == '_' || c == '.';
           });
}

Result<std::vector<KeyEntry>> parse_key_file(std::string_view text, const std::string& file) {
    KeyFileReader reader{file};
    for_each_key_line(
        text, [&](std::size_t number, std::string_view line) { reader.take(number, line); });
    return reader.finish();
}

Result<std::string> read_key_text(const std::filesystem::path& file) {
    const FileDescriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status {};
    if (!descriptor.is_open() || ::fstat(descriptor.get(), &status) != 0) {
        const int error = errno;
        return cannot_read(file, std::strerror(error), remedy_of(error, file));
    }
    if (!S_ISREG(status.st_mode)) {
        return cannot_read(file, "it is no file", "");
    }
    if ((status.st_mode & kOthersMask) != 0) {
        return cannot_read(file,
                           fmt::format("others than its owner may read or write it (mode {:04o})",
                                       status.st_mode & 07777U),
                           "chmod 600 " + file.string());
    }
    if (static_cast<std::size_t>(status.st_size) > kFileSizeMax) {
        return cannot_read(file, fmt::format("it has more than {} bytes", kFileSizeMax), "");
    }
    std::string text(kFileSizeMax < static_cast<std::size_t>(status.st_size)
                         ? kFileSizeMax
                         : static_cast<std::size_t>(status.st_size),
                     '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(descriptor.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno != EINTR) {
            return cannot_read(file, std::strerror(errno), "");
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    text.resize(size);
    return text;
}

Result<std::vector<KeyEntry>> read_key_file(const std::filesystem::path& file) {
    const auto text = read_key_text(file);
    if (!text) {
        return Unexpected{text.error()};
    }
    return parse_key_file(*text, file.string());
}

std::string with_key(std::string_view text, std::string_view name, std::string_view key) {
    const bool is_line_open = !text.empty() && text.back() != '\n';
    return fmt::format("{}{}{} {}\n", text, is_line_open ? "\n" : "", name, key);
}

std::string with_revoked(std::string_view text, const std::vector<std::size_t>& lines) {
    std::string result;
    const bool ends_in_line_end = !text.empty() && text.back() == '\n';
    for_each_key_line(text, [&](std::size_t number, std::string_view line) {
        result += number > 1 ? "\n" : "";
        const auto words = words_of(line);
        const bool is_meant = std::find(lines.begin(), lines.end(), number) != lines.end();
        if (!is_meant || words.size() < 2 || words[1].front() == kRevoked) {
            result += line;
            return;
        }
        const auto at = static_cast<std::size_t>(words[1].data() - line.data());
        result += line.substr(0, at);
        result += kRevoked;
        result += line.substr(at);
    });
    return ends_in_line_end ? result + "\n" : result;
}

}  // namespace ostrakon::partner
