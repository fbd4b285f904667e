// Zones given to secondaries: who gets them, what arrives, who is told, and what is refused and
// logged. dig is the secondary; real servers are tested elsewhere.
#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/tsig/answering.hpp"
#include "ostrakon/tsig/asking.hpp"
#include "support/live_site.hpp"
#include "support/query_builder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace ostrakon::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint16_t kAxfr = 252;
constexpr std::uint16_t kSoa = 6;
constexpr const char* kSecret = "c2VjcmV0IG9mIHRoZSB0ZXN0LCBub3QgYSBiaXQgbGVzcy4=";
constexpr const char* kKeys = "[[tsig]]\nname = \"partner\"\nsecret_file = \"partner.key\"\n";

SiteOptions options(const std::string& more = {}) {
    return {.more = kKeys + more};
}

class Transfer : public testing::Test {
protected:
    // The zone's [access] is `access`.
    void serve(const std::string& access, const std::string& more = {}) {
        site_.write("partner.key", kSecret);
        std::filesystem::permissions(site_.directory() / "partner.key",
                                     std::filesystem::perms::owner_read);
        site_.configure(options(more));
        site_.write_zone("bl.example.org", "[access]\n" + access);
        server_.emplace(site_);
    }
    // More than sockets hold of a transfer that nobody reads.
    void fill() const {
        std::string list;
        for (int i = 0; i < 120'000; ++i) {
            list += fmt::format("11.{}.{}.{}\n", i / 10'000, i / 100 % 100, i % 100 * 2);
        }
        const auto result = run({program("ostrakon"), "import", "-", "--source", "many", "--yes",
                                 "--quiet", "--config", site_.configuration()},
                                list);
        ASSERT_EQ(result.status, 0) << result.errors;
    }
    // What dig prints of a transfer or another question: its records, as they are.
    std::string dig(const std::vector<std::string>& words) {
        std::vector<std::string> all{
            "dig",        "+nocmd",      "+nocomments",
            "+nostats",   "+noquestion", "+onesoa",
            "@127.0.0.1", "-p",          std::to_string(server_->address().port)};
        all.insert(all.end(), words.begin(), words.end());
        return run(all).output;
    }
    static std::string key(const std::string& secret = kSecret) {
        return "hmac-sha256:partner:" + secret;
    }
    std::string serial(const std::string& zone = "bl.example.org") {
        std::istringstream words{dig({"-y", key(), "+short", "+tcp", zone, "SOA"})};
        std::string word;
        words >> word >> word >> word;
        return word;
    }
    // Bans, which gives the zones another serial than this one.
    void ban_after(const std::string& before, const std::string& subject) {
        site_.ban(subject);
        EXPECT_NE(serial(), before);
    }
    bool is_logged(std::string_view text) { return server_->process().wait_for_errors(text); }

    LiveSite site_{options()};
    std::optional<LiveServer> server_;
    const tsig::Key key_{*tsig::key_name("partner"), tsig::Algorithm::Sha256,
                         *tsig::decode_secret(kSecret)};
};

// Records in one spelling: dig's columns and a master file's differ, their fields don't.
std::vector<std::string> records_of(const std::string& text, const std::string& origin) {
    std::vector<std::string> records;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == ';' || line.front() == '$' ||
            line.find("TSIG") != std::string::npos) {
            continue;
        }
        std::istringstream words{line};
        std::string owner;
        std::string ttl;
        std::string word;
        words >> owner >> ttl >> word;
        if (owner == "@") {
            owner = origin;
        } else if (!owner.ends_with('.')) {
            owner += "." + origin;
        }
        std::string rest;
        while (words >> word) {
            rest += word == "(" || word == ")" ? "" : " " + word;
        }
        records.push_back(owner + " " + ttl + rest);
    }
    std::sort(records.begin(), records.end());
    return records;
}

// RFC 5936
TEST_F(Transfer, IsRecordForRecordWhatTheExportIs) {
    for (const char* subject : {"192.0.2.0/24", "198.51.100.7", "2001:db8::/48", "example.com"}) {
        site_.ban(subject);
    }
    site_.ban("192.0.2.9", "allow");
    site_.ban("mail.example.com", "allow");
    serve("transfer = [\"key:partner\"]\n");
    const auto exported = run({program("ostrakon"), "export", "--format", "bind", "--zone",
                               "bl.example.org", "--config", site_.configuration()});
    ASSERT_EQ(exported.status, 0) << exported.errors;
    const auto expected = records_of(exported.output, "bl.example.org.");
    ASSERT_GT(expected.size(), 20U);
    EXPECT_EQ(records_of(dig({"-y", key(), "bl.example.org", "AXFR"}), "bl.example.org."),
              expected);
    EXPECT_TRUE(is_logged("transferred the zone of bl.example.org to 127.0.0.1 (key partner)"));
}

