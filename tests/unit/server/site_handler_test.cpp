// Queries answered out of real zones and a real database, and what is answered when that is gone.
#include "ostrakon/server/site_handler.hpp"

#include "ostrakon/policy/decide.hpp"
#include "support/dns_client.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>

namespace ostrakon::server {
namespace {

std::shared_ptr<const responder::Site> site_of(const char* origin) {
    zone::Zone zone;
    zone.name = origin;
    zone.origin = *dns::parse_name(origin);
    zone.ns = {*dns::parse_name("ns1.example.org")};
    zone.contact = *dns::parse_name("hostmaster.example.org");
    zone.sources = {{"own", false}};
    zone.classes = {"*"};
    zone.texts.emplace("*", *zone::TextTemplate::parse("{subject} is blocked"));
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones.push_back(std::move(zone));
    return std::make_shared<responder::Site>(std::move(rulebook), responder::ResponderSettings{});
}

class SiteHandlerTest : public testing::Test {
protected:
    SiteHandlerTest() {
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = std::uint64_t{1} << 28});
        EXPECT_TRUE(opened) << message(opened.error());
        environment_.emplace(std::move(*opened));
        policy::Ban ban;
        ban.subjects = {*policy::parse_subject("192.0.2.7")};
        ban.reason = "spam";
        const auto made = policy::ban(*environment_, {}, ban, {"test", "ban", now()});
        EXPECT_TRUE(made) << message(made.error());
        handler_.emplace(site_of("bl.example.org"), &*environment_, [this] { ++complaints_; });
    }

    test::Reply ask(const char* name) {
        const test::Bytes query = test::query_bytes({.name = name});
        std::array<std::uint8_t, responder::kUdpAnswerSizeMax> answer{};
        const std::span<const std::uint8_t> packet{query};
        handler_->begin_batch();
        handler_->read({&packet, 1});
        const std::size_t size =
            handler_->answer(0, {net::Ipv4{0x7F000001}, responder::Transport::Udp}, answer);
        handler_->before_sleep();
        return test::parse_reply(std::span(answer).first(size));
    }

    test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
    std::optional<SiteHandler> handler_;
    int complaints_ = 0;
};

TEST_F(SiteHandlerTest, AnswersFromTheDatabase) {
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").data, std::vector<std::string>{"127.0.0.2"});
    EXPECT_EQ(ask("8.2.0.192.bl.example.org").rcode, "NXDOMAIN");
    EXPECT_EQ(ask("7.2.0.192.other.example.org").rcode, "REFUSED");
}

TEST_F(SiteHandlerTest, NeverDeniesAListingWithoutADatabase) {
    handler_->leave_database();
    environment_.reset();
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").rcode, "SERVFAIL");
    EXPECT_EQ(ask("8.2.0.192.bl.example.org").rcode, "SERVFAIL");
    EXPECT_EQ(complaints_, 1) << "tells that it cannot read, and does not go on about it";
}

TEST_F(SiteHandlerTest, TakesADatabaseAgain) {
    handler_->leave_database();
    handler_->take_database(*environment_);
    EXPECT_EQ(complaints_, 0);
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").data, std::vector<std::string>{"127.0.0.2"});
}

TEST_F(SiteHandlerTest, AdoptsAnotherConfiguration) {
    handler_->adopt(site_of("other.example.org"));
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").rcode, "REFUSED");
    EXPECT_EQ(ask("7.2.0.192.other.example.org").data, std::vector<std::string>{"127.0.0.2"});
}

}  // namespace
}  // namespace ostrakon::server
