// [log] dnstap of the running server, read by BIND's dnstap-read; and a reader who does not read.
#include "support/dns_client.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <cstring>
#include <filesystem>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kReader = "/usr/bin/dnstap-read";

void ask_tapped(const LiveServer& server, int count) {
    UdpClient client(server.address());
    for (int i = 0; i < count; ++i) {
        client.send(query_bytes({.name = fmt::format("{}.2.0.192.bl.example.org", i)}));
        EXPECT_NE(parse_reply(client.receive()).rcode, "");
    }
}

std::string read_tap(const std::filesystem::path& file) {
    const ProcessResult read =
        run(ProcessOptions{.arguments = {kReader, file.string()}, .environment = {}});
    EXPECT_EQ(read.status, 0) << read.errors;
    return read.output;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

TEST(LiveDnstap, IsReadByTheirReader) {
    if (!std::filesystem::exists(kReader)) {
        GTEST_SKIP() << "needs dnstap-read (bind9-dnsutils)";
    }
    LiveSite site;
    site.configure({.more = "[log]\ndnstap = \"tap\"\nqueries_client = \"network\"\n"});
    site.ban("192.0.2.7");
    LiveServer server{site};
    ask_tapped(server, 20);
    server.reload();  // begins another
    ask_tapped(server, 30);
    server.stop();
    // Which of the two has what came about the time of the reload is not certain.
    const std::string both =
        read_tap(site.directory() / "tap.1") + read_tap(site.directory() / "tap");
    EXPECT_EQ(count_of(both, " AQ "), 50U);
    EXPECT_EQ(count_of(both, " AR "), 50U);
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(count_of(both, fmt::format(" {}.2.0.192.bl.example.org/IN/A\n", i)), 4U) << i;
    }
    EXPECT_THAT(both, HasSubstr("127.0.0.0"));
    EXPECT_THAT(both, Not(HasSubstr("127.0.0.1")));
}

TEST(LiveDnstap, WaitsForNobody) {
    LiveSite site;
    const std::filesystem::path place = site.directory() / "tap.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ASSERT_LT(place.string().size(), sizeof address.sun_path);
    std::strcpy(address.sun_path, place.c_str());
    const FileDescriptor listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    ASSERT_EQ(::listen(listener.get(), 8), 0);  // and says nothing
    site.configure({.more = "[log]\ndnstap = \"unix:tap.sock\"\n"});
    LiveServer server{site};
    ask_tapped(server, 50);
    EXPECT_EQ(server.stop().status, 0);
}

TEST(LiveDnstap, SaysThatNobodyListens) {
    LiveSite site;
    site.configure({.more = "[log]\ndnstap = \"unix:nobody.sock\"\n"});
    LiveServer server{site};
    ask_tapped(server, 5);
    EXPECT_TRUE(server.process().wait_for_errors("nobody.sock"));
    EXPECT_EQ(server.stop().status, 0);
}

}  // namespace
}  // namespace ostrakon::test
