// The JSON documents that scripts rely on. Keys are added, never renamed and never removed.
//
// Text that is not UTF-8 is written with U+FFFD in place of what is wrong. Each returned document
// ends in a line end.
#pragma once

#include "ostrakon/diagnose/diagnosis.hpp"
#include "ostrakon/hits/hit_file.hpp"
#include "ostrakon/policy/complaints.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/explain.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/policy/map_import.hpp"
#include "ostrakon/policy/requests.hpp"
#include "ostrakon/policy/restore.hpp"
#include "ostrakon/policy/undo.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tool {

/// [LISTING], one a line, so that a long list can be read line by line.
std::string listings_json(const std::vector<policy::ListedRow>& rows);
/// The same, each with its hits: null for those of feeds, and where none are counted.
std::string listings_json(const std::vector<policy::ListedRow>& rows, const hits::Counts* counts);

/// [LISTING] of one subject, each with its evidence, its state and the history of the subject in
/// its class.
std::string shown_json(const std::vector<store::Listing>& listings,
                       const std::vector<policy::Event>& events);

std::string changes_json(const std::vector<policy::ChangeRow>& rows);

/// What ban, allow, unban, undo and expire did.
std::string change_json(const policy::ChangeReport& report);

std::string import_json(const policy::ImportReport& report);
/// What `import` did with a map.
std::string map_json(const policy::MapReport& report, const std::string& name);
std::string history_json(const std::vector<policy::Event>& events);
/// `repaired`: how many differences were there before --repair.
std::string check_json(const policy::CheckReport& report, std::uint64_t repaired);
std::string figures_json(const policy::Figures& figures);

std::string backup_json(const std::string& file, std::uint64_t size_bytes,
                        const policy::BackupFigures& figures);
/// `report` is empty where nothing was changed; `before`: the file that takes it back, or nothing.
std::string restore_json(const std::optional<policy::RestoreReport>& report,
                         const policy::BackupFigures& figures, const std::string& before);

std::string_view kind_name(policy::RequestKind kind);
std::string_view state_name(policy::RequestState state);
std::string_view state_name(policy::ComplaintState state);

std::string requests_json(const std::vector<policy::Request>& requests);
/// One request whole; `change`: the change set that took it in, if this call did.
std::string request_json(const policy::Request& request,
                         const std::optional<store::ChangeId>& change);
std::string complaints_json(const std::vector<policy::ComplaintRow>& rows);
std::string complaint_json(const policy::Complaint& complaint);
std::string taken_complaint_json(const policy::TakenComplaint& taken);
std::string judged_json(const std::optional<store::ChangeId>& change);

/// `listed`: what --ban did, or nothing.
std::string diagnosis_json(const diagnose::Diagnosis& diagnosis,
                           const std::optional<policy::ChangeReport>& listed);

/// A row of `zone list`.
struct ZoneRow {
    std::string zone;
    std::uint32_t serial = 0;
    std::string state;
    std::string file;
};
std::string zones_json(const std::vector<ZoneRow>& rows);

/// What `zone check` has to say of zones without mistakes.
std::string zone_check_json(std::size_t zones, const std::vector<std::string>& warnings);

/// What `init` made and what was there already.
struct InitReport {
    std::vector<std::string> made;
    std::vector<std::string> kept;
    std::string config_file;
    std::string database;
};
std::string init_json(const InitReport& report);

}  // namespace ostrakon::tool
