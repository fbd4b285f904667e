#include "ostrakon/policy/patterns.hpp"

#include "ostrakon/pattern/pattern_set.hpp"
#include "ostrakon/policy/listings.hpp"

#include <fmt/format.h>
#include <set>

namespace ostrakon::policy {
namespace {

Unexpected<Error> too_many_patterns(std::string why, std::string remedy) {
    return Unexpected{
        Error{ErrorCode::Refused, "take in patterns", std::move(why), std::move(remedy)}};
}

std::size_t patterns_at(const store::Transaction& transaction, const std::string& key) {
    std::set<std::string_view> subjects;
    const auto bytes = transaction.get(store::Table::EntriesName, name_entry_key(kOwnLayer, key));
    for_each_name_entry(
        bytes.value_or(std::string_view{}), [&](NameScope scope, std::uint32_t value) {
            const auto listing =
                scope == NameScope::Pattern ? view_own_listing(transaction, value) : std::nullopt;
            if (listing) {
                subjects.insert(listing->subject);
            }
        });
    return subjects.size();
}

}  // namespace

Breadth breadth_of_pattern(std::string_view text) noexcept {
    return text.starts_with('/') ? kBreadthOfRegex
                                 : breadth_of_name(false, pattern::literal_label_count(text));
}

bool is_free(std::string_view pattern) noexcept {
    return pattern::literal_end(pattern).empty();
}

std::map<std::string, std::vector<store::ListingId>> free_patterns(
    const store::Transaction& transaction) {
    std::map<std::string, std::vector<store::ListingId>> patterns;
    const auto bytes = transaction.get(store::Table::EntriesName, name_entry_key(kOwnLayer, ""));
    for_each_name_entry(bytes.value_or(std::string_view{}),
                        [&](NameScope /*scope*/, std::uint32_t value) {
                            const auto listing = view_own_listing(transaction, value);
                            const auto text = listing ? pattern_of(listing->subject) : "";
                            if (!text.empty() && is_free(text)) {
                                patterns[std::string{text}].push_back(value);
                            }
                        });
    return patterns;
}

std::vector<std::string> matching_free_patterns(const store::Transaction& transaction,
                                                std::string_view name) {
    std::vector<std::string> matching;
    for (const auto& [text, ids] : free_patterns(transaction)) {
        if (pattern::matches(text, name)) {
            matching.push_back(text);
        }
    }
    return matching;
}

Result<Done> check_patterns(const store::Transaction& transaction,
                            const std::vector<NameEntry>& added) {
    const std::string* checked = nullptr;
    for (const NameEntry& entry : added) {
        if (entry.scope != NameScope::Pattern || (checked != nullptr && *checked == entry.key)) {
            continue;
        }
        checked = &entry.key;
        if (!entry.key.empty()) {
            if (patterns_at(transaction, entry.key) > kGlobsOfEndMax) {
                return too_many_patterns(
                    fmt::format("there would be more than {} that end in {}", kGlobsOfEndMax,
                                dns::to_string(dns::name_from_key(entry.key))),
                    "write them as one regular expression, rdns:/…/");
            }
            continue;
        }
        std::vector<std::string> texts;
        for (auto& [text, ids] : free_patterns(transaction)) {
            texts.push_back(text);
        }
        if (texts.size() > pattern::kSetPatternsMax) {
            return too_many_patterns(
                fmt::format("there would be {} without a literal label at their end, more than {}",
                            texts.size(), pattern::kSetPatternsMax),
                "write several of them as one, or give them the labels that they end in, as in "
                "rdns:*dsl*.example.net");
        }
        if (!pattern::PatternSet::compile(texts)) {
            return too_many_patterns(
                fmt::format("the {} without a literal label at their end would take more than {} "
                            "MiB together",
                            texts.size(), pattern::kSetMemoryMax >> 20),
                "write them with fewer or smaller repetitions");
        }
    }
    return Done{};
}

}  // namespace ostrakon::policy
