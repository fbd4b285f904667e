// Collects what differs between this server's answers and another's.
#pragma once

#include "ostrakon/compare/answer.hpp"
#include "ostrakon/compare/log_line.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace ostrakon::compare {

struct ComparisonOptions {
    bool with_texts = false;
    bool is_strict = false;  ///< NXDOMAIN and NODATA are different answers.
};

/// One question that is answered differently.
struct Differing {
    Question question;
    std::uint64_t count = 0;  ///< How often it stood in the log.
    Difference difference{};
    Answer ours, theirs;
};

class Comparison {
public:
    explicit Comparison(const ComparisonOptions& options) : options_(options) {}

    void add(const Question& question, std::uint64_t count, Answer ours, Answer theirs);
    /// Puts what was asked most often first.
    void sort();

    std::uint64_t questions() const { return questions_; }
    /// How many are of that kind, whether it counts as a difference or not.
    std::uint64_t count(Difference difference) const {
        return counts_[static_cast<std::size_t>(difference)];
    }
    std::uint64_t equal() const;
    std::uint64_t different() const { return differing_.size(); }
    std::uint64_t unanswered() const { return count(Difference::Unanswered); }
    /// Some of the questions that got no answer.
    const std::vector<Question>& examples_unanswered() const { return examples_unanswered_; }
    const std::vector<Differing>& differing() const { return differing_; }

private:
    ComparisonOptions options_;
    std::uint64_t questions_ = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(Difference::Unanswered) + 1> counts_{};
    std::vector<Differing> differing_;
    std::vector<Question> examples_unanswered_;
};

}  // namespace ostrakon::compare
