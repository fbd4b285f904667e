// A list beside what its feed holds: what is to go and what is to come. Needs no lock, writes
// nothing. Included by this module's sources only.
#pragma once

#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/import.hpp"
#include "value_numbers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// What is to become of one data set, which has a layer of its own.
struct DataSetChange {
    std::string label;
    std::optional<LayerId> layer;  ///< Nothing where it is new.
    EntryList removed, added;
    std::vector<std::uint32_t> values_gone;  ///< Values that no entry has any more.
    Coverage coverage;                       ///< Of what is removed and added.
};

struct FeedComparison {
    /// The feed's record and the database's epoch, which tell whether anything has changed since.
    std::string feed_record;
    std::uint64_t epoch = 0;

    EntryDefaults defaults;
    std::vector<DataSetChange> data_sets;
    /// The i-th has the number first_new_value + i in the entries that are added: above that of
    /// every value that is there.
    std::vector<NewValue> new_values;
    std::uint32_t first_new_value = 0;

    std::uint64_t added = 0, changed = 0, removed = 0, unchanged = 0;  ///< Subjects.
    std::uint64_t entries_before = 0, entries_after = 0;               ///< In these data sets.
};

/// Compares; null stands for a database without anything. Refused by the feed's limits on steps.
Result<FeedComparison> compare_with_feed(const store::Transaction* transaction,
                                         const config::Settings& settings, const Import& import);

/// Whether the feed is still as it was when it was compared.
bool is_current(const FeedComparison& comparison, const store::Transaction& transaction,
                const std::string& feed);

}  // namespace ostrakon::policy
