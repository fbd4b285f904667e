// What was decided, as plain lists, and what each zone must answer for it by the rules that
// operators were promised.
//
// The other half of the property tests: it knows nothing of how the program stores or finds
// anything. Every question is answered by looking at every record.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/zone/zone.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ostrakon::property {

/// One whole address or name that is asked for. A name of one label of 40 hexadecimal digits asks
/// for a mail address.
using Query = std::variant<net::Ipv4, net::Ipv6, dns::Name>;
bool is_for_mail(const Query& query);
std::string to_string(const Query& query);

/// One decision, or one line of a feed.
struct Record {
    policy::Subject subject;
    std::string listing_class;  ///< Empty: its feed's.
    std::optional<net::Ipv4> code;
    std::string reason;
    std::optional<UnixTime> since;  ///< Own decisions only.
    std::optional<UnixTime> until;
    bool is_exception = false;
    bool overrides_never = false;

    bool has_ended(UnixTime now) const { return until && *until <= now; }
    friend bool operator==(const Record&, const Record&) = default;
};

/// One line of a list that is imported.
struct Line {
    policy::Subject subject;
    policy::Statement said;
};
/// The lines as a format would have read them.
policy::ImportList list_of(const std::vector<Line>& lines);

enum class Standing : std::uint8_t { Active, Warning, Ended, Undone };

struct OwnRecord {
    Record record;
    Standing standing = Standing::Active;
    std::uint32_t strikes = 0;
    std::optional<UnixTime> earliest_lift;
    bool was_warning = false;
    bool is_tidied = false;       ///< Lifted, or ended and seen by `expire`.
    std::uint64_t beginning = 0;  ///< When the ban began that it is part of: a number of its own.
    std::uint64_t decided = 0;    ///< The change set whose decision it shows.
    friend bool operator==(const OwnRecord&, const OwnRecord&) = default;

    bool is_allow() const { return record.listing_class == "allow"; }
    bool is_in_force(UnixTime now) const {
        return standing == Standing::Active && !record.has_ended(now);
    }
};

struct FeedRecords {
    std::string listing_class = "upstream";
    std::optional<net::Ipv4> code;
    std::optional<std::int64_t> max_age_s;
    bool is_configured = false;
    bool is_local = true;
    std::optional<UnixTime> last_success;
    std::vector<Record> records;
    std::uint64_t decided = 0;  ///< The change set that changed the records last.

    bool is_served(UnixTime now) const;
    bool is_allow() const { return listing_class == "allow"; }
    std::string class_of(const Record& record) const {
        return record.listing_class.empty() ? listing_class : record.listing_class;
    }
    bool is_exception(const Record& record) const {
        return record.is_exception || (!is_allow() && class_of(record) == "allow");
    }
};

/// What one zone answers.
struct Answer {
    std::set<net::Ipv4> codes;
    std::uint32_t ttl_s = 0;
    std::set<std::string> texts;
    bool listed() const { return !codes.empty(); }
};

/// One line of a map that is imported.
struct MapLine {
    net::AddressRange range;
    net::Origin origin;
};

class Model {
public:
    /// Each does what the command does and returns nothing, or leaves all as it was and returns the
    /// kind of error to be expected. The settings may be others each time.
    std::optional<ErrorCode> ban(const config::Settings& settings, const policy::Ban& ban,
                                 UnixTime at);
    std::optional<ErrorCode> unban(const config::Settings& settings, const policy::Lift& lift,
                                   UnixTime at);
    /// `import` has everything but its list.
    std::optional<ErrorCode> import(const config::Settings& settings,
                                    const std::vector<Line>& lines, const policy::Import& import,
                                    UnixTime at);
    /// Tidies up, and asks the maps that [geo] names.
    void expire(const config::Settings& settings, UnixTime at);
    /// Takes a map in: a kind and family that the lines have nothing of stays, unless `replace`.
    void import_map(const config::Settings& settings, const std::string& name,
                    const std::vector<MapLine>& lines, bool replace);
    /// Takes back what still stands of a change set that may_undo().
    void undo(const config::Settings& settings, std::uint64_t change, UnixTime at);

    /// The change that was just made has this number: to be called after each that has one.
    void remember(std::uint64_t change);
    /// The change sets that can be undone so that nothing about their feeds and maps is in doubt.
    std::vector<std::uint64_t> undoable() const;
    /// Whether the change set took a map in, or took such a one back.
    bool is_of_map(std::uint64_t change) const { return !deeds_.at(change).map.empty(); }

    /// The answer of a zone, whatever its kinds are.
    Answer answer(const config::Settings& settings, const zone::Zone& zone, const Query& query,
                  UnixTime now) const;

    const std::vector<OwnRecord>& own() const { return own_; }
    const std::map<std::string, FeedRecords>& feeds() const { return feeds_; }
    const std::map<std::string, std::vector<MapLine>>& maps() const { return maps_; }
    /// Every record that `expire` or a lift has not done away with.
    std::vector<const Record*> untidied() const;

    /// The names of the maps that are asked, by net::OriginKind.
    const auto& maps_in_use() const { return maps_in_use_; }
    /// Whether the subject holds the address or name.
    bool holds(const policy::Subject& subject, const Query& query) const;
    /// Whether [protect] never holds all of the subject.
    bool is_wholly_never(const config::ProtectSettings& protect,
                         const policy::Subject& subject) const;

private:
    struct Decision;  // what a ban or a line of an import says about one subject
    void decide(const config::Settings& settings, const Decision& decision, UnixTime at);
    std::optional<ErrorCode> import_own(const config::Settings& settings,
                                        const std::vector<Line>& lines,
                                        const policy::Import& import, UnixTime at);
    void import_feed(const config::Settings& settings, const std::vector<Line>& lines,
                     const policy::Import& import, UnixTime at);
    void adopt(const config::Settings& settings);

    // What a change set did.
    struct Deed {
        std::vector<std::size_t> added;
        std::map<std::size_t, OwnRecord> before;     // of what it changed
        std::map<std::size_t, std::uint64_t> after;  // the decision that it left there
        std::string feed;                            // that it changed, if any
        FeedRecords feed_before, feed_after;
        std::string map;  // that it took in, if any
        std::optional<std::vector<MapLine>> map_before;
        std::uint64_t map_version = 0;  // that it made of it
    };
    void begin();
    void adopt_maps(const config::Settings& settings);
    std::uint32_t number_of(net::OriginKind kind, const Query& query) const;
    std::vector<const Record*> counting(const FeedRecords& feed, const Query& query,
                                        UnixTime now) const;
    std::vector<std::string> known_maps(net::OriginKind kind) const;
    bool is_origin_wholly_never(const config::ProtectSettings& protect,
                                const net::Origin& origin) const;

    std::map<std::string, std::vector<MapLine>> maps_, maps_before_;
    std::map<std::string, std::uint64_t> map_versions_, map_versions_before_;  // of all ever known
    std::uint64_t last_map_version_ = 0;
    std::array<std::vector<std::string>, 2> maps_in_use_;  // by net::OriginKind
    void count_strikes(const config::Settings& settings, const OwnRecord& like);
    bool bring_back(std::size_t index, const OwnRecord& before, UnixTime at);

    std::vector<OwnRecord> own_, own_before_;
    std::map<std::string, FeedRecords> feeds_, feeds_before_;
    std::map<std::uint64_t, Deed> deeds_;
    std::uint64_t beginnings_ = 0;
};

/// Whether [protect] never holds the address or name.
bool is_never(const config::ProtectSettings& protect, const Query& query);

}  // namespace ostrakon::property
