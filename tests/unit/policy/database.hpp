// A database of its own for one test, and the commands as short calls.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/store/environment.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

class DatabaseTest : public testing::Test {
protected:
    static constexpr UnixTime kStart{1'800'000'000};

    DatabaseTest() {
        settings_.file = directory_.path() / "ostrakon.toml";
        open(std::uint64_t{1} << 28);
    }
    /// Also again, with another size.
    void open(std::uint64_t size_bytes) {
        environment_.reset();
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = size_bytes});
        ASSERT_TRUE(opened) << message(opened.error());
        environment_.emplace(std::move(*opened));
    }

    static Subject subject(std::string_view text) { return *parse_subject(text); }
    static std::optional<UnixTime> after(std::int64_t seconds) {
        return UnixTime{kStart.seconds + seconds};
    }
    /// The clock of the following commands, in seconds after kStart.
    void at(std::int64_t seconds) { now_ = *after(seconds); }
    Author author() const { return {"tester", "test", now_}; }

    Result<ChangeReport> ban(const Ban& ban) {
        return policy::ban(*environment_, settings_, ban, author());
    }
    Result<ChangeReport> ban(std::string_view text) { return ban(ban_of(text)); }
    Result<ChangeReport> unban(const Lift& lift) {
        return policy::unban(*environment_, settings_, lift, author());
    }
    Result<ChangeReport> unban(std::string_view text, std::string evidence = "a letter") {
        return unban(lift_of(text, std::move(evidence)));
    }
    Result<ChangeReport> expire() { return policy::expire(*environment_, settings_, author()); }
    Result<ImportReport> import(Import import) {
        return policy::import(*environment_, settings_, std::move(import), author());
    }

    static Ban ban_of(std::string_view text) {
        Ban ban;
        ban.subjects = {subject(text)};
        ban.reason = "spam";
        return ban;
    }
    static Lift lift_of(std::string_view text, std::string evidence = "a letter") {
        Lift lift;
        lift.subjects = {subject(text)};
        lift.reason = "better now";
        lift.evidence = std::move(evidence);
        return lift;
    }
    static ImportList list_of(const std::vector<std::string_view>& texts) {
        ImportList list;
        const std::uint32_t nothing_more = list.state({});
        for (const std::string_view text : texts) {
            list.add(subject(text), nothing_more, static_cast<std::uint32_t>(list.size() + 1));
        }
        return list;
    }
    /// An import of plain subjects; without a source an own one.
    static Import import_of(const std::vector<std::string_view>& texts, std::string source = "") {
        Import made;
        made.source = std::move(source);
        made.reason = "listed";
        made.list = list_of(texts);
        return made;
    }

    Figures figures() {
        const auto found = policy::figures(*environment_);
        EXPECT_TRUE(found);
        return found.value_or(Figures{});
    }
    std::vector<store::Listing> listings(std::string_view text) {
        return listings_of(*environment_, subject(text)).value_or(std::vector<store::Listing>{});
    }
    /// The number of rows that `list` shows.
    std::size_t rows(std::string source = "own") {
        std::size_t count = 0;
        ListFilter filter;
        filter.source = std::move(source);
        filter.at = now_;
        EXPECT_TRUE(list(*environment_, filter, [&](const ListedRow&) { return ++count > 0; }));
        return count;
    }
    std::uint64_t differences() {
        const auto checked = check(*environment_, {});
        EXPECT_TRUE(checked);
        return checked ? checked->differences : 1;
    }

    test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
    config::Settings settings_;
    UnixTime now_ = kStart;
};

}  // namespace ostrakon::policy
