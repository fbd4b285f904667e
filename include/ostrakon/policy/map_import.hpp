// Taking a map in: which addresses belong to which AS or country. One change set, all or nothing;
// the index follows at once wherever an AS or country is listed.
#pragma once

#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/map_contents.hpp"
#include "ostrakon/store/environment.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// What a change of maps makes of one AS or country that has own listings.
struct OriginStep {
    std::string subject;
    std::uint64_t prefixes_before = 0, addresses_before = 0;  ///< IPv6 counted in /64.
    std::uint64_t prefixes = 0, addresses = 0;
    bool differs = false;
};

struct MapReport;

struct MapImport {
    MapContents contents;
    std::string name;
    std::string format;
    std::string reason;
    bool replace = false;  ///< Families and kinds that the file has nothing of are emptied.
    bool strict = false;
    bool confirmed = false;  ///< --yes.
    bool dry_run = false;
    /// As in Import.
    std::function<void(store::WriteTransaction& transaction, const ImportReport& counts)> along =
        {};
    std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)>
        progress;  ///< May be empty.
    /// Shows what will change before it does; also what is then refused. May be empty.
    std::function<void(const MapReport&)> show;
};

struct MapReport {
    ImportReport counts;            ///< Of ranges; `read` and `rejected` of lines.
    std::vector<OriginStep> steps;  ///< Every AS and country that is listed.
};

/// What import_map() checks before it asks the database. Errors: Usage.
Result<Done> check_map(const config::Settings& settings, const MapImport& import,
                       const Author& author);

/// What import_map() would report of a map that passes check_map() and is the first thing in a
/// database.
MapReport first_map_report(const MapImport& import);

/// Takes the map in. Errors: Usage; Refused (an AS or country grows more than tenfold, blast
/// radius, canaries); Store. The caller holds the writer lock.
Result<MapReport> import_map(store::Environment& environment, const config::Settings& settings,
                             MapImport&& import, const Author& author);

}  // namespace ostrakon::policy
