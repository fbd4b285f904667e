#include "ostrakon/policy/catalogue.hpp"

#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>

namespace ostrakon::policy {
namespace {

using store::Table;

void note_change(store::WriteTransaction& transaction) {
    store::set_meta_number(transaction, store::meta_key::kCatalogueChanged, transaction.id());
}

std::string layer_key(LayerId id) {
    std::string key;
    store::append_big_endian(key, id);
    return key;
}

std::string encode_feed(const Feed& feed) {
    store::Encoder encoder;
    encoder.text(feed.listing_class)
        .number(feed.code ? feed.code->bits : 0)
        .flag(feed.max_age_s.has_value())
        .number(static_cast<std::uint64_t>(feed.max_age_s.value_or(0)))
        .text(feed.removal)
        .flag(feed.is_configured)
        .flag(feed.is_local)
        .flag(feed.last_success.has_value())
        .number(feed.last_success ? static_cast<std::uint64_t>(feed.last_success->seconds) : 0)
        .number(feed.entries)
        .number(feed.entries_changed);
    return encoder.take();
}

std::string encode_map(const Map& map) {
    store::Encoder encoder;
    encoder.number(map.id)
        .text(map.format)
        .flag(map.date.has_value())
        .number(map.date ? static_cast<std::uint64_t>(map.date->seconds) : 0)
        .number(static_cast<std::uint64_t>(map.taken.seconds));
    for (const net::OriginKind kind : net::kOriginKinds) {
        const auto i = static_cast<std::size_t>(kind);
        encoder.number(map.ranges[i]).number(map.places[i]);
    }
    encoder.number(map.changed);
    return encoder.take();
}

// One for each of zone::kBuiltInSources.
const Layer* built_in_layer(LayerId id) {
    static const std::vector<Layer> layers = [] {
        std::vector<Layer> made;
        made.reserve(zone::kBuiltInSources.size());
        for (const std::string_view source : zone::kBuiltInSources) {
            made.push_back(
                {static_cast<LayerId>(kBuiltInLayerFirst + made.size()), std::string{source}, ""});
        }
        return made;
    }();
    const std::size_t place = id - kBuiltInLayerFirst;
    return place < layers.size() ? &layers[place] : nullptr;
}

}  // namespace

std::optional<Map> decode_map(std::string_view name, std::string_view bytes) {
    store::Decoder decoder{bytes};
    Map map;
    map.name = name;
    map.id = static_cast<MapId>(decoder.number());
    map.format = decoder.text();
    const bool has_date = decoder.flag();
    const UnixTime date{static_cast<std::int64_t>(decoder.number())};
    if (has_date) {
        map.date = date;
    }
    map.taken = UnixTime{static_cast<std::int64_t>(decoder.number())};
    for (const net::OriginKind kind : net::kOriginKinds) {
        const auto i = static_cast<std::size_t>(kind);
        map.ranges[i] = decoder.number();
        map.places[i] = static_cast<std::uint32_t>(decoder.number());
    }
    map.changed = decoder.number();
    return decoder.is_damaged() ? std::nullopt : std::optional{std::move(map)};
}

std::optional<Feed> decode_feed(std::string_view name, std::string_view bytes) {
    store::Decoder decoder{bytes};
    Feed feed;
    feed.name = name;
    feed.listing_class = decoder.text();
    if (const auto code = static_cast<std::uint32_t>(decoder.number()); code != 0) {
        feed.code = net::Ipv4{code};
    }
    if (decoder.flag()) {
        feed.max_age_s = static_cast<std::int64_t>(decoder.number());
    } else {
        decoder.number();
    }
    feed.removal = decoder.text();
    feed.is_configured = decoder.flag();
    feed.is_local = decoder.flag();
    if (decoder.flag()) {
        feed.last_success = UnixTime{static_cast<std::int64_t>(decoder.number())};
    } else {
        decoder.number();
    }
    feed.entries = decoder.number();
    feed.entries_changed = decoder.number();
    return decoder.is_damaged() ? std::nullopt : std::optional{std::move(feed)};
}

Catalogue::Catalogue() {
    class_names_.resize(1);
    for (const zone::BuiltInClass& built_in : zone::kBuiltInClasses) {
        class_names_.emplace_back(built_in.name);
    }
    layers_.push_back({kOwnLayer, std::string{zone::kOwnSource}, ""});
    built_in_layer(kBuiltInLayerFirst);  // made now, and not by the first answer that needs one
}

Catalogue Catalogue::load(const store::Transaction& transaction) {
    Catalogue catalogue;
    store::Cursor classes{transaction, Table::Classes};
    for (bool found = classes.first(); found; found = classes.next()) {
        const auto id = store::load_raw<ClassId>(classes.value().data());
        if (id > kClassIdMax) {
            continue;
        }
        catalogue.class_names_.resize(
            std::max<std::size_t>(catalogue.class_names_.size(), id + 1U));
        catalogue.class_names_[id] = classes.key();
    }
    store::Cursor layers{transaction, Table::Layers};
    for (bool found = layers.first(); found; found = layers.next()) {
        store::Decoder decoder{layers.value()};
        Layer layer;
        layer.id = store::load_big_endian<LayerId>(layers.key().data());
        layer.feed = decoder.text();
        layer.label = decoder.text();
        catalogue.layers_.push_back(std::move(layer));
    }
    store::Cursor feeds{transaction, Table::Feeds};
    for (bool found = feeds.first(); found; found = feeds.next()) {
        if (auto feed = decode_feed(feeds.key(), feeds.value())) {
            catalogue.feeds_.emplace(std::string{feeds.key()}, std::move(*feed));
        }
    }
    store::Cursor maps{transaction, Table::Maps};
    for (bool found = maps.first(); found; found = maps.next()) {
        if (auto map = decode_map(maps.key(), maps.value())) {
            catalogue.maps_.emplace(std::string{maps.key()}, std::move(*map));
        }
    }
    catalogue.order_maps();
    return catalogue;
}

std::optional<ClassId> Catalogue::class_id(std::string_view name) const {
    const auto found = std::find(class_names_.begin() + 1, class_names_.end(), name);
    if (name.empty() || found == class_names_.end()) {
        return std::nullopt;
    }
    return static_cast<ClassId>(found - class_names_.begin());
}

std::string_view Catalogue::class_name(ClassId id) const {
    return id < class_names_.size() ? std::string_view{class_names_[id]} : std::string_view{};
}

const Layer* Catalogue::layer(LayerId id) const {
    if (id >= kBuiltInLayerFirst) {
        return built_in_layer(id);
    }
    const auto found =
        std::lower_bound(layers_.begin(), layers_.end(), id,
                         [](const Layer& layer, LayerId wanted) { return layer.id < wanted; });
    return found != layers_.end() && found->id == id ? &*found : nullptr;
}

const Feed* Catalogue::feed(std::string_view name) const {
    const auto found = feeds_.find(name);
    return found == feeds_.end() ? nullptr : &found->second;
}

const Feed* Catalogue::feed_of(LayerId id) const {
    const Layer* of = id == kOwnLayer ? nullptr : layer(id);
    return of == nullptr ? nullptr : feed(of->feed);
}

ClassId Catalogue::add_class(store::WriteTransaction& transaction, std::string_view name) {
    if (const auto known = class_id(name)) {
        return *known;
    }
    const auto id =
        static_cast<ClassId>(std::max<std::size_t>(kSiteClassFirst, class_names_.size()));
    if (id > kClassIdMax) {
        transaction.fail({ErrorCode::Store, "add class \"" + std::string{name} + "\"",
                          "the database has as many classes as it can hold", ""});
        return kFeedsClass;
    }
    class_names_.resize(id + 1U);
    class_names_[id] = name;
    std::string value;
    store::append_raw(value, id);
    transaction.put(Table::Classes, name, value);
    note_change(transaction);
    return id;
}

LayerId Catalogue::add_layer(store::WriteTransaction& transaction, std::string_view feed,
                             std::string_view label) {
    for (const Layer& layer : layers_) {
        if (layer.feed == feed && layer.label == label) {
            return layer.id;
        }
    }
    const auto id = store::take_next_id(transaction, store::meta_key::kNextLayer);
    layers_.push_back({id, std::string{feed}, std::string{label}});
    store::Encoder encoder;
    encoder.text(feed).text(label);
    transaction.put(Table::Layers, layer_key(id), encoder.take());
    note_change(transaction);
    return id;
}

void Catalogue::put_feed(store::WriteTransaction& transaction, const Feed& feed) {
    const std::string record = encode_feed(feed);
    if (const auto known = transaction.get(Table::Feeds, feed.name); known && *known == record) {
        return;
    }
    transaction.put(Table::Feeds, feed.name, record);
    feeds_.insert_or_assign(feed.name, feed);
    note_change(transaction);
}

const Map* Catalogue::map(std::string_view name) const {
    const auto found = maps_.find(name);
    return found == maps_.end() ? nullptr : &found->second;
}

const Map* Catalogue::map(MapId id) const {
    const auto found = std::find_if(maps_.begin(), maps_.end(),
                                    [id](const auto& known) { return known.second.id == id; });
    return found == maps_.end() ? nullptr : &found->second;
}

MapId Catalogue::put_map(store::WriteTransaction& transaction, Map map) {
    if (map.id == 0) {
        map.id = store::take_next_id(transaction, store::meta_key::kNextMap);
    }
    const MapId id = map.id;
    const std::string record = encode_map(map);
    if (const auto known = transaction.get(Table::Maps, map.name); known && *known == record) {
        return id;
    }
    transaction.put(Table::Maps, map.name, record);
    const std::string name = map.name;
    maps_.insert_or_assign(name, std::move(map));
    order_maps();
    note_change(transaction);
    return id;
}

void Catalogue::remove_map(store::WriteTransaction& transaction, const std::string& name) {
    transaction.erase(Table::Maps, name);
    maps_.erase(name);
    order_maps();
    note_change(transaction);
}

void Catalogue::order_maps() {
    for (const net::OriginKind kind : net::kOriginKinds) {
        std::vector<std::pair<std::uint32_t, MapId>> placed;
        for (const auto& [name, map] : maps_) {
            if (map.place(kind) != 0) {
                placed.emplace_back(map.place(kind), map.id);
            }
        }
        std::sort(placed.begin(), placed.end());
        std::vector<MapId>& in_use = maps_in_use_[static_cast<std::size_t>(kind)];
        in_use.clear();
        for (const auto& [place, id] : placed) {
            in_use.push_back(id);
        }
    }
}

}  // namespace ostrakon::policy
