// The filter beside the name index says what the index implies, and denies nothing that is in it.
#include "comparison.hpp"

#include "support/name_filter_model.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::property {
namespace {

// Whether a node is at the name, below it or above it.
bool is_found(const test::NameKeys& nodes, const std::string& key) {
    const auto at_or_behind = nodes.lower_bound(key);
    if (at_or_behind != nodes.end() && at_or_behind->starts_with(key)) {
        return true;
    }
    const std::vector<std::string> above = test::names_above(key);
    return std::any_of(above.begin(), above.end(),
                       [&](const std::string& name) { return nodes.contains(name); });
}

}  // namespace

Difference compare_name_filter(World& world, const std::vector<Query>& places) {
    const auto snapshot = store::Snapshot::begin(world.environment());
    if (!snapshot) {
        return "the database cannot be read: " + message(snapshot.error());
    }
    const test::NameKeys nodes = test::stored_names(*snapshot);
    if (test::stored_filter(*snapshot) != test::filter_of(nodes)) {
        return fmt::format("the filter does not hold what {} nodes of names imply", nodes.size());
    }
    for (const Query& place : places) {
        const auto* name = std::get_if<dns::Name>(&place);
        if (name == nullptr) {
            continue;
        }
        const std::string key = dns::reversed_key(*name);
        if (is_found(nodes, key) && !test::may_be_found(*snapshot, key)) {
            return fmt::format("the filter denies {}", dns::to_string(*name));
        }
    }
    return std::nullopt;
}

}  // namespace ostrakon::property
