// The distinct questions of a query log, with how often each stood in it.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/compare/log_line.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ostrakon::compare {

/// Distinct questions that are held, some 250 bytes each; further ones are counted alone.
inline constexpr std::size_t kQuestionsMax = 1'000'000;
/// Bytes of a line; a longer one is no query. A name of 255 bytes has at most 1,016 as text.
inline constexpr std::size_t kLogLineSizeMax = 4096;

struct QuestionHash {
    std::size_t operator()(const Question& question) const noexcept {
        return std::hash<std::string_view>{}(question.name.wire()) ^
               static_cast<std::size_t>(question.type);
    }
};

class QuestionSet {
public:
    explicit QuestionSet(std::size_t questions_max = kQuestionsMax)
        : questions_max_(questions_max) {}

    /// Takes the next bytes of a log. Lines may be cut anywhere between two calls.
    void add_bytes(std::string_view bytes);
    /// Says that the log is over: its last line need not have an end.
    void finish();
    /// Adds the TXT question of each name that is asked for A, as often asked as that.
    void add_text_questions();

    using Counts = std::unordered_map<Question, std::uint64_t, QuestionHash>;
    using Counted = Counts::value_type;
    /// In the order in which they came first.
    const std::vector<const Counted*>& questions() const { return in_order_; }

    std::uint64_t lines() const { return lines_; }  ///< All but the empty ones.
    std::uint64_t without_query() const { return without_query_; }
    std::uint64_t not_compared() const { return not_compared_; }  ///< LineKind::NotCompared.
    std::uint64_t beyond_max() const { return beyond_max_; }

private:
    void add_line(std::string_view line);
    void add(Question question, std::uint64_t count);

    std::size_t questions_max_;
    Counts counts_;
    std::vector<const Counted*> in_order_;
    std::string begun_;  // a line whose end has not come yet
    bool is_too_long_ = false;
    std::uint64_t lines_ = 0, without_query_ = 0, not_compared_ = 0, beyond_max_ = 0;
};

/// Reads a log from a file, or from standard input for "-". What cannot be read is wrong usage.
Result<Done> read_log(const std::string& path, QuestionSet& questions);

}  // namespace ostrakon::compare
