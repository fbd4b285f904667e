// Many patterns matched against a name at once, in one pass over it. For one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::pattern {

/// Patterns of one set, and bytes that it may take for its program and what it remembers while
/// matching.
inline constexpr std::size_t kSetPatternsMax = 1000;
inline constexpr std::int64_t kSetMemoryMax = std::int64_t{32} << 20;

enum class MatchResult : std::uint8_t {
    None,
    Some,
    Failed,  ///< The memory did not suffice: nothing is known.
};

class PatternSet {
public:
    /// An empty one, which nothing matches.
    PatternSet();
    PatternSet(PatternSet&&) noexcept;
    PatternSet& operator=(PatternSet&&) noexcept;
    ~PatternSet();

    /// Of patterns in their canonical spelling (pattern.hpp); nothing if they are too many, or
    /// together need more memory than there is.
    static std::optional<PatternSet> compile(std::span<const std::string> patterns,
                                             std::int64_t memory_max = kSetMemoryMax);

    bool empty() const noexcept { return !set_; }

    /// Fills in the numbers of the patterns that match, in no order. Allocates only where one
    /// matches.
    MatchResult match(std::string_view name, std::vector<int>& matching) const;
    /// Only whether one does. Allocates nothing that lasts no longer than the call.
    MatchResult match(std::string_view name) const;

private:
    struct Set;
    std::unique_ptr<Set> set_;
};

}  // namespace ostrakon::pattern
