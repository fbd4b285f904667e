#include "document.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/printable.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <sstream>
#include <string_view>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::size_t kParserWordsMax = 200;

std::string in_words(int error_number) {
    return std::strerror(error_number);
}

// Reads to the end, or to one byte more than a file may have.
Expected<std::string, std::string> read_bytes(const FileDescriptor& file) {
    std::string bytes(kFileSizeMax + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return Unexpected{in_words(errno)};
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
    return bytes;
}

// Says why not, in a sentence that follows the file's name.
Expected<std::string, std::string> read_plain_file(const std::filesystem::path& path) {
    // O_NONBLOCK: opening a FIFO must not wait for somebody to write.
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status {};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
        return Unexpected{"cannot be read: " + in_words(errno)};
    }
    if (S_ISDIR(status.st_mode)) {
        return Unexpected{std::string{"is a directory, expected a file"}};
    }
    if (!S_ISREG(status.st_mode)) {
        return Unexpected{std::string{"is not a plain file"}};
    }
    auto bytes = read_bytes(file);
    if (!bytes) {
        return Unexpected{"cannot be read: " + bytes.error()};
    }
    if (bytes->size() > kFileSizeMax) {
        return Unexpected{fmt::format("has more than {} bytes", kFileSizeMax)};
    }
    return bytes;
}

// Finds what the parser must not be given: zero bytes, and lines that nest too deeply for it.
bool is_sound(std::string_view bytes, const std::string& file, Problems& problems) {
    Position at{1, 1};
    while (!bytes.empty()) {
        const std::string_view line = bytes.substr(0, bytes.find('\n'));
        if (const auto zero = line.find('\0'); zero != std::string_view::npos) {
            at.column = static_cast<std::uint32_t>(zero + 1);
            problems.mistake(file, at, "read a zero byte, expected text");
            return false;
        }
        if (line.size() > kLineSizeMax) {
            problems.mistake(file, at,
                             fmt::format("this line has {} bytes, expected at most {} (a list may "
                                         "go over several lines)",
                                         line.size(), kLineSizeMax));
            return false;
        }
        bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
        ++at.line;
    }
    return true;
}

Position position_of(const toml::source_region& source) {
    return {static_cast<std::uint32_t>(source.begin.line),
            static_cast<std::uint32_t>(source.begin.column)};
}

template <class T>
std::string spelled(const T& date) {
    std::ostringstream text;
    text << date;
    return text.str();
}

// Turns the parser's tree into ours; nothing, where it lies too deep.
std::optional<Value> convert(const toml::node& node, int depth) {
    if (depth > kDepthMax) {
        return std::nullopt;
    }
    Value value;
    value.at = position_of(node.source());
    if (const auto* table = node.as_table()) {
        value.kind = Kind::Table;
        for (const auto& [key, inner] : *table) {
            auto converted = convert(inner, depth + 1);
            if (!converted) {
                return std::nullopt;
            }
            value.entries.push_back(
                {std::string{key.str()}, position_of(key.source()), std::move(*converted)});
        }
    } else if (const auto* list = node.as_array()) {
        value.kind = Kind::List;
        for (const auto& inner : *list) {
            auto converted = convert(inner, depth + 1);
            if (!converted) {
                return std::nullopt;
            }
            value.items.push_back(std::move(*converted));
        }
    } else if (const auto* text = node.as_string()) {
        value.kind = Kind::Text;
        value.text = text->get();
    } else if (const auto* integer = node.as_integer()) {
        value.kind = Kind::Integer;
        value.integer = integer->get();
        value.text = std::to_string(value.integer);
    } else if (const auto* boolean = node.as_boolean()) {
        value.kind = Kind::Boolean;
        value.boolean = boolean->get();
        value.text = value.boolean ? "true" : "false";
    } else if (const auto* number = node.as_floating_point()) {
        value.kind = Kind::Number;
        value.text = fmt::format("{}", number->get());
    } else {
        value.kind = Kind::Date;
        node.visit([&value](const auto& leaf) {
            if constexpr (toml::is_chronological<decltype(leaf)>) {
                value.text = spelled(leaf.get());
            }
        });
    }
    return value;
}

// The parser throws; nothing of that leaves this function.
std::optional<Value> parse(std::string_view bytes, const std::string& file, Problems& problems) {
    try {
        auto root = convert(toml::parse(bytes), 0);
        if (!root) {
            problems.mistake(file, {},
                             fmt::format("nests more than {} tables or lists", kDepthMax));
        }
        return root;
    } catch (const toml::parse_error& error) {
        problems.mistake(
            file, position_of(error.source()),
            fmt::format("this is not TOML: {}", printable(error.description(), kParserWordsMax)));
    } catch (const std::exception& error) {
        problems.mistake(
            file, {},
            fmt::format("cannot be parsed: {}", printable(error.what(), kParserWordsMax)));
    }
    return std::nullopt;
}

}  // namespace

std::optional<Value> read_document(const std::filesystem::path& file, Problems& problems) {
    const std::string name = file.string();
    const auto bytes = read_plain_file(file);
    if (!bytes) {
        problems.mistake(name, {}, bytes.error());
        return std::nullopt;
    }
    if (!is_sound(*bytes, name, problems)) {
        return std::nullopt;
    }
    return parse(*bytes, name, problems);
}

}  // namespace ostrakon::config
