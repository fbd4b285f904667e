#include "problems.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <tuple>

namespace ostrakon::config {

std::size_t Problems::file_number(const std::string& file) {
    const auto found = std::find(files_.begin(), files_.end(), file);
    if (found != files_.end()) {
        return static_cast<std::size_t>(found - files_.begin());
    }
    files_.push_back(file);
    return files_.size() - 1;
}

void Problems::mistake(const std::string& file, Position at, std::string_view text) {
    if (++mistakes_.count <= kProblemsMax) {
        std::string line = at.line == 0
                               ? fmt::format("{}: {}", file, text)
                               : fmt::format("{}:{}:{}: {}", file, at.line, at.column, text);
        mistakes_.told.push_back({file_number(file), at, std::move(line)});
    }
}

void Problems::warning(const std::string& file, Position at, std::string_view text) {
    if (++warnings_.count <= kProblemsMax) {
        std::string line = at.line == 0 ? fmt::format("{}: {}", file, text)
                                        : fmt::format("{}:{}: {}", file, at.line, text);
        warnings_.told.push_back({file_number(file), at, std::move(line)});
    }
}

std::vector<std::string> Problems::Notes::in_order(std::string_view kind) const {
    std::vector<Note> sorted = told;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Note& a, const Note& b) {
        return std::tie(a.file, a.at.line, a.at.column) < std::tie(b.file, b.at.line, b.at.column);
    });
    std::vector<std::string> lines;
    lines.reserve(sorted.size() + 1);
    for (Note& note : sorted) {
        lines.push_back(std::move(note.line));
    }
    if (count > told.size()) {
        lines.push_back(fmt::format("and {} more {}", count - told.size(), kind));
    }
    return lines;
}

Error Problems::error() const {
    return {ErrorCode::Usage,
            {},
            fmt::format("{}", fmt::join(mistakes_.in_order("mistakes"), "\n")),
            {}};
}

std::vector<std::string> Problems::warnings() const {
    return warnings_.in_order("warnings");
}

}  // namespace ostrakon::config
