// What `ostrakon export` writes, served by the real programs: rbldnsd and BIND answer as this
// database does. `ostrakon compare` asks both sides, and reads the log that BIND writes.
#include "rbldnsd/servers.hpp"
#include "support/free_port.hpp"
#include "support/live_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <filesystem>

namespace ostrakon::rbldnsd {
namespace {

using ::testing::HasSubstr;

// Inside, beside and between what is listed, names and a mail address among them.
const std::vector<std::string> kAsked{
    "0.2.0.192",
    "7.2.0.192",
    "9.2.0.192",
    "255.2.0.192",
    "255.1.0.192",
    "0.3.0.192",
    "9.113.0.203",
    "10.113.0.203",
    "20.113.0.203",
    "21.113.0.203",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.0.0.0.8.b.d.0.1.0.0.2",
    "example.com",
    "a.example.com",
    "good.example.com",
    "a.good.example.com",
    "one.example.net",
    "a.one.example.net",
    "below.example.net",
    "a.below.example.net",
    "63a710569261a24b3766275b7000ce8d7b32e2f7",
    "73a710569261a24b3766275b7000ce8d7b32e2f7",
    "2.0.0.127",
    "1.0.0.127",
};

class Exported : public testing::Test {
protected:
    Exported() {
        namespace fs = std::filesystem;
        fs::permissions(files_.path(), fs::perms::all);  // rbldnsd and BIND may not be root
        done({"ban", "192.0.2.0/24", "203.0.113.10-203.0.113.20", "2001:db8:7::/48", "example.com",
              "=one.example.net", "*.below.example.net", "user@example.com", "--reason", "spam"});
        done({"ban", "192.0.2.7", "--class", "isp", "--reason", "again"});
        done({"allow", "192.0.2.9", "good.example.com", "--reason", "fine"});
    }

    test::ProcessResult tool(std::vector<std::string> words) const {
        words.insert(words.begin(), {test::program("ostrakon").string(), "--config",
                                     site_.configuration().string()});
        return test::run(words);
    }
    void done(const std::vector<std::string>& words) const {
        const auto result = tool(words);
        EXPECT_EQ(result.status, 0) << result.errors;
    }
    // The file, below files_.
    std::string exported(const std::string& format) const {
        done({"export", "--format", format, "--zone", "bl.example.org", "--output",
              (files_.path() / format).string()});
        std::filesystem::permissions(files_.path() / format, std::filesystem::perms::others_read,
                                     std::filesystem::perm_options::add);
        return format;
    }
    // A name a line, as compare reads it.
    std::string questions() const {
        std::string text;
        for (const std::string& name : kAsked) {
            text += name + ".bl.example.org\n";
        }
        return files_.write("questions", text);
    }
    test::ProcessResult compare(const std::string& log, const std::string& server) const {
        return tool({"compare", log, "--against", server});
    }

    test::LiveSite site_;
    test::TemporaryDirectory files_;
};

TEST_F(Exported, ForRbldnsdAnswersAsHere) {
    const Rbldnsd theirs{files_.path(), {"bl.example.org:combined:" + exported("rbldnsd")}};
    const auto found = compare(questions(), fmt::format("localhost:{}", theirs.address().port));
    EXPECT_EQ(found.status, 0) << found.output << found.errors;
    EXPECT_THAT(found.output, HasSubstr(fmt::format("{} questions", kAsked.size())));
}

TEST_F(Exported, ForBindAnswersAsHereAndItsLogIsRead) {
    const std::string program = "/usr/sbin/named";
    if (!std::filesystem::exists(program)) {
        GTEST_SKIP() << "BIND is not installed";
    }
    const std::uint16_t port = test::free_port(SOCK_STREAM);
    const auto log = files_.path() / "named.log";
    const auto configuration =
        files_.write("named.conf", fmt::format(R"(
options {{
    directory "{0}"; pid-file none; session-keyfile "{0}/session.key";
    listen-on port {1} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no; querylog yes;
}};
controls {{ }};
zone "bl.example.org" {{ type primary; file "{2}"; }};
)",
                                               files_.path().string(), port, exported("bind")));
    test::Process named{test::ProcessOptions{
        .arguments = {program, "-g", "-n", "1", "-c", configuration.string()}, .environment = {}}};
    ASSERT_TRUE(named.wait_for_errors("running\n")) << named.errors();
    const std::string server = fmt::format("127.0.0.1:{}", port);
    const auto found = compare(questions(), server);
    EXPECT_EQ(found.status, 0) << found.output << found.errors;
    EXPECT_THAT(found.output, HasSubstr(fmt::format("{} questions", kAsked.size())));

    // What compare has asked stands in BIND's log, as lines between others.
    files_.write("named.log", named.errors());
    const auto again = compare(log.string(), server);
    EXPECT_EQ(again.status, 0) << again.output << again.errors;
    EXPECT_THAT(again.output, HasSubstr(fmt::format("{} questions of", kAsked.size())));
    done({"ban", "192.0.3.0", "--reason", "only here"});
    EXPECT_EQ(compare(log.string(), server).status, 1);
}

TEST_F(Exported, AsPolicyZoneMakesUnboundDeny) {
    const std::string program = "/usr/sbin/unbound";
    if (!std::filesystem::exists(program)) {
        GTEST_SKIP() << "unbound is not installed";
    }
    const std::uint16_t port = test::free_port(SOCK_STREAM);
    const auto configuration =
        files_.write("unbound.conf", fmt::format(R"(
server:
    directory: "{0}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    verbosity: 1
    interface: 127.0.0.1
    port: {1}
    do-ip6: no
    module-config: "respip iterator"
remote-control:
    control-enable: no
rpz:
    name: "rpz.bl.example.org"
    zonefile: "{2}"
    rpz-log: yes
)",
                                                 files_.path().string(), port, exported("rpz")));
    test::Process unbound{test::ProcessOptions{
        .arguments = {program, "-d", "-c", configuration.string()}, .environment = {}}};
    ASSERT_TRUE(unbound.wait_for_errors("start of service")) << unbound.errors();
    for (const char* name : {"a.example.com", "example.com", "a.below.example.net"}) {
        SCOPED_TRACE(name);
        test::UdpClient client{{"127.0.0.1", port}};
        client.send(test::query_bytes({.name = name}));
        EXPECT_EQ(test::parse_reply(client.receive()).rcode, "NXDOMAIN");
    }
    EXPECT_TRUE(unbound.wait_for_errors("below.example.net.")) << unbound.errors();
    EXPECT_THAT(unbound.errors(), HasSubstr("rpz: applied"));
}

}  // namespace
}  // namespace ostrakon::rbldnsd
