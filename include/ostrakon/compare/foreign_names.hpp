// Names that are in no zone of this configuration, told by the zones that they seem to be of.
#pragma once

#include "ostrakon/dns/name.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ostrakon::compare {

class ForeignNames {
public:
    void add(const dns::Name& name, std::uint64_t count);
    std::uint64_t names() const { return names_; }
    /// One sentence a zone, those asked most often first, and how many more there are.
    std::vector<std::string> notes() const;

private:
    std::map<dns::Name, std::uint64_t> counts_;
    std::uint64_t names_ = 0;
    std::uint64_t of_further_zones_ = 0;
};

/// What the name seems to be a question to: what is behind an address spelled in reverse, else its
/// last three labels.
dns::Name guessed_zone(const dns::Name& name);

}  // namespace ostrakon::compare
