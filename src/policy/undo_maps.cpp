// The part of an undo that concerns maps.
#include "map_change.hpp"
#include "undo_parts.hpp"

#include <fmt/format.h>

namespace ostrakon::policy {
namespace {

// Whether a map is as the change set left it; which maps are asked is another matter.
bool is_map_as_left(const Map* present, const MapImage& image) {
    const auto after = decode_map(image.name, image.after);
    return present != nullptr && after && present->id == after->id &&
           present->changed == after->changed;
}

void bring_back_blocks(Undoing& undoing) {
    store::WriteTransaction& transaction = undoing.change.transaction();
    for (const MapBlockImage& block : undoing.inverse.map_blocks) {
        undoing.change.remember_map_block(block.key,
                                          transaction.get(store::Table::MapBlocks, block.key));
        if (block.before) {
            transaction.put(store::Table::MapBlocks, block.key, *block.before);
        } else {
            transaction.erase(store::Table::MapBlocks, block.key);
        }
    }
}

void bring_back_record(Undoing& undoing, const MapImage& image) {
    Catalogue& catalogue = undoing.change.catalogue();
    undoing.change.remember_map(image.name);
    auto before = image.before.empty() ? std::nullopt : decode_map(image.name, image.before);
    if (before) {
        // Which maps are asked is not what is taken back.
        const Map* present = catalogue.map(image.name);
        before->places = present == nullptr ? decltype(before->places){} : present->places;
        before->changed = undoing.change.transaction().id();
        catalogue.put_map(undoing.change.transaction(), std::move(*before));
    } else {
        catalogue.remove_map(undoing.change.transaction(), image.name);
    }
}

}  // namespace

Result<Done> undo_maps(Undoing& undoing, bool confirmed) {
    if (undoing.inverse.maps.empty()) {
        return Done{};
    }
    const MapImage& image = undoing.inverse.maps.front();  // a change set takes in one
    const Map* present = undoing.change.catalogue().map(image.name);
    const bool is_gone_as_left = present == nullptr && image.after.empty();  // undone by an undo
    if (!is_gone_as_left && !is_map_as_left(present, image)) {
        undoing.leave("map " + image.name, "it has been taken in anew since");
        return Done{};
    }
    MapChange maps{undoing.change};
    bring_back_blocks(undoing);
    bring_back_record(undoing, image);
    place_maps(undoing.change, undoing.settings);
    maps.finish();
    if (!confirmed) {
        if (auto fit = maps.check(undoing.settings); !fit) {
            return fit;
        }
    }
    undoing.report.coverage += maps.coverage();
    const std::string what =
        image.before.empty() ? fmt::format("map {}: gone, as before it was taken in", image.name)
                             : fmt::format("map {}: as it was before", image.name);
    undoing.report.notes.push_back(what);
    undoing.change.tell("", "", what, undoing.reason);
    return Done{};
}

}  // namespace ostrakon::policy
