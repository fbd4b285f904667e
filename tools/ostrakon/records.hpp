// What commands on numbered records share: reading the number, and the way to the database and
// back.
//
// One rule for all of them: what is no number is wrong usage (exit 2); a number under which there
// is nothing is no mistake in the words (exit 1, ErrorCode::Absent).
#pragma once

#include "arguments.hpp"
#include "database.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace ostrakon::tool {

/// A kind of record with numbers.
struct RecordKind {
    std::string_view name;      ///< "request"
    std::string_view shown_by;  ///< The command that shows the numbers.
    std::uint64_t number_max;   ///< None can have a higher one.
};
inline constexpr RecordKind kChangeSets{"change", "`ostrakon changes`", UINT64_MAX};
inline constexpr RecordKind kRequests{"request", "`ostrakon request list --all`", UINT32_MAX};
inline constexpr RecordKind kComplaints{"complaint", "`ostrakon complaint list`", UINT32_MAX};

/// The number in a word of the call. Errors: Usage (it is none), Absent (none can have it).
Result<std::uint64_t> record_number(const RecordKind& kind, const std::string& word);

/// What `read` finds in the database as it is.
template <class Read>
auto read_from_database(const CommonOptions& common, Read&& read)
    -> decltype(read(std::declval<store::Environment&>())) {
    auto environment = open_for_reading(common);
    if (!environment) {
        return Unexpected{std::move(environment.error())};
    }
    return read(*environment);
}

/// What `read` finds under the number in `word`.
template <class Id, class Record>
Result<Record> read_record(const CommonOptions& common, const RecordKind& kind,
                           const std::string& word,
                           Result<Record> (*read)(store::Environment&, Id)) {
    const auto number = record_number(kind, word);
    if (!number) {
        return Unexpected{number.error()};
    }
    return read_from_database(common, [&](store::Environment& environment) {
        return read(environment, static_cast<Id>(*number));
    });
}

/// What `write` makes of a database that is there: for commands that read no file but the
/// configuration.
template <class Write>
auto write_to_database(const CommonOptions& common, const std::string& command, Write&& write)
    -> decltype(write(std::declval<const config::Settings&>(),
                      std::declval<store::Environment&>())) {
    const auto settings = read_settings(common);
    if (!settings) {
        return Unexpected{settings.error()};
    }
    auto database = open_for_writing(*settings, common, command, store::Access::ReadWrite);
    if (!database) {
        return Unexpected{std::move(database.error())};
    }
    return write(*settings, database->environment);
}

}  // namespace ostrakon::tool
