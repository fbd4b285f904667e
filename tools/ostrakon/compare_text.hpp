// How `compare` tells what it found: as a table, or as JSON.
#pragma once

#include "ostrakon/compare/comparison.hpp"
#include "output.hpp"

#include <cstdint>
#include <string>

namespace ostrakon::tool {

/// What was compared with what.
struct ComparisonReport {
    const compare::Comparison& comparison;
    std::string server;       ///< "192.0.2.53:53".
    std::uint64_t lines = 0;  ///< Of the log.
    std::uint64_t without_query = 0;
    std::uint64_t left_out = 0;  ///< Distinct questions of zones that are not here.
};

std::string comparison_text(const ComparisonReport& report, std::size_t rows_max,
                            const Style& style);
std::string comparison_json(const ComparisonReport& report);

}  // namespace ostrakon::tool
