// Own patterns over whole names: where they lie, and how many there may be.
//
// A glob that ends in literal labels is an entry at these, and an item of the verdict sets from
// there on that holds only for the names that it matches (policy/verdict_set.hpp). All others are
// free: they can match any name, and lie at the empty key. IndexPattern table, of free patterns.
// Key: the pattern in its canonical spelling. Value: the verdict set of its listings, u32.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/store/transaction.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// Globs with the same literal labels at their end; more of them are better one regular expression.
inline constexpr std::size_t kGlobsOfEndMax = 32;

/// Regular expressions are less specific than any label.
inline constexpr Breadth kBreadthOfRegex = breadth_of_name(false, 0) + 1;
Breadth breadth_of_pattern(std::string_view text) noexcept;

/// The pattern of a listing, without its mark; empty if its subject is none.
constexpr std::string_view pattern_of(std::string_view subject) noexcept {
    return subject.starts_with(kPatternMark) ? subject.substr(kPatternMark.size())
                                             : std::string_view{};
}
/// Whether a pattern can match names that have nothing in common.
bool is_free(std::string_view pattern) noexcept;

/// Every free pattern with an own listing that is active, and the ids of these.
std::map<std::string, std::vector<store::ListingId>> free_patterns(
    const store::Transaction& transaction);
/// Those of them that match a name, spelled as dns::to_string does it.
std::vector<std::string> matching_free_patterns(const store::Transaction& transaction,
                                                std::string_view name);

/// Whether the patterns, `added` among them, can be matched within their bounds; to be asked after
/// the entries were edited.
Result<Done> check_patterns(const store::Transaction& transaction,
                            const std::vector<NameEntry>& added);

/// Calls visit(id) for each own listing that a pattern ever had. Allocates nothing.
template <class Visit>
void for_each_listing_of_pattern(const store::Transaction& transaction, std::string_view pattern,
                                 Visit&& visit) {
    std::array<char, kPatternMark.size() + pattern::kPatternSizeMax> key{};
    if (pattern.size() > pattern::kPatternSizeMax) {
        return;
    }
    const auto end = std::copy(pattern.begin(), pattern.end(),
                               std::copy(kPatternMark.begin(), kPatternMark.end(), key.begin()));
    const auto ids = transaction.get(store::Table::Subjects,
                                     {key.data(), static_cast<std::size_t>(end - key.begin())});
    for (std::size_t at = 0; ids && at + sizeof(store::ListingId) <= ids->size();
         at += sizeof(store::ListingId)) {
        visit(store::load_raw<store::ListingId>(ids->data() + at));
    }
}

}  // namespace ostrakon::policy
