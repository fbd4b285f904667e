// Hits of listings: counted as often as they were asked about, kept over restarts, and begun anew
// where what was kept is damaged.
#include "ostrakon/server/hit_counting.hpp"

#include "ostrakon/hits/hit_file.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/server/site_handler.hpp"
#include "support/query_builder.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>

namespace ostrakon::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

zone::Zone zone_of(const char* origin, std::vector<std::string> classes) {
    zone::Zone zone;
    zone.name = origin;
    zone.origin = *dns::parse_name(origin);
    zone.ns = {*dns::parse_name("ns1.example.org")};
    zone.contact = *dns::parse_name("hostmaster.example.org");
    zone.sources = {{"own", false}};
    zone.classes = std::move(classes);
    return zone;
}

std::shared_ptr<const responder::Site> site_of(std::vector<zone::Zone> zones) {
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones = std::move(zones);
    return std::make_shared<responder::Site>(std::move(rulebook), responder::ResponderSettings{});
}

// All that a server has of this, without sockets: one worker's handler and the thread that counts.
class HitCountingTest : public testing::Test {
protected:
    HitCountingTest() {
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = std::uint64_t{1} << 28});
        EXPECT_TRUE(opened) << message(opened.error());
        environment_.emplace(std::move(*opened));
        site_ = site_of({zone_of("bl.example.org", {"*"}), zone_of("isp.example.org", {"isp"})});
        handler_.emplace(site_, &*environment_, [] {});
    }

    std::filesystem::path file() const { return directory_.path() / "hits"; }

    // Returns the number of the listing.
    store::ListingId decide(const std::string& subject, const std::string& listing_class = "") {
        policy::Ban ban;
        ban.subjects = {*policy::parse_subject(subject)};
        ban.reason = "spam";
        ban.listing_class = listing_class;
        ban.confirmed = true;
        const auto made = policy::ban(*environment_, {}, ban, {"test", "ban", now()});
        EXPECT_TRUE(made) << message(made.error());
        return made->listings.at(0).id;
    }

    void start() {
        counting_.emplace(1);
        counting_->adopt(site_->shared_rulebook());
        counting_->take_database(*environment_);
        ASSERT_TRUE(counting_->start(file()));
        handler_.emplace(site_, &*environment_, [] {});
        handler_->count_hits(&counting_->ring(0));
    }
    void adopt(std::shared_ptr<const responder::Site> site) {
        site_ = std::move(site);
        handler_->adopt(site_);
        counting_->adopt(site_->shared_rulebook());
    }
    void stop() {
        handler_->count_hits(nullptr);
        counting_.reset();
    }

    // Asks, and says whether there was an answer.
    bool ask(const std::string& name, std::uint16_t type = 1) {
        const test::Bytes query = test::build_query({.name = name, .type = type});
        std::vector<std::uint8_t> answer(responder::kUdpAnswerSizeMax);
        const std::span<const std::uint8_t> packet{query};
        handler_->begin_batch();
        handler_->read({&packet, 1});
        handler_->answer(0, {net::Ipv4{0xC0000201}, responder::Transport::Udp, 0}, answer);
        handler_->before_sleep();
        return (answer[6] | answer[7]) != 0;
    }

    std::map<store::ListingId, std::uint64_t> kept() const {
        std::map<store::ListingId, std::uint64_t> hits;
        const auto counts = hits::read_counts(file());
        EXPECT_TRUE(counts) << message(counts.error());
        if (counts && *counts) {
            for (const hits::Counter& counter : (*counts)->counters) {
                hits[counter.listing] = counter.hits;
            }
        }
        return hits;
    }

    test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
    std::shared_ptr<const responder::Site> site_;
    std::optional<HitCounting> counting_;
    std::optional<SiteHandler> handler_;
};

std::string question_of(net::Ipv4 address, std::string_view origin) {
    return fmt::format("{}.{}.{}.{}.{}", address.bits & 255, address.bits >> 8 & 255,
                       address.bits >> 16 & 255, address.bits >> 24, origin);
}

// A decision of the random world below, and whether it holds an address or a name.
struct Decided {
    store::ListingId id = 0;
    std::optional<net::Ipv4Range> range;
    std::string name;
    std::string listing_class;

    bool holds(net::Ipv4 address) const { return range && range->contains(address); }
    bool holds(const std::string& asked) const {
        return !range &&
               (asked == name || (asked.size() > name.size() && asked.ends_with("." + name)));
    }
    // Smaller is more specific.
    std::uint64_t breadth() const {
        return range ? range->last.bits - std::uint64_t{range->first.bits}
                     : 1000 - static_cast<std::uint64_t>(std::count(name.begin(), name.end(), '.'));
    }
};

// INTERFACE's rules for own listings: a ban answers unless an allow at least as specific holds.
template <class Asked>
std::vector<store::ListingId> answering(const std::vector<Decided>& world, const Asked& asked,
                                        const std::string& only_class) {
    std::uint64_t allowed = UINT64_MAX;
    for (const Decided& each : world) {
        if (each.listing_class == "allow" && each.holds(asked)) {
            allowed = std::min(allowed, each.breadth());
        }
    }
    std::vector<store::ListingId> ids;
    for (const Decided& each : world) {
        if (each.listing_class != "allow" && each.holds(asked) && each.breadth() < allowed &&
            (only_class.empty() || each.listing_class == only_class)) {
            ids.push_back(each.id);
        }
    }
    return ids;
}

