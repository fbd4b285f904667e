// What is wrong, or odd, in the files of one configuration: collected while they are read, told in
// one go.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::config {

/// Where something stands in a file, both from 1. Line 0: the file as a whole.
struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// Mistakes, and warnings, that are told one by one; further ones are only counted.
inline constexpr std::size_t kProblemsMax = 50;

class Problems {
public:
    /// Notes a mistake, as "file:line:column: text".
    void mistake(const std::string& file, Position at, std::string_view text);
    /// Notes what is not wrong but should be known, as "file:line: text".
    void warning(const std::string& file, Position at, std::string_view text);

    std::size_t mistake_count() const { return mistakes_.count; }
    /// Whether a further mistake would only be counted.
    bool are_enough() const { return mistakes_.count >= kProblemsMax; }
    /// All mistakes, a line each, by file and line.
    Error error() const;
    /// All warnings, by file and line.
    std::vector<std::string> warnings() const;

private:
    struct Note {
        std::size_t file;  // files in the order in which they were first complained about
        Position at;
        std::string line;
    };
    struct Notes {
        std::vector<Note> told;
        std::size_t count = 0;
        std::vector<std::string> in_order(std::string_view kind) const;
    };
    std::size_t file_number(const std::string& file);

    std::vector<std::string> files_;
    Notes mistakes_;
    Notes warnings_;
};

}  // namespace ostrakon::config
