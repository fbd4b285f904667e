// The journal: what each change set overwrote in the index, so that a past state can be had again.
//
// Key: serial and a running number, both u32, most significant first. Value: the table, the key,
// and the value it had, or that it had none. Applying the images of the newest serials, newest
// first, gives the index as it was before them. Bounded: the oldest serials go first, and a change
// larger than the whole journal clears it and leaves a mark that says so.
#pragma once

#include "ostrakon/store/name_filter_writer.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::store {

inline constexpr std::uint64_t kJournalBytesMax = std::uint64_t{64} << 20;

/// One overwritten key of the index.
struct BeforeImage {
    Table table = Table::IndexIpv4;
    std::string_view key;
    std::optional<std::string_view> value;  ///< Empty: the key was not there.
};

/// Writes to index tables through here, so that no change goes unrecorded, and none of names past
/// their filter. One per change set.
class IndexWriter {
public:
    explicit IndexWriter(WriteTransaction& transaction)
        : transaction_(transaction), filter_(transaction) {}
    IndexWriter(const IndexWriter&) = delete;
    IndexWriter& operator=(const IndexWriter&) = delete;

    void put(Table table, std::string_view key, std::string_view value);
    void erase(Table table, std::string_view key);
    /// Empties all index tables, and the filter. No images of that are kept: forget() was called
    /// before.
    void clear();

    /// Keeps no images of this change set: finish() clears the journal and leaves the mark, as for
    /// a change that is larger than it.
    void forget();

    /// Whether any index table was changed.
    bool has_changes() const noexcept { return changed_tables_ != 0; }
    /// Stores the images under `serial`, brings the filter to what the names are now, and notes
    /// which tables changed. Call once, last.
    void finish(std::uint32_t serial);

private:
    std::optional<std::string_view> find(Table table, std::string_view key);
    void remember(Table table, std::string_view key, std::optional<std::string_view> before);

    WriteTransaction& transaction_;
    NameFilterWriter filter_;
    std::vector<std::string> images_;
    std::uint64_t image_bytes_ = 0;
    bool overflown_ = false;
    unsigned changed_tables_ = 0;
};

/// Reads one value of the journal; nothing if it is damaged.
std::optional<BeforeImage> decode_before_image(std::string_view bytes) noexcept;

}  // namespace ostrakon::store
