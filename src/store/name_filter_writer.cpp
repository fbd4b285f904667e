#include "ostrakon/store/name_filter_writer.hpp"

#include "ostrakon/store/ipv4_bucket.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>
#include <iterator>

namespace ostrakon::store {
namespace {

constexpr unsigned kEntryBits = 16;

// How many labels two keys have in common from the front, and how many bytes those are.
struct Common {
    std::size_t labels = 0;
    std::size_t size = 0;
};
Common common_front(std::string_view a, std::string_view b) noexcept {
    Common common;
    while (common.size < a.size() && common.size < b.size()) {
        const std::size_t size = static_cast<std::uint8_t>(a[common.size]) + 1U;
        if (a.substr(common.size, size) != b.substr(common.size, size)) {
            break;
        }
        common.size += size;
        ++common.labels;
    }
    return common;
}

// Of a name's ancestors, those of so many labels have the name in front of it below them, too. A
// name does not lie below itself.
std::size_t labels_shared_with_predecessor(std::string_view predecessor,
                                           std::string_view key) noexcept {
    const Common common = common_front(predecessor, key);
    return common.size == predecessor.size() ? common.labels - 1 : common.labels;
}

std::uint32_t fact_of(std::uint64_t hash, NameFact fact) noexcept {
    return filter_bucket(hash) << kEntryBits | filter_entry(hash, fact);
}

// That there is a node, and that there is one below its ancestors, save for those of which others
// tell that already.
void append_facts(std::string_view key, std::size_t labels_shared, FilterFacts& facts) {
    const NameHashes hashes = hashes_of(key);
    for (std::size_t labels = labels_shared + 1; labels <= hashes.count; ++labels) {
        const bool is_name = hashes.is_whole && labels == hashes.count;
        if (!is_name) {
            facts.push_back(fact_of(hashes.of[labels - 1], NameFact::Below));
        }
    }
    if (hashes.is_whole && hashes.count != 0) {
        facts.push_back(fact_of(hashes.of[hashes.count - 1], NameFact::Node));
    }
}

FilterFacts without(const FilterFacts& from, const FilterFacts& what) {
    FilterFacts rest;
    std::set_difference(from.begin(), from.end(), what.begin(), what.end(),
                        std::back_inserter(rest));
    return rest;
}

// Takes the facts of the first bucket off the front.
std::span<const std::uint32_t> take_bucket(std::span<const std::uint32_t>& facts,
                                           std::uint32_t bucket) {
    std::size_t size = 0;
    while (size < facts.size() && facts[size] >> kEntryBits == bucket) {
        ++size;
    }
    const auto taken = facts.first(size);
    facts = facts.subspan(size);
    return taken;
}

std::uint32_t first_bucket(std::span<const std::uint32_t> facts) {
    return facts.empty() ? kFilterBuckets : facts.front() >> kEntryBits;
}

std::vector<std::uint16_t> entries_of(std::span<const std::uint32_t> facts) {
    std::vector<std::uint16_t> entries(facts.size());
    std::transform(facts.begin(), facts.end(), entries.begin(),
                   [](std::uint32_t fact) { return static_cast<std::uint16_t>(fact); });
    return entries;
}

}  // namespace

std::optional<std::string_view> NameFilterWriter::find(std::string_view key) noexcept {
    if (!names_) {
        names_.emplace(transaction_, Table::IndexName);
    }
    has_successor_ = names_->seek(key);
    return has_successor_ && names_->key() == key ? std::optional{names_->value()} : std::nullopt;
}

// Names below an ancestor are neighbours: if any but this one is, the one in front of it or the one
// behind it is.
std::size_t NameFilterWriter::labels_shared(std::string_view key) noexcept {
    const std::size_t behind = has_successor_ ? common_front(names_->key(), key).labels : 0;
    const bool has_predecessor = has_successor_ ? names_->previous() : names_->last();
    return std::max(behind,
                    has_predecessor ? labels_shared_with_predecessor(names_->key(), key) : 0);
}

void NameFilterWriter::add(std::string_view key) {
    append_facts(key, labels_shared(key), added_);
}

void NameFilterWriter::remove(std::string_view key) {
    find(key);
    append_facts(key, labels_shared(key), removed_);
}

void NameFilterWriter::clear() {
    added_.clear();
    removed_.clear();
}

bool NameFilterWriter::finish() {
    names_.reset();  // before the transaction ends, which would close it, too
    std::sort(added_.begin(), added_.end());
    std::sort(removed_.begin(), removed_.end());
    const FilterFacts more = without(added_, removed_);
    const FilterFacts less = without(removed_, added_);
    std::span<const std::uint32_t> added = more;
    std::span<const std::uint32_t> removed = less;
    while (!added.empty() || !removed.empty()) {
        const std::uint32_t bucket = std::min(first_bucket(added), first_bucket(removed));
        const auto added_here = take_bucket(added, bucket);
        write_bucket(bucket, added_here, take_bucket(removed, bucket));
    }
    clear();
    return !more.empty() || !less.empty();
}

void NameFilterWriter::write_bucket(std::uint32_t bucket, std::span<const std::uint32_t> added,
                                    std::span<const std::uint32_t> removed) {
    const auto before = transaction_.get(Table::NameFilter, bucket_key(bucket));
    const auto present = before ? decode_filter_bucket(*before) : std::vector<std::uint16_t>{};
    const auto gone = entries_of(removed);
    std::vector<std::uint16_t> kept;
    std::set_difference(present.begin(), present.end(), gone.begin(), gone.end(),
                        std::back_inserter(kept));
    if (kept.size() + gone.size() != present.size() && !transaction_.is_broken()) {
        transaction_.fail({ErrorCode::Store, "write the filter of the names",
                           "it does not hold what it should", "run `ostrakon check --repair`"});
        return;
    }
    const auto come = entries_of(added);
    std::vector<std::uint16_t> entries;
    entries.reserve(kept.size() + come.size());
    std::merge(kept.begin(), kept.end(), come.begin(), come.end(), std::back_inserter(entries));
    if (entries.empty()) {
        transaction_.erase(Table::NameFilter, bucket_key(bucket));
    } else if (before) {
        transaction_.put(Table::NameFilter, bucket_key(bucket), encode_filter_bucket(entries));
    } else {
        transaction_.append(Table::NameFilter, bucket_key(bucket), encode_filter_bucket(entries));
    }
}

FilterFacts derive_filter_facts(const Transaction& transaction) {
    FilterFacts facts;
    Cursor names{transaction, Table::IndexName};
    std::string before;
    for (bool more = names.first(); more; more = names.next()) {
        // As if they had come in this order.
        append_facts(names.key(),
                     before.empty() ? 0 : labels_shared_with_predecessor(before, names.key()),
                     facts);
        before = names.key();
    }
    std::sort(facts.begin(), facts.end());
    return facts;
}

void derive_name_filter(WriteTransaction& transaction) {
    const FilterFacts facts = derive_filter_facts(transaction);
    transaction.clear(Table::NameFilter);
    for (std::span<const std::uint32_t> rest = facts; !rest.empty();) {
        const std::uint32_t bucket = first_bucket(rest);
        transaction.append(Table::NameFilter, bucket_key(bucket),
                           encode_filter_bucket(entries_of(take_bucket(rest, bucket))));
    }
    set_meta_number(transaction, meta_key::kNameFilterChanged, transaction.id());
}

std::vector<std::uint32_t> wrong_filter_buckets(const Transaction& transaction) {
    const FilterFacts facts = derive_filter_facts(transaction);
    std::span<const std::uint32_t> rest = facts;
    std::vector<std::uint32_t> wrong;
    for (std::uint32_t bucket = 0; bucket < kFilterBuckets; ++bucket) {
        const auto expected = entries_of(take_bucket(rest, bucket));
        const auto stored = transaction.get(Table::NameFilter, bucket_key(bucket));
        const bool is_right = stored
                                  ? !expected.empty() && *stored == encode_filter_bucket(expected)
                                  : expected.empty();
        if (!is_right) {
            wrong.push_back(bucket);
        }
    }
    return wrong;
}

}  // namespace ostrakon::store
