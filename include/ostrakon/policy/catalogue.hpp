// The names behind the numbers of the index: classes, the layers in which feeds lie, and maps.
//
// A layer is one data set of a source: "own" is layer 0, a feed has one, a combined rbldnsd file
// several. Ids are never given twice.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/net/origin.hpp"
#include "ostrakon/store/transaction.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

using ClassId = std::uint16_t;
using LayerId = std::uint32_t;
using MapId = std::uint32_t;

inline constexpr ClassId kFeedsClass =
    0;  ///< In an entry of a feed: the class that the feed has at the time of the answer.
inline constexpr ClassId kAllowClassId = 9;
inline constexpr ClassId kSiteClassFirst = 64;  ///< Ids of a site's own classes begin here.
inline constexpr ClassId kClassIdMax = 4095;
inline constexpr LayerId kOwnLayer = 0;
/// Built-in sources have layers that the database does not know, in the order of
/// zone::kBuiltInSources.
inline constexpr LayerId kBuiltInLayerFirst = 0xFFFFFFF0;
inline constexpr LayerId kDynamicNamesLayer = kBuiltInLayerFirst;

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
    /// Whether it was last refreshed longer ago than max_age allows.
    bool is_stale(UnixTime at) const {
        return max_age_s && last_success && at.seconds - last_success->seconds > *max_age_s;
    }
};

/// Reads a feed's record; nothing if it is damaged.
std::optional<Feed> decode_feed(std::string_view name, std::string_view bytes);

/// A map as the database knows it. It may say of addresses which AS they belong to, which country,
/// or both.
struct Map {
    std::string name;
    MapId id = 0;
    std::string format;
    std::optional<UnixTime> date;           ///< What its file says of its age.
    UnixTime taken;                         ///< When it was imported.
    std::array<std::uint64_t, 2> ranges{};  ///< By net::OriginKind.
    std::uint64_t changed = 0;              ///< The transaction that changed its ranges last.
    /// By net::OriginKind: 1 for the first of the maps that are asked, 0 for one that is not.
    std::array<std::uint32_t, 2> places{};

    bool knows(net::OriginKind kind) const { return ranges[static_cast<std::size_t>(kind)] > 0; }
    std::uint32_t place(net::OriginKind kind) const {
        return places[static_cast<std::size_t>(kind)];
    }
    /// What is called its date: the file's own, else that of the import.
    UnixTime dated() const { return date.value_or(taken); }
};

/// Reads a map's record; nothing if it is damaged.
std::optional<Map> decode_map(std::string_view name, std::string_view bytes);

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
    /// Also of a built-in source.
    const Layer* layer(LayerId id) const;
    const std::map<std::string, Feed, std::less<>>& feeds() const { return feeds_; }
    const Feed* feed(std::string_view name) const;
    /// The feed of a layer; nothing for the own layer.
    const Feed* feed_of(LayerId id) const;

    const std::map<std::string, Map, std::less<>>& maps() const { return maps_; }
    const Map* map(std::string_view name) const;
    const Map* map(MapId id) const;
    /// The maps that are asked for this kind of origin, in their order.
    const std::vector<MapId>& maps_in_use(net::OriginKind kind) const {
        return maps_in_use_[static_cast<std::size_t>(kind)];
    }

    /// Gives the class an id if it has none.
    ClassId add_class(store::WriteTransaction& transaction, std::string_view name);
    /// Gives the data set a layer if it has none.
    LayerId add_layer(store::WriteTransaction& transaction, std::string_view feed,
                      std::string_view label);
    void put_feed(store::WriteTransaction& transaction, const Feed& feed);
    /// `map.id` is given where it is 0. Returns the id.
    MapId put_map(store::WriteTransaction& transaction, Map map);
    void remove_map(store::WriteTransaction& transaction, const std::string& name);

private:
    void order_maps();

    std::vector<std::string> class_names_;  // by id
    std::vector<Layer> layers_;
    std::map<std::string, Feed, std::less<>> feeds_;
    std::map<std::string, Map, std::less<>> maps_;
    std::array<std::vector<MapId>, 2> maps_in_use_;  // by net::OriginKind
};

}  // namespace ostrakon::policy
