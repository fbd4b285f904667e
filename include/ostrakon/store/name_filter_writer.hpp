// Keeps the filter of the name index as the index has it, change by change. Only IndexWriter uses
// it, and `check`, which derives the filter anew.
#pragma once

#include "ostrakon/store/name_filter.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ostrakon::store {

/// Facts as numbers: the bucket and then the entry.
using FilterFacts = std::vector<std::uint32_t>;

/// Told of every name that gets a node or loses it, this gathers what becomes true and what false,
/// and writes it bucket by bucket.
class NameFilterWriter {
public:
    explicit NameFilterWriter(WriteTransaction& transaction) : transaction_(transaction) {}
    NameFilterWriter(const NameFilterWriter&) = delete;
    NameFilterWriter& operator=(const NameFilterWriter&) = delete;

    /// The present value of a name in the index.
    std::optional<std::string_view> find(std::string_view key) noexcept;
    /// Tells of a node that is new, before it is written. find() was called for it, and nothing was
    /// written since.
    void add(std::string_view key);
    /// Tells of a node that is gone, after it was erased.
    void remove(std::string_view key);
    /// Forgets what it was told, as the index and the filter were emptied.
    void clear();

    /// Writes what was gathered; whether that changed anything. Call once, last.
    bool finish();

private:
    std::size_t labels_shared(std::string_view key) noexcept;
    void write_bucket(std::uint32_t bucket, std::span<const std::uint32_t> added,
                      std::span<const std::uint32_t> removed);

    WriteTransaction& transaction_;
    std::optional<Cursor> names_;
    bool has_successor_ = false;  // names_ stands at the first name behind the one looked for
    FilterFacts added_;
    FilterFacts removed_;
};

/// Writes the filter anew, as the name index implies it.
void derive_name_filter(WriteTransaction& transaction);

/// All facts that the name index implies, ascending.
FilterFacts derive_filter_facts(const Transaction& transaction);

/// The buckets of the filter that do not hold what the name index implies.
std::vector<std::uint32_t> wrong_filter_buckets(const Transaction& transaction);

}  // namespace ostrakon::store
