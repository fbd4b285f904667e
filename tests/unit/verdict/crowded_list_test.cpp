// A list that means harm, with very many entries around one place, stays alone with its harm.
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ostrakon::verdict {
namespace {

constexpr UnixTime kNow{1'800'000'000};
constexpr net::Ipv4 kAddress{0xC0000280};  // 192.0.2.128
constexpr std::uint32_t kDepth = 400;

class CrowdedList : public testing::Test {
protected:
    CrowdedList()
        : environment_(*store::Environment::open({.directory = directory_.path(),
                                                  .access = store::Access::ReadWriteCreate,
                                                  .size_bytes = std::uint64_t{1} << 28})) {
        zone::Zone zone;
        zone.name = "bl.example.org";
        zone.sources = {{"*", false}};
        zone.classes = {"*"};
        zone.texts.emplace("*", *zone::TextTemplate::parse("{source}"));
        auto rulebook = std::make_shared<Rulebook>();
        rulebook->zones.push_back(zone);
        judge_.emplace(environment_, rulebook);
    }

    void import(std::string source, std::vector<policy::ImportEntry> entries,
                std::string listing_class = "") {
        policy::Import import;
        import.source = std::move(source);
        import.listing_class = std::move(listing_class);
        import.entries = std::move(entries);
        import.confirmed = true;
        const auto made = policy::import(environment_, config::Settings{}, std::move(import),
                                         {"test", "import", kNow});
        ASSERT_TRUE(made) << message(made.error());
        const auto checked = policy::check(environment_, {});
        ASSERT_TRUE(checked);
        EXPECT_EQ(checked->differences, 0U);
    }
    static policy::ImportEntry around(net::Ipv4 address, std::uint32_t width) {
        policy::ImportEntry entry;
        entry.subject = net::Ipv4Range{{address.bits - width}, {address.bits + width}};
        return entry;
    }
    /// Ranges within ranges, each with an end of its own, so that each may count one day.
    static std::vector<policy::ImportEntry> nested() {
        std::vector<policy::ImportEntry> entries;
        for (std::uint32_t i = 0; i < kDepth; ++i) {
            entries.push_back(around(kAddress, i));
            entries.back().until = UnixTime{kNow.seconds + 1000 + i};
        }
        return entries;
    }
    Verdict ask() {
        EXPECT_TRUE(judge_->renew());
        Verdict verdict;
        judge_->judge(0, kAddress, kNow, verdict);
        return verdict;
    }
    std::vector<std::string> sources() {
        EXPECT_TRUE(judge_->renew());
        const auto texts = judge_->texts(0, kAddress, "192.0.2.128", kNow);
        return {texts.begin(), texts.end()};
    }

    test::TemporaryDirectory directory_;
    store::Environment environment_;
    std::optional<Judge> judge_;
};

TEST_F(CrowdedList, HidesNoOtherList) {
    for (const char* name : {"a-list", "b-list", "c-list", "d-list", "e-list"}) {
        import(name, nested());
    }
    policy::ImportEntry entry = around(kAddress, 0);
    entry.code = net::Ipv4{0x7F000042};
    import("good", {entry});
    const Verdict verdict = ask();
    EXPECT_TRUE(verdict.listed);
    EXPECT_EQ(verdict.codes[verdict.code_count - 1], *entry.code);
    EXPECT_EQ(verdict.ttl_s, 300U);
    EXPECT_EQ(sources(),
              (std::vector<std::string>{"a-list", "b-list", "c-list", "d-list", "e-list", "good"}));
}

TEST_F(CrowdedList, DoesNotOutweighAnAllow) {
    import("a-list", nested());
    import("allows", {around(kAddress, 0)}, "allow");
    EXPECT_FALSE(ask().listed);
    EXPECT_TRUE(sources().empty());
}

TEST_F(CrowdedList, CountsByItsMostSpecificEntries) {
    auto entries = nested();
    entries.push_back(around(kAddress, 0));
    entries.back().is_exception = true;
    import("a-list", std::move(entries));
    EXPECT_FALSE(ask().listed);
    EXPECT_TRUE(sources().empty());
}

}  // namespace
}  // namespace ostrakon::verdict