TEST_F(HitCountingTest, CountsEachQuestionForEachListingThatAnswersIt) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<Decided> world;
    std::set<std::pair<std::string, std::string>> known;
    constexpr std::array<const char*, 4> kClasses{"ip", "isp", "domain", "allow"};
    for (int i = 0; i < 60; ++i) {
        Decided decided;
        decided.listing_class = kClasses[random() % kClasses.size()];
        std::string subject;
        if (random() % 3 != 0) {
            const int length = 25 + static_cast<int>(random() % 8);
            decided.range = net::prefix(
                net::Ipv4{static_cast<std::uint32_t>(0xC0000200 + random() % 256)}, length);
            subject = net::to_string(*decided.range);
        } else {
            const std::string deeper = random() % 2 == 0 ? fmt::format("d{}.", random() % 3) : "";
            decided.name = fmt::format("{}n{}.example.com", deeper, random() % 8);
            subject = decided.name;
        }
        if (known.emplace(subject, decided.listing_class).second) {
            decided.id = decide(subject, decided.listing_class);
            world.push_back(decided);
        }
    }
    std::map<store::ListingId, std::uint64_t> expected;
    start();
    for (int i = 0; i < 4000; ++i) {
        const bool is_isp = random() % 3 == 0;
        const std::string origin = is_isp ? "isp.example.org" : "bl.example.org";
        const std::string only = is_isp ? "isp" : "";
        std::vector<store::ListingId> ids;
        bool is_answered = false;
        if (random() % 2 == 0) {
            const net::Ipv4 address{static_cast<std::uint32_t>(0xC0000200 + random() % 256)};
            ids = answering(world, address, only);
            is_answered = ask(question_of(address, origin));
        } else {
            const std::string name = fmt::format(
                "{}d{}.n{}.example.com", random() % 2 == 0 ? "x." : "", random() % 3, random() % 8);
            ids = answering(world, name, only);
            is_answered = ask(name + "." + origin);
        }
        ASSERT_EQ(is_answered, !ids.empty());
        for (const store::ListingId id : ids) {
            ++expected[id];
        }
    }
    std::uint64_t sum = 0;
    for (const auto& [id, count] : expected) {
        sum += count;
    }
    stop();
    EXPECT_GT(sum, 500U);
    EXPECT_EQ(kept(), expected);
}

TEST_F(HitCountingTest, GoesOnWhereTheLastRunEnded) {
    const auto id = decide("192.0.2.7");
    const auto other = decide("2001:db8::/32");
    for (int run = 0; run < 3; ++run) {
        start();
        ask("7.2.0.192.bl.example.org");
        ask("7.2.0.192.bl.example.org", 28);  // no data: no hit
        ask("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example.org");
        stop();
    }
    EXPECT_THAT(kept(), ElementsAre(Pair(id, 3), Pair(other, 3)));
}

TEST_F(HitCountingTest, DropsCountersOfWhatIsListedNoMore) {
    const auto id = decide("192.0.2.7");
    decide("192.0.2.8");
    start();
    ask("7.2.0.192.bl.example.org");
    ask("8.2.0.192.bl.example.org");
    stop();
    EXPECT_EQ(kept().size(), 2U);
    policy::Lift unban;
    unban.subjects = {*policy::parse_subject("192.0.2.8")};
    unban.reason = "mistake";
    unban.override_lifecycle = true;
    const auto lifted = policy::unban(*environment_, {}, unban, {"test", "unban", now()});
    ASSERT_TRUE(lifted) << message(lifted.error());
    start();
    ask("7.2.0.192.bl.example.org");
    stop();
    EXPECT_THAT(kept(), ElementsAre(Pair(id, 2)));
}

TEST_F(HitCountingTest, BeginsAnewWhereTheFileIsDamaged) {
    const auto id = decide("192.0.2.7");
    std::ofstream(file()) << "OSTRHIT1, so to speak";
    start();
    ask("7.2.0.192.bl.example.org");
    stop();
    EXPECT_THAT(kept(), ElementsAre(Pair(id, 1)));
}

TEST_F(HitCountingTest, CountsEachQuestionByTheConfigurationThatAnsweredIt) {
    const auto ip = decide("192.0.2.7");
    const auto isp = decide("192.0.2.0/24", "isp");
    start();
    for (int i = 0; i < 10; ++i) {
        ask("7.2.0.192.isp.example.org");  // zone 1, and only the ISP's listing
        adopt(site_of({zone_of("bl.example.org", {"isp"}), zone_of("isp.example.org", {"ip"})}));
        ask("7.2.0.192.isp.example.org");
        adopt(site_of({zone_of("isp.example.org", {"isp"}), zone_of("bl.example.org", {"isp"})}));
    }
    stop();
    const auto hits = kept();
    EXPECT_EQ(hits.at(ip) + hits.at(isp), 20U);
    EXPECT_EQ(hits.at(ip), 10U);
}

TEST_F(HitCountingTest, LeavesItsDatabaseAndTakesAnother) {
    const auto id = decide("192.0.2.7");
    start();
    ask("7.2.0.192.bl.example.org");
    counting_->leave_database();
    counting_->take_database(*environment_);
    ask("7.2.0.192.bl.example.org");
    stop();
    EXPECT_THAT(kept(), testing::Contains(testing::Key(id)));
}

TEST_F(HitCountingTest, SaysHowMuchItHasCounted) {
    decide("192.0.2.0/24");
    decide("example.com");
    start();
    for (int i = 0; i < 20; ++i) {
        ask("7.2.0.192.bl.example.org");
        ask(i % 2 == 0 ? "Mail.Example.Com.bl.example.org" : "mail.example.com.isp.example.org");
    }
    counting_->stop();
    EXPECT_EQ(counting_->counted(), 30U);
    EXPECT_EQ(counting_->lost(), 0U);
}

}  // namespace
}  // namespace ostrakon::server
