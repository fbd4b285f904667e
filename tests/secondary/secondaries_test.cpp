// Real secondaries take the zone, are told of each change, and answer as the primary does. Knot
// checks the zone's digest each time.
#include "secondary/secondary.hpp"
#include "secondary/transferred_site.hpp"
#include "support/answer_bytes.hpp"
#include "support/campaign.hpp"
#include "support/free_port.hpp"
#include "support/query_builder.hpp"

#include <sys/socket.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

namespace ostrakon::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr unsigned kNxDomain = 3;
constexpr unsigned kChanges = 8;
constexpr unsigned kChangesOfCampaign = 200;
constexpr std::size_t kQuestions = 400;
constexpr std::size_t kQuestionsOfCampaign = 2000;
constexpr milliseconds kBetweenLooks{20};
// NSD loses a question now and then while it takes over a new zone.
constexpr int kTries = 20;
constexpr milliseconds kTryPatience{500};
constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kTxt = 16;

std::string serial_of(const ServerAddress& server) {
    const Reply reply = ask_udp(server, {.name = kTransferredZone, .type = "SOA"});
    if (!reply.is_valid || reply.data.empty()) {
        return "";
    }
    std::istringstream words{reply.data.front()};
    std::string primary, contact, serial;
    words >> primary >> contact >> serial;
    return serial;
}

class Secondaries : public testing::Test {
protected:
    Secondaries() {
        for (const SecondaryKind kind :
             {SecondaryKind::Nsd, SecondaryKind::Knot, SecondaryKind::Bind}) {
            if (Secondary::is_installed(kind)) {
                secondaries_.push_back(std::make_unique<Secondary>(kind, free_port(SOCK_STREAM)));
            }
        }
    }

    void SetUp() override {
        if (secondaries_.empty()) {
            GTEST_SKIP() << "neither NSD nor Knot nor BIND is installed";
        }
        site_.configure({.more = fmt::format("[[tsig]]\nname = \"{}\"\nalgorithm = "
                                             "\"hmac-sha256\"\nsecret_file = \"partner.key\"\n",
                                             kTransferKey)});
        site_.write("partner.key", std::string{kTransferSecret} + "\n");
        std::filesystem::permissions(site_.directory() / "partner.key",
                                     std::filesystem::perms::owner_read);
        std::string targets;
        for (const auto& secondary : secondaries_) {
            targets +=
                fmt::format("\"127.0.0.1:{} key:{}\", ", secondary->address().port, kTransferKey);
        }
        site_.write_zone(kTransferredZone,
                         fmt::format("[access]\nzonemd = true\ntransfer = [\"127.0.0.1 "
                                     "key:{}\"]\nnotify = [{}]\n",
                                     kTransferKey, targets));
        server_ = std::make_unique<LiveServer>(site_);
        for (const auto& secondary : secondaries_) {
            secondary->start(server_->address(), kTransferredZone);
        }
        to_primary_.emplace(server_->address());
    }

    // Waits until each has what the primary has; says who has not, and why.
    std::string catch_up() {
        for (const auto& secondary : secondaries_) {
            const auto until = steady_clock::now() + kPatience;
            while (serial_of(secondary->address()) != serial_of(server_->address())) {
                if (steady_clock::now() > until) {
                    return to_string(secondary->kind()) + " does not catch up\n" +
                           secondary->log() + "\n" + server_->process().errors();
                }
                std::this_thread::sleep_for(kBetweenLooks);
            }
        }
        return "";
    }

    struct Answered {
        AnswerBytes answer;
        bool is_whole = true;
    };
    Answered ask(UdpClient& client, const std::string& name, std::uint16_t type) {
        const Bytes query = build_query({.name = name + "." + kTransferredZone,
                                         .type = type,
                                         .id = ++id_,
                                         .flags = 0,
                                         .opt = OptSpec{}});
        Bytes reply;
        for (int tries = 0; tries < kTries && reply.empty(); ++tries) {
            client.send(query);
            do {
                reply = client.receive(kTryPatience);
            } while (!reply.empty() && (reply[0] != query[0] || reply[1] != query[1]));
        }
        EXPECT_GT(reply.size(), 12U) << "no answer about " << name;
        if (reply.size() <= 12) {
            return {{}, false};
        }
        return {read_answer_bytes(reply), (reply[2] & 2U) == 0};
    }

