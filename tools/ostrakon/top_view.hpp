// What `ostrakon top` shows: two readings of the server's figures become lines of text.
//
// Nothing here knows a terminal.
#pragma once

#include "ostrakon/figures/server_rates.hpp"
#include "ostrakon/json/document.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// By what zones are sorted; the highest first.
enum class TopSort : std::uint8_t { Rate, Listed, Name };
TopSort next_sort(TopSort sort);

using figures::ServerFigures;
using figures::ServerRates;
/// A server that was started in between counts from its start.
ServerRates rates_between(const ServerFigures& before, const ServerFigures& after, TopSort sort);

enum class Emphasis : std::uint8_t { Plain, Heading, Warning };
struct TopLine {
    std::string text;
    Emphasis emphasis = Emphasis::Plain;
};

struct TopSize {
    std::size_t width = 80;
    std::size_t height = 24;  ///< Lines at most, the last one for the keys where there are any.
};
/// `keys` is the last line; `trouble`, where it is not empty, is shown in place of the second.
std::vector<TopLine> top_lines(const ServerFigures& figures, const ServerRates& rates,
                               const TopSize& size, const std::string& keys = "",
                               const std::string& trouble = "");

/// The same figures for scripts.
json::Json top_json(const ServerFigures& figures, const ServerRates& rates);

}  // namespace ostrakon::tool