// RFC 5936 §6, RFC 8945 §5.2
TEST_F(Transfer, IsRefusedAndLoggedForWhoMayNotHaveIt) {
    serve("transfer = [\"192.0.2.53\", \"127.0.0.0/8 key:partner\"]\n");
    EXPECT_THAT(dig({"bl.example.org", "AXFR"}), Not(HasSubstr("SOA")));
    EXPECT_TRUE(
        is_logged("refused a transfer of bl.example.org to 127.0.0.1: [access] transfer "
                  "does not let it have the zone without a signature"));
    EXPECT_THAT(dig({"-y", key("c2VjcmV0"), "bl.example.org", "AXFR"}),
                AllOf(HasSubstr("BADSIG"), Not(HasSubstr("SOA"))));
    EXPECT_TRUE(is_logged("its signature with the key \"partner\" is wrong"));
    EXPECT_THAT(dig({"-y", std::string{"hmac-sha256:nobody:"} + kSecret, "bl.example.org", "AXFR"}),
                AllOf(HasSubstr("BADKEY"), Not(HasSubstr("SOA"))));
    EXPECT_TRUE(is_logged("it is signed with the key \"nobody\""));
    EXPECT_THAT(dig({"-y", key(), "bl.example.org", "AXFR"}), HasSubstr("SOA"));
    EXPECT_THAT(server_->process().errors(), Not(HasSubstr(kSecret)));
}

// RFC 8945 §5.2.3: replayed after its time, or with a clock that is wrong.
TEST_F(Transfer, IsRefusedAndLoggedWhereTheSignatureIsExpired) {
    serve("transfer = [\"key:partner\"]\n");
    for (const std::int64_t error : {-301, 301}) {
        Bytes query = build_query({.name = "bl.example.org", .type = kAxfr, .flags = 0});
        tsig::Session session{key_};
        session.sign(query, {now().seconds + error});
        TcpClient client{server_->address()};
        client.send(framed(query));
        const Bytes answer = client.receive();
        ASSERT_GT(answer.size(), 12U);
        EXPECT_EQ(answer[3] & 0xF, 9);  // NOTAUTH
        tsig::Record record;
        const auto begin = tsig::find_record(answer);
        ASSERT_TRUE(begin && *begin != 0 && tsig::read_record(answer, *begin, record));
        EXPECT_EQ(tsig::TsigError{record.error}, tsig::TsigError::BadTime);
    }
    EXPECT_TRUE(is_logged("is expired or of the future"));
}

// RFC 1995 §4
TEST_F(Transfer, OfChangesHasTheChangesAlone) {
    site_.ban("192.0.2.0/24");
    serve("transfer = [\"key:partner\"]\nnotify = [\"127.0.0.1:9\"]\n");
    const std::string before = serial();
    EXPECT_THAT(dig({"-y", key(), "bl.example.org", "AXFR"}), HasSubstr("*.2.0.192"));
    EXPECT_EQ(run({program("ostrakon"), "ban", "203.0.113.9", "--reason", "spam", "--quiet",
                   "--config", site_.configuration()})
                  .status,
              0);
    // The server looks once a second: who asks before that waits for it.
    const std::string changes = dig({"-y", key(), "bl.example.org", "IXFR=" + before});
    EXPECT_THAT(changes, AllOf(HasSubstr("9.113.0.203.bl.example.org."), HasSubstr(before),
                               HasSubstr(serial()), Not(HasSubstr("*.2.0.192"))));
    EXPECT_EQ(
        records_of(dig({"-y", key(), "+tcp", "bl.example.org", "IXFR=" + serial()}), "").size(),
        1U);
}

