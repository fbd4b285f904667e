// What an rbldnsd file says about itself before any entry is read: its data sets, their templates,
// when it expires.
//
// Templates hold for a whole data set wherever they stand in it, and so does the first default of
// an ip4tset or ip6tset: that is why a file is gone through twice.
#pragma once

#include "format.hpp"
#include "rbldnsd_line.hpp"
#include "rbldnsd_value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::feed {

enum class DataSetType : std::uint8_t {
    Ip4Set,
    Ip4Tset,
    Ip4Trie,
    Ip6Tset,
    Ip6Trie,
    Dnset,
    Combined,
    Generic,  ///< Records of any kind: known by name, never read.
    Acl,      ///< Who may ask: the same.
};

/// The type of that name.
std::optional<DataSetType> data_set_type(std::string_view name);
std::string_view name_of(DataSetType type);

struct DataSetOutline {
    DataSetType type = DataSetType::Ip4Set;
    std::string label = {};  ///< As policy's layers have it; empty where the file is one data set.
    bool is_read = true;     ///< It holds listings, and for some zone.
    std::string_view text = {};  ///< Its lines.
    std::uint32_t first_line = 1;
    MaxRange max_range = {};  ///< As it is where the data set begins.
    Substitutions substitutions = {};
    std::optional<RbldnsdValue> first_default = {};  ///< Of an ip4tset or ip6tset.
};

struct Outline {
    std::vector<DataSetOutline> data_sets;
    std::optional<UnixTime> expires;
};

/// Goes through a file of that type. The error refuses it as a whole.
Result<Outline> outline_of(const Document& document, DataSetType type, Collector& collector);

}  // namespace ostrakon::feed
