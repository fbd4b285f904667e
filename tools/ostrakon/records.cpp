#include "records.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kWordShownMax = 120;

}  // namespace

Result<std::uint64_t> record_number(const RecordKind& kind, const std::string& word) {
    const std::string attempt = fmt::format("{} {}", kind.name, printable(word, kWordShownMax));
    const bool is_number = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
    if (!is_number) {
        return wrong_usage(attempt, "is no number", fmt::format("{} shows them", kind.shown_by));
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || number == 0 || number > kind.number_max) {
        return Unexpected{Error{ErrorCode::Absent, attempt, "there is none of that number",
                                fmt::format("{} shows them", kind.shown_by)}};
    }
    return number;
}

}  // namespace ostrakon::tool
