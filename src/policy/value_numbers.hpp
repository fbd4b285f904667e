// Numbers for what the lines of a list say, before anything is written: those of the database
// where it has the value, else those that are to come. Included by this module's sources only.
#pragma once

#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/import.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ostrakon::policy {

/// What counts for entries that do not say it.
struct EntryDefaults {
    bool is_configured = false;  ///< Class and code of the import; else they are the feed's.
    std::optional<net::Ipv4> code = {};  ///< The format's, where neither import nor feed says one.
};
EntryDefaults entry_defaults(const config::Settings& settings, const Catalogue& catalogue,
                             const Import& import);

/// The reason of an entry: its own, unless a format has made that up and the import says one.
inline const std::string& reason_said(const Import& import, const Statement& said) {
    const bool is_of_import =
        said.reason.empty() || (said.is_reason_made_up && !import.reason.empty());
    return is_of_import ? import.reason : said.reason;
}

/// What an entry with this statement says, but for class and layer; borrowed from the import.
struct SaidValue {
    std::string_view listing_class;  ///< Empty: the feed's.
    net::Ipv4 code;
    std::int64_t until_seconds = 0;
    bool is_exception = false;
    std::string_view text;
};
SaidValue said_value(const Import& import, const Statement& said, const EntryDefaults& defaults);

/// A value that the database does not have yet.
struct NewValue {
    std::uint32_t statement = 0;
    std::size_t data_set = 0;  ///< As number_of() was told.
};

/// Gives numbers to statements, each when it is first met. All that it is given outlives it.
class ValueNumbers {
public:
    /// A null `transaction` stands for a database without anything.
    ValueNumbers(const store::Transaction* transaction, const Catalogue& catalogue,
                 const Import& import, const EntryDefaults& defaults);

    std::uint32_t number_of(std::uint32_t statement, std::size_t data_set,
                            std::optional<LayerId> layer) {
        if (numbers_[statement] == 0) {
            numbers_[statement] = find_or_add(statement, data_set, layer);
        }
        return numbers_[statement];
    }
    /// The number of the first new value, above all that are there; the others follow it.
    std::uint32_t first_new() const { return first_new_; }
    std::vector<NewValue> take_new() { return std::move(new_values_); }

private:
    std::uint32_t find_or_add(std::uint32_t statement, std::size_t data_set,
                              std::optional<LayerId> layer);
    std::optional<std::uint32_t> find(const SaidValue& said, std::optional<LayerId> layer) const;

    const store::Transaction* transaction_;
    const Catalogue& catalogue_;
    const Import& import_;
    EntryDefaults defaults_;
    std::uint32_t first_new_ = 1;
    std::vector<NewValue> new_values_;
    std::vector<std::uint32_t> numbers_;                         // by statement; 0: not met yet
    std::unordered_map<std::string, std::uint32_t> by_content_;  // of new values
};

}  // namespace ostrakon::policy