// What ends by the clock is another content only with another serial, for whole zones as for
// changes.
TEST_F(Transfer, HasWhatHasEndedUntilTheSerialSaysSo) {
    const auto run_tool = [&](std::vector<std::string> words) {
        words.insert(words.begin(), program("ostrakon"));
        words.insert(words.end(), {"--quiet", "--config", site_.configuration()});
        EXPECT_EQ(run(words).status, 0);
    };
    run_tool({"ban", "203.0.113.9", "--reason", "spam", "--for", "1s"});
    serve("transfer = [\"key:partner\"]\n");
    const std::string before = serial();
    while (!ask_udp(server_->address(), {.name = "9.113.0.203.bl.example.org"}).data.empty()) {
    }
    ASSERT_EQ(serial(), before);
    EXPECT_THAT(dig({"-y", key(), "bl.example.org", "AXFR"}), HasSubstr("9.113.0.203"));
    run_tool({"expire"});
    EXPECT_NE(serial(), before);
    EXPECT_THAT(dig({"-y", key(), "bl.example.org", "AXFR"}), Not(HasSubstr("9.113.0.203")));
    EXPECT_THAT(dig({"-y", key(), "bl.example.org", "IXFR=" + before}),
                AllOf(HasSubstr("9.113.0.203"), HasSubstr(before), HasSubstr(serial())));
}

// RFC 7766 §6.2.1: the connection serves what comes before and behind a transfer.
TEST_F(Transfer, LeavesItsConnectionForFurtherQuestions) {
    serve("transfer = [\"127.0.0.1\"]\n");
    TcpClient client{server_->address()};
    Bytes all;
    for (const std::uint16_t type : {kSoa, kAxfr, kSoa, kAxfr, kSoa}) {
        const Bytes one = framed(build_query({.name = "bl.example.org", .type = type, .id = type}));
        all.insert(all.end(), one.begin(), one.end());
    }
    ASSERT_TRUE(client.send(all));
    std::vector<unsigned> ids;
    for (int i = 0; i < 5; ++i) {
        const Bytes answer = client.receive();
        ASSERT_GT(answer.size(), 12U) << i;
        ids.push_back(unsigned{answer[0]} << 8 | answer[1]);
        EXPECT_EQ(answer[3] & 0xF, 0);
    }
    EXPECT_THAT(ids, ElementsAre(kSoa, kAxfr, kSoa, kAxfr, kSoa));
    EXPECT_EQ(client.ask({.name = "bl.example.org", .type = "SOA"}).answer.size(), 1U);
}

// No more than four at once; a reader that takes nothing does not keep the server from its end.
TEST_F(Transfer, WaitsForOthersOnlyForAWhileAndEndsWithTheServer) {
    fill();
    serve("transfer = [\"127.0.0.1\"]\n");
    const Bytes query = framed(build_query({.name = "bl.example.org", .type = kAxfr}));
    std::vector<std::unique_ptr<TcpClient>> idle;
    for (int i = 0; i < 4; ++i) {
        idle.push_back(std::make_unique<TcpClient>(server_->address()));
        ASSERT_TRUE(idle.back()->send(query));
        ASSERT_FALSE(idle.back()->receive().empty());  // it has begun
    }
    TcpClient fifth{server_->address()};
    ASSERT_TRUE(fifth.send(query));
    const Bytes answer = fifth.receive(kPatience);
    ASSERT_GT(answer.size(), 12U);
    EXPECT_EQ(answer[3] & 0xF, 2);  // SERVFAIL
    EXPECT_EQ(ask_udp(server_->address(), {.name = "bl.example.org", .type = "SOA"}).rcode,
              "NOERROR");
    EXPECT_EQ(server_->stop().status, 0);
}

TEST_F(Transfer, EndsWhereTheDatabaseIsReplaced) {
    fill();
    serve("transfer = [\"127.0.0.1\"]\n");
    TcpClient client{server_->address()};
    ASSERT_TRUE(client.send(framed(build_query({.name = "bl.example.org", .type = kAxfr}))));
    ASSERT_FALSE(client.receive().empty());
    const LiveSite other;
    std::filesystem::rename(other.database() / "data.mdb", site_.database() / "data.mdb");
    EXPECT_TRUE(is_logged("was not finished"));
    EXPECT_TRUE(client.is_closed_by_server(kPatience));
    EXPECT_TRUE(is_logged("serving from the database"));
    EXPECT_THAT(dig({"bl.example.org", "AXFR"}), AllOf(HasSubstr("SOA"), Not(HasSubstr(".11.bl"))));
}

