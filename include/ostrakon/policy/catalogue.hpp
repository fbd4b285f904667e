// The names behind the numbers of the index: classes, and the layers in which feeds lie.
//
// A layer is one data set of a source: "own" is layer 0, a feed has one, a combined rbldnsd file
// several. Ids are never given twice.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

using ClassId = std::uint16_t;
using LayerId = std::uint32_t;

inline constexpr ClassId kFeedsClass =
    0;  ///< In an entry of a feed: the class that the feed has at the time of the answer.
inline constexpr ClassId kAllowClassId = 9;
inline constexpr ClassId kSiteClassFirst = 64;  ///< Ids of a site's own classes begin here.
inline constexpr ClassId kClassIdMax = 4095;
inline constexpr LayerId kOwnLayer = 0;

/// A feed as the database knows it.
struct Feed {
    std::string name;
    std::string listing_class = "upstream";
    std::optional<net::Ipv4> code;
    std::optional<std::int64_t> max_age_s;  ///< Not served when the last success is longer ago.
    std::string removal;
    bool is_configured = false;
    bool is_local = true;  ///< Filled by `import --source` alone, never configured.
    std::optional<UnixTime> last_success;
    std::uint64_t entries = 0;
    std::uint64_t entries_changed = 0;  ///< The transaction that changed them last.

    /// Whether its entries may answer at all, staleness aside.
    bool is_served() const { return is_configured || is_local; }
};

/// Reads a feed's record; nothing if it is damaged.
std::optional<Feed> decode_feed(std::string_view name, std::string_view bytes);

struct Layer {
    LayerId id = kOwnLayer;
    std::string feed;   ///< "own" for layer 0.
    std::string label;  ///< Of a data set in a combined file; empty otherwise.
};

/// All classes, layers and feeds of one snapshot.
class Catalogue {
public:
    /// Of a database without anything: the built-in classes and the own layer.
    Catalogue();
    static Catalogue load(const store::Transaction& transaction);

    /// The class's id, or nothing if no listing ever had it.
    std::optional<ClassId> class_id(std::string_view name) const;
    /// Empty for an id that nobody has.
    std::string_view class_name(ClassId id) const;
    ClassId class_count() const { return static_cast<ClassId>(class_names_.size()); }

    /// In the order of their ids, "own" first.
    const std::vector<Layer>& layers() const { return layers_; }
    const Layer* layer(LayerId id) const;
    const std::map<std::string, Feed, std::less<>>& feeds() const { return feeds_; }
    const Feed* feed(std::string_view name) const;
    /// The feed of a layer; nothing for the own layer.
    const Feed* feed_of(LayerId id) const;

    /// Gives the class an id if it has none.
    ClassId add_class(store::WriteTransaction& transaction, std::string_view name);
    /// Gives the data set a layer if it has none.
    LayerId add_layer(store::WriteTransaction& transaction, std::string_view feed,
                      std::string_view label);
    void put_feed(store::WriteTransaction& transaction, const Feed& feed);

private:
    std::vector<std::string> class_names_;  // by id
    std::vector<Layer> layers_;
    std::map<std::string, Feed, std::less<>> feeds_;
};

}  // namespace ostrakon::policy
