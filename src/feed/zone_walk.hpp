// What the records of a zone file take over from those before them: the origin, the owner, the zone
// that they belong to.
#pragma once

#include "format.hpp"
#include "zone_line.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ostrakon::feed {

/// A record with its owner, lower-cased and without a last dot. All of it borrows the walk or the
/// record that it was made of, until the next one.
struct OwnedRecord {
    std::string_view owner;
    std::string type;                          ///< "a", in lower case.
    std::span<const std::string_view> values;  ///< What stands behind the type.
};

/// Hands each record of a zone to `read`. Refuses one that ends within parentheses.
Result<Done> for_each_record(const Document& document, const Collector& collector,
                             const std::function<void(const ZoneRecord& record)>& read);

class ZoneWalk {
public:
    explicit ZoneWalk(Collector& collector) : collector_(collector) {}

    /// Nothing where it is a directive, which is heeded, or cannot be read, and is rejected.
    std::optional<OwnedRecord> take(const ZoneRecord& record);

    /// The owner of the first SOA record; without one, the origin.
    std::string_view zone() const {
        return apex_ ? std::string_view{*apex_} : std::string_view{origin_};
    }
    /// A name with the origin behind it, unless it ends in a dot; without one.
    std::string absolute(std::string name) const;

private:
    // Names of a zone whose origin is not said end in this mark, which no name can hold.
    static constexpr std::string_view kUnknownOrigin = "\x01";

    void read_directive(const ZoneRecord& record);

    Collector& collector_;
    std::string origin_{kUnknownOrigin};
    std::optional<std::string> apex_;
    std::string owner_;
};

std::string in_lower_case(std::string_view text);

/// Takes these labels off the end of a name, with the dot before them; false, and the name as it
/// was, if it does not end in them.
bool take_suffix(std::string_view& name, std::string_view suffix);

}  // namespace ostrakon::feed