// A UDP socket that NOTIFY is sent to.
class Listener {
public:
    Listener() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        socklen_t size = sizeof address;
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        const timeval patience{static_cast<time_t>(kPatience.count()), 0};
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    std::uint16_t port() const { return port_; }
    Bytes receive() {
        Bytes message(4096);
        socklen_t size = sizeof from_;
        const ssize_t got = ::recvfrom(socket_.get(), message.data(), message.size(), 0,
                                       reinterpret_cast<sockaddr*>(&from_), &size);
        message.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return message;
    }
    void answer(const Bytes& message) {
        ::sendto(socket_.get(), message.data(), message.size(), 0,
                 reinterpret_cast<const sockaddr*>(&from_), sizeof from_);
    }

private:
    FileDescriptor socket_;
    sockaddr_in from_{};
    std::uint16_t port_ = 0;
};

// RFC 1996
TEST_F(Transfer, IsAnnouncedByNotifyUntilThatIsAnswered) {
    Listener secondary;
    serve("transfer = [\"key:partner\"]\nnotify = [\"127.0.0.1:" +
          std::to_string(secondary.port()) + " key:partner\"]\n");
    const Bytes first = secondary.receive();  // at the start
    ASSERT_GT(first.size(), 12U);
    EXPECT_EQ(first[2], 0x24);  // NOTIFY, AA
    tsig::Record record;
    const auto begin = tsig::find_record(first);
    ASSERT_TRUE(begin && *begin != 0 && tsig::read_record(first, *begin, record));
    EXPECT_EQ(tsig::verify_request(first, record, &key_, now()), tsig::Finding::Good);
    const Bytes again = secondary.receive();  // not answered: once more
    EXPECT_NE(Bytes(again.begin(), again.begin() + 2), Bytes(first.begin(), first.begin() + 2));

    const auto again_begin = tsig::find_record(again);
    tsig::Record again_record;
    ASSERT_TRUE(again_begin && tsig::read_record(again, *again_begin, again_record));
    Bytes reply{again.begin(), again.begin() + static_cast<std::ptrdiff_t>(*again_begin)};
    reply[2] = 0xA4;
    reply[11] = 0;
    const std::size_t size = reply.size();
    reply.resize(size + 1000);
    tsig::AnswerSigner signer{again_record, &key_, tsig::Finding::Good};
    reply.resize(signer.sign(reply, size, now()));
    secondary.answer(reply);

    site_.ban("192.0.2.7");  // so that the next one is about a newer serial
    const Bytes newer = secondary.receive();
    ASSERT_GT(newer.size(), 12U);
    const auto soa = [](const Bytes& message) {
        return Bytes{message.begin() + 12, message.begin() + 100};
    };
    EXPECT_NE(soa(newer), soa(again));
    EXPECT_EQ(soa(again), soa(first));
}

// RFC 9432
TEST_F(Transfer, OfTheCatalogListsTheZones) {
    site_.write_zone("dbl.example.org");
    Listener secondary;
    serve("",
          "[catalog]\norigin = \"catalog.example.org\"\ntransfer = [\"key:partner\"]\n"
          "notify = [\"127.0.0.1:" +
              std::to_string(secondary.port()) + "\"]\n");
    EXPECT_FALSE(secondary.receive().empty());  // it knows now from when the catalog is as it is
    const std::string catalog = dig({"-y", key(), "catalog.example.org", "AXFR"});
    EXPECT_THAT(catalog, AllOf(HasSubstr("version.catalog.example.org."), HasSubstr("\"2\""),
                               HasSubstr(".zones.catalog.example.org."),
                               HasSubstr("bl.example.org."), HasSubstr("dbl.example.org.")));
    EXPECT_EQ(serial("catalog.example.org"), serial());
    EXPECT_THAT(dig({"catalog.example.org", "AXFR"}), Not(HasSubstr("PTR")));
    // Who has it is not sent it again with every ban.
    ban_after(serial(), "192.0.2.7");
    const std::string known = serial();
    ban_after(known, "192.0.2.8");
    const std::string newer =
        dig({"-y", key(), "+noonesoa", "catalog.example.org", "IXFR=" + known});
    EXPECT_THAT(newer, AllOf(HasSubstr(known), HasSubstr(serial()), Not(HasSubstr("PTR"))));
}

}  // namespace
}  // namespace ostrakon::test
