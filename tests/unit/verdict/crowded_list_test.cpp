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

    void import(std::string source, policy::ImportList list, std::string listing_class = "") {
        policy::Import import;
        import.source = std::move(source);
        import.listing_class = std::move(listing_class);
        import.list = std::move(list);
        import.confirmed = true;
        const auto made = policy::import(environment_, config::Settings{}, std::move(import),
                                         {"test", "import", kNow});
        ASSERT_TRUE(made) << message(made.error());
        const auto checked = policy::check(environment_, {});
        ASSERT_TRUE(checked);
        EXPECT_EQ(checked->differences, 0U);
    }
    static void add_around(policy::ImportList& list, net::Ipv4 address, std::uint32_t width,
                           const policy::Statement& statement) {
        list.add(net::Ipv4Range{{address.bits - width}, {address.bits + width}},
                 list.state(statement), 1);
    }
    static policy::ImportList just(net::Ipv4 address, const policy::Statement& statement = {}) {
        policy::ImportList list;
        add_around(list, address, 0, statement);
        return list;
    }
    /// Ranges within ranges, each with an end of its own, so that each may count one day.
    static policy::ImportList nested() {
        policy::ImportList list;
        policy::Statement statement;
        for (std::uint32_t i = 0; i < kDepth; ++i) {
            statement.until = UnixTime{kNow.seconds + 1000 + i};
            add_around(list, kAddress, i, statement);
        }
        return list;
    }
    Verdict ask() {
        EXPECT_TRUE(judge_->renew());
        const Verdict verdict = judge_->judge(0, kAddress, kNow);
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
    policy::Statement statement;
    statement.code = net::Ipv4{0x7F000042};
    import("good", just(kAddress, statement));
    const Verdict verdict = ask();
    EXPECT_TRUE(verdict.listed);
    EXPECT_EQ(verdict.codes[verdict.code_count - 1], *statement.code);
    EXPECT_EQ(verdict.ttl_s, 300U);
    EXPECT_EQ(sources(),
              (std::vector<std::string>{"a-list", "b-list", "c-list", "d-list", "e-list", "good"}));
}

TEST_F(CrowdedList, DoesNotOutweighAnAllow) {
    import("a-list", nested());
    import("allows", just(kAddress), "allow");
    EXPECT_FALSE(ask().listed);
    EXPECT_TRUE(sources().empty());
}

TEST_F(CrowdedList, CountsByItsMostSpecificEntries) {
    auto list = nested();
    policy::Statement statement;
    statement.is_exception = true;
    add_around(list, kAddress, 0, statement);
    import("a-list", std::move(list));
    EXPECT_FALSE(ask().listed);
    EXPECT_TRUE(sources().empty());
}

}  // namespace
}  // namespace ostrakon::verdict
