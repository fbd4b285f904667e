// What takes a change set back: what each listing was before it, and which entries of feeds it
// removed and added. Kept for the newest change sets. Included by this module's sources only.
//
// Undo table. Key: change set (u64) and a running number (u32), most significant byte first. Value:
// a record; number 0 is the header. Bounded: the oldest change sets go first. The records of one
// that is larger than kInverseInTableMax lie in a file beside the database, of which only the
// newest is kept.
#pragma once

#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/store/event.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/store/transaction.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ostrakon::policy {

inline constexpr std::uint64_t kInverseBytesMax = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kInverseInTableMax = std::uint64_t{16} << 20;

/// A listing as it was before a change set.
struct ListingImage {
    store::ListingId id = 0;
    store::ChangeId decided = 0;  ///< As the change set left it.
    std::string before;           ///< store::encode.
};

/// A feed's record before and after a change set; empty where there was none.
struct FeedImage {
    std::string name;
    std::string before, after;
};

/// What happened to one layer. `values` has the content of every value that `removed` names.
struct EntriesImage {
    LayerId layer = kOwnLayer;
    EntryList removed, added;
    std::vector<std::pair<std::uint32_t, std::string>> values;
};

/// A map's record before and after a change set; empty where there was none.
struct MapImage {
    std::string name;
    std::string before, after;
};

/// A block of a map as it was before a change set, by its key.
struct MapBlockImage {
    std::string key;
    std::optional<std::string> before;
};

/// A record of another table, as it was before a change set. Nothing: it was not there.
struct RecordImage {
    store::Table table = store::Table::Requests;
    std::string key;
    std::optional<std::string> before;
    std::uint64_t after = 0;  ///< content_hash of what the change set left there.
};

struct Inverse {
    enum class Kind : std::uint8_t {
        Kept,
        Housekeeping,  ///< There is nothing to take back: `expire`.
        Rebuilt,       ///< The truth was replaced, or the index made anew.
        InFile,        ///< As kept, but the records lie in the file.
    };
    Kind kind = Kind::Kept;
    store::ListingId added_first = 0;  ///< The listings that it made have consecutive ids.
    std::uint32_t added_count = 0;
    std::vector<FeedImage> feeds;
    std::vector<ListingImage> listings;
    std::vector<RecordImage> records;
    std::vector<EntriesImage> entries;
    std::vector<MapImage> maps;
    std::vector<MapBlockImage> map_blocks;
};

/// Collects the inverse of one change set while that is made.
class InverseWriter {
public:
    void add_listing(store::ListingId id);
    /// The first call for a listing counts; none does for one that this change set made.
    void change_listing(const store::Listing& before, store::ChangeId decided);
    /// Before values are removed.
    void change_entries(const store::Transaction& transaction, LayerId layer,
                        const EntryList& removed, const EntryList& added);
    /// Before the feed's record is changed.
    void change_feed(const store::Transaction& transaction, const std::string& name);
    /// Before the map's record is changed, and each of its blocks.
    void change_map(const store::Transaction& transaction, const std::string& name);
    void change_map_block(std::string_view key, std::optional<std::string_view> before);
    /// Before the record is written or, without a value, removed.
    void change_record(const store::Transaction& transaction, store::Table table,
                       std::string_view key, std::optional<std::string_view> after);
    /// Collects no more and says why.
    void keep_nothing(Inverse::Kind why);

    /// Writes what was collected. Call once, last before the commit.
    void finish(store::WriteTransaction& transaction, store::ChangeId change,
                const std::filesystem::path& directory);
    /// Removes the files of earlier change sets.
    void after_commit() const;

private:
    void add_record(std::string&& record);

    Inverse inverse_;
    std::vector<std::string> records_;
    std::uint64_t bytes_ = 0;
    std::unordered_set<store::ListingId> known_;
    std::filesystem::path file_;
};

/// The inverse of a change set; nothing where it is kept no longer.
std::optional<Inverse> load_inverse(const store::Transaction& transaction, store::ChangeId change,
                                    const std::filesystem::path& directory);

/// Calls visit(change, image) for every listing that this change set or a later one has changed,
/// oldest first. False where some of it is kept no longer.
bool for_each_listing_image(const store::Transaction& transaction, store::ChangeId from,
                            store::ChangeId to,
                            const std::function<void(store::ChangeId, const ListingImage&)>& visit);

}  // namespace ostrakon::policy
