#include "ostrakon/compare/comparison.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr std::size_t kExamplesMax = 5;

}  // namespace

void Comparison::add(const Question& question, std::uint64_t count, Answer ours, Answer theirs) {
    const Difference difference = difference_of(ours, theirs, options_.with_texts);
    ++questions_;
    ++counts_[static_cast<std::size_t>(difference)];
    if (difference == Difference::Unanswered) {
        if (examples_unanswered_.size() < kExamplesMax) {
            examples_unanswered_.push_back(question);
        }
    } else if (difference != Difference::None &&
               (difference != Difference::NoData || options_.is_strict)) {
        differing_.push_back({question, count, difference, std::move(ours), std::move(theirs)});
    }
}

void Comparison::sort() {
    std::sort(differing_.begin(), differing_.end(), [](const Differing& a, const Differing& b) {
        return std::tie(b.count, a.question.name, a.question.type) <
               std::tie(a.count, b.question.name, b.question.type);
    });
}

std::uint64_t Comparison::equal() const {
    return questions_ - different() - unanswered();
}

}  // namespace ostrakon::compare
