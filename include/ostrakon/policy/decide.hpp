// Recording decisions: ban, allow, unban. Each call is one change set in one transaction: truth,
// index, journal, serial.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/recheck.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/listing.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// Who makes a change, when, and with which words; goes into the audit trail.
struct Author {
    std::string by;
    std::string command;  ///< "ban", "import list.txt": as `changes` shows it.
    UnixTime at;
};

/// When a listing ends: given by the person, or left to the lifecycle.
struct Expiry {
    bool is_given = false;
    std::optional<UnixTime> until;  ///< With is_given: empty means for ever.
};

struct Ban {
    std::vector<Subject> subjects;
    std::string
        listing_class;  ///< Empty: default_class of each subject; "allow" records exceptions.
    std::optional<net::Ipv4> code;
    std::string reason;
    std::string evidence;
    Expiry expiry;
    bool override_never = false;  ///< --override: also what [protect] never holds.
    bool confirmed = false;       ///< --yes: lifts the blast radius.
    bool dry_run = false;
    /// Of `diagnose --ban`: the words for rechecks.
    std::optional<store::Diagnosed> diagnosed = {};
    /// Told what each AS and country costs, before it is banned. May be empty.
    std::function<void(const std::string&)> tell_cost = {};
};

struct Lift {
    std::vector<Subject> subjects;
    std::string listing_class;  ///< Empty: all classes.
    std::string reason;
    std::string evidence;
    bool override_lifecycle = false;  ///< --override.
    bool confirmed = false;           ///< --yes: lifts the blast radius.
    bool bans_only = false;           ///< Own allows of the subject stay.
};

/// What a change set did, or with dry_run would do.
struct ChangeReport {
    std::optional<store::ChangeId> change;  ///< Empty where nothing changed or dry_run.
    bool changed = false;
    bool dry_run = false;
    Coverage coverage;                        ///< Of the listings below.
    std::map<std::string, Coverage> origins;  ///< Of each AS and country among them.
    std::vector<store::Listing>
        listings;  ///< As they stand after the change; for an unban the lifted ones.
    std::vector<std::string>
        notes;  ///< For people: wider bans that stay, parts that `never` keeps unlisted, repeats.
};

/// What ban() checks before it asks the database: class, code, [protect], the blast radius.
Result<Done> check_ban(const config::Settings& settings, const Ban& ban);

/// What a ban covers, over all its subjects.
Coverage cost_of(const Ban& ban);

/// Records bans or, with class "allow", exceptions. Errors: Refused (never, blast radius), Usage
/// (class, code), Store. The caller holds the writer lock.
Result<ChangeReport> ban(store::Environment& environment, const config::Settings& settings,
                         const Ban& ban, const Author& author);

/// Lifts own listings of just these subjects. Absent when none of them has one; Refused by the
/// lifecycle rules or the blast radius.
Result<ChangeReport> unban(store::Environment& environment, const config::Settings& settings,
                           const Lift& lift, const Author& author);

/// Tidies up what has ended by `author.at`: listings become Expired, entries of feeds are removed,
/// the serial rises. What was looked into again falls away if it passes (policy/recheck.hpp). Takes
/// over a change of [geo]; what a new map would be refused for is held, and noted, unless
/// `confirmed`. Where a feed has gone stale, or `zones_hash` (config/zones_hash.hpp) is another one
/// than before, the serial rises, too: those who hold a copy of a zone cannot see it otherwise.
Result<ChangeReport> expire(store::Environment& environment, const config::Settings& settings,
                            const Author& author, bool confirmed = false,
                            const std::vector<Rechecked>& rechecked = {},
                            std::optional<std::uint64_t> zones_hash = {});

}  // namespace ostrakon::policy
