// A database and one zone of it, for tests of what is transferred.
#pragma once

#include "ostrakon/transfer/zone_records.hpp"
#include "unit/policy/database.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

namespace ostrakon::transfer {

class ZoneDatabaseTest : public policy::DatabaseTest {
protected:
    ZoneDatabaseTest() {
        zone::Zone zone;
        zone.name = "bl.example.org";
        zone.origin = *dns::parse_name("bl.example.org");
        zone.ns = {*dns::parse_name("ns1.example.org")};
        zone.contact = *dns::parse_name("hostmaster.example.org");
        zone.sources = {{"own", false}, {"*", false}};
        zone.classes = {"*"};
        zone.texts.emplace("*", *zone::TextTemplate::parse("{subject} {reason}"));
        rulebook_->zones = {zone};
    }

    void ban_one(std::string_view what, std::string reason = "spam") {
        policy::Ban ban;
        ban.subjects.push_back(subject(what));
        ban.reason = std::move(reason);
        ban.confirmed = true;
        const auto done = policy::ban(*environment_, settings_, ban, author());
        ASSERT_TRUE(done) << message(done.error());
    }
    std::unique_ptr<Contents> contents() {
        auto taken = Contents::take(*environment_, rulebook_, {.zone = 0});
        EXPECT_TRUE(taken) << message(taken.error());
        return taken ? std::move(*taken) : nullptr;
    }
    /// All but the SOA.
    std::set<Record> records() {
        std::set<Record> all;
        const auto from = contents();
        ZoneRecords walk{*from};
        for (Record record; walk.next(record);) {
            all.insert(record);
        }
        return all;
    }

    std::shared_ptr<verdict::Rulebook> rulebook_ = std::make_shared<verdict::Rulebook>();
};

}  // namespace ostrakon::transfer
