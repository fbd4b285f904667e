#include "ostrakon/base/suggestion.hpp"

#include <algorithm>
#include <cstddef>

namespace ostrakon {
namespace {

constexpr std::size_t kWordSizeMax = 64;

// Changes (a letter put in, left out, replaced, or swapped with its neighbour) that make one word
// of the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> steps(a.size() + 1,
                                                std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                steps[i][j] = i + j;
                continue;
            }
            const std::size_t replaced = steps[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            steps[i][j] = std::min({steps[i - 1][j] + 1, steps[i][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
            }
        }
    }
    return steps[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> suggestion(std::string_view word,
                                      const std::vector<std::string>& known) {
    if (word.size() > kWordSizeMax) {
        return std::nullopt;
    }
    std::optional<std::string> nearest;
    std::size_t nearest_distance =
        std::max<std::size_t>(1, std::min<std::size_t>(2, word.size() / 3)) + 1;
    for (const std::string& candidate : known) {
        if (candidate.size() > kWordSizeMax) {
            continue;
        }
        const std::size_t changes = distance(word, candidate);
        if (changes < nearest_distance && changes < candidate.size()) {
            nearest = candidate;
            nearest_distance = changes;
        }
    }
    return nearest;
}

}  // namespace ostrakon
