// A database of its own for one test, and maps in short words.
#pragma once

#include "database.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/explain.hpp"
#include "ostrakon/policy/map_import.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::policy {

struct Row {
    std::string_view range;
    std::string_view origin;
};

class MapImportTest : public DatabaseTest {
protected:
    static MapImport map_of(const std::vector<Row>& rows, std::string name = "map") {
        MapImport import;
        import.name = std::move(name);
        import.format = "range-csv";
        import.contents.read = rows.size();
        for (const auto& [range, text] : rows) {
            const auto origin = std::get<net::Origin>(subject(text));
            MapPart& part = import.contents.part(origin.kind);
            const Subject addresses = subject(range);
            if (const auto* v4 = std::get_if<net::Ipv4Range>(&addresses)) {
                part.ipv4.push_back({*v4, origin.number});
            } else {
                part.ipv6.push_back({std::get<net::Ipv6Range>(addresses), origin.number});
            }
        }
        return import;
    }
    Result<MapReport> take(MapImport import) {
        return import_map(*environment_, settings_, std::move(import), author());
    }
    Result<MapReport> take(const std::vector<Row>& rows, std::string name = "map") {
        return take(map_of(rows, std::move(name)));
    }
    Explanation why(std::string_view address) {
        const auto explained = explain(*environment_, settings_, {config::default_zone()},
                                       subject(address), address, now_);
        EXPECT_TRUE(explained) << message(explained.error());
        return explained.value_or(Explanation{});
    }
    bool is_listed(std::string_view address) { return why(address).listed; }
    // "AS64500 12/4096 → 14/8192", those that differ.
    static std::vector<std::string> steps_of(const Result<MapReport>& report) {
        std::vector<std::string> steps;
        if (!report) {
            return {message(report.error())};
        }
        for (const OriginStep& step : report->steps) {
            if (step.differs) {
                steps.push_back(fmt::format("{} {}/{} → {}/{}", step.subject, step.prefixes_before,
                                            step.addresses_before, step.prefixes, step.addresses));
            }
        }
        return steps;
    }
    static std::string refusal_of(const Result<MapReport>& report) {
        return report ? "taken" : message(report.error());
    }
    std::string refusal_of(const Result<ChangeReport>& report) {
        return report ? "done" : message(report.error());
    }
};

}  // namespace ostrakon::policy
