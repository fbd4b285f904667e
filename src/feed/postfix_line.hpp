// Lines of Postfix's tables, with those that go on in the next put together, and what their actions
// mean.
#pragma once

#include "format.hpp"
#include "lines.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::feed {

/// Lines of the longest table.
inline constexpr std::uint32_t kTableLinesMax = 2'000'000;

struct PostfixLine {
    std::uint32_t number = 0;  ///< Where it begins.
    std::string text;          ///< Without blanks at its ends; never empty.
    std::string mistake;       ///< Why it cannot be read; empty where it can.
};

/// Gives the lines of a table: no comments, no empty ones; one that begins with a blank belongs to
/// the one before (postconf(5)).
class PostfixLines {
public:
    explicit PostfixLines(std::string_view text) : lines_(text) { has_next_ = lines_.next(next_); }
    bool next(PostfixLine& line);
    std::size_t consumed() const { return lines_.consumed(); }

private:
    Lines lines_;
    Line next_;
    bool has_next_ = false;
};

/// Hands each line of a table to `read`. Refuses more than kTableLinesMax.
Result<Done> for_each_table_line(const Document& document, const Collector& collector,
                                 const std::function<void(const PostfixLine& line)>& read);

enum class PostfixVerdict : std::uint8_t { Ban, Allow, Other };
struct PostfixAction {
    PostfixVerdict verdict = PostfixVerdict::Other;
    std::string_view text;  ///< What the client is told.
};
PostfixAction read_postfix_action(std::string_view action);

/// The prefix that an IPv4 key of one to three octets, or an IPv6 key of one to seven words, stands
/// for in an access table: "192.0.2" is 192.0.2.0/24. Nothing for any other key.
std::optional<std::string> postfix_network(std::string_view key);

}  // namespace ostrakon::feed