    // What differs; empty if nothing does.
    std::string compare(UdpClient& to_secondary, const ZoneQuestion& question) {
        for (const std::uint16_t type : {kA, kTxt}) {
            const Answered primary = ask(*to_primary_, question.name, type);
            const Answered secondary = ask(to_secondary, question.name, type);
            if (!primary.is_whole || !secondary.is_whole) {
                continue;
            }
            const std::string problem = judge(question, primary.answer, secondary.answer);
            if (!problem.empty()) {
                return fmt::format("{} type {}: {} (rcodes {} and {}, {} and {} records)",
                                   question.name, type, problem, primary.answer.rcode,
                                   secondary.answer.rcode, primary.answer.rdata.size(),
                                   secondary.answer.rdata.size());
            }
        }
        return "";
    }

    static std::string judge(const ZoneQuestion& question, const AnswerBytes& primary,
                             const AnswerBytes& secondary) {
        if (primary.rcode == kNxDomain && secondary.rcode != kNxDomain) {
            return "the primary denies what the secondary has";
        }
        if (!question.is_whole) {
            return "";
        }
        if (primary.rdata != secondary.rdata) {
            return "the data is not the same";
        }
        // The primary alone may know of something below, or of IPv6 space.
        const bool is_name = question.name.find_first_not_of("0123456789.") != std::string::npos;
        if (primary.rcode != secondary.rcode && !is_name && !question.may_be_cut) {
            return "the rcodes are not the same";
        }
        return "";
    }

    void compare_all(RandomChanges& changes, std::size_t count, const std::string& log) {
        const std::vector<ZoneQuestion> questions = changes.questions(count);
        for (const auto& secondary : secondaries_) {
            UdpClient to_secondary{secondary->address()};
            for (const ZoneQuestion& question : questions) {
                ASSERT_EQ(compare(to_secondary, question), "")
                    << to_string(secondary->kind()) << " after\n"
                    << log;
            }
        }
    }

    LiveSite site_;
    std::unique_ptr<LiveServer> server_;
    std::vector<std::unique_ptr<Secondary>> secondaries_;
    std::optional<UdpClient> to_primary_;
    std::uint16_t id_ = 0;
};

std::size_t count_of(std::string_view text, std::string_view what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
        ++count;
    }
    return count;
}

TEST_F(Secondaries, AnswerAsThePrimaryAfterEachChange) {
    const std::uint32_t seed = crash_seed();
    SCOPED_TRACE(fmt::format("OSTRAKON_CRASH_SEED={}", seed));
    RandomChanges changes{site_, seed};
    std::string log;
    ASSERT_EQ(catch_up(), "");
    const unsigned count = is_campaign() ? kChangesOfCampaign : kChanges;
    const std::size_t questions = is_campaign() ? kQuestionsOfCampaign : kQuestions;
    for (unsigned i = 0; i < count && !HasFatalFailure(); ++i) {
        log += changes.make_one() + "\n";
        ASSERT_EQ(catch_up(), "") << "after\n" << log;
        compare_all(changes, questions, log);
    }
    const std::string said = server_->process().errors();
    EXPECT_GE(count_of(said, "transferred the changes"), count / 2 * secondaries_.size()) << said;
}

TEST_F(Secondaries, CatchUpWhenTheyWereKilled) {
    RandomChanges changes{site_, crash_seed()};
    std::string log;
    ASSERT_EQ(catch_up(), "");
    for (int i = 0; i < 10; ++i) {
        log += changes.make_one() + "\n";
        if (i == 4) {
            for (const auto& secondary : secondaries_) {
                secondary->kill();
            }
        }
    }
    for (const auto& secondary : secondaries_) {
        secondary->start(server_->address(), kTransferredZone);
    }
    ASSERT_EQ(catch_up(), "");
    compare_all(changes, kQuestions, log);
}

}  // namespace
}  // namespace ostrakon::test
