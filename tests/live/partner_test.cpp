// Keys of partners under a running server: what the command reports as done is in the next answer.
#include "support/dns_client.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class LivePartner : public testing::Test {
protected:
    LivePartner() {
        site_.write_zone("bl.example.org",
                         "[access]\nquery = [\"192.0.2.0/24\"]\nkeys_file = \"bl.keys\"\n");
        site_.write("zones/bl.keys", "");
        namespace fs = std::filesystem;
        fs::permissions(site_.directory() / "zones/bl.keys",
                        fs::perms::owner_read | fs::perms::owner_write);
        site_.ban("192.0.2.7");
        server_.emplace(site_);
    }

    nlohmann::json tool(std::vector<std::string> words) const {
        words.insert(words.begin(), {program("ostrakon").string(), "--config",
                                     site_.configuration().string(), "--json"});
        const ProcessResult result = test::run(ProcessOptions{.arguments = std::move(words), .environment = {}});
        EXPECT_EQ(result.status, 0) << result.errors;
        return nlohmann::json::parse(result.output, nullptr, false);
    }

    std::string rcode_of(const std::string& origin) const {
        UdpClient client(server_->address());
        client.send(query_bytes({.name = "7.2.0.192." + origin}));
        return parse_reply(client.receive()).rcode;
    }

    LiveSite site_;
    std::optional<LiveServer> server_;
};

TEST_F(LivePartner, IsKnownAndRefusedWhenTheCommandReturns) {
    EXPECT_EQ(rcode_of("bl.example.org"), "REFUSED");
    const std::string origin = tool({"partner", "add", "mailhost"})["origin"];
    EXPECT_EQ(rcode_of(origin), "NOERROR");
    tool({"partner", "revoke", "mailhost"});
    EXPECT_EQ(rcode_of(origin), "REFUSED");
    const std::string log = server_->stop().errors;
    EXPECT_THAT(log, HasSubstr("keys of bl.example.org read anew"));
    EXPECT_THAT(log, Not(HasSubstr(origin.substr(0, origin.find('.')))));
}

TEST_F(LivePartner, KeepsHisKeyWhenTheFileIsWrong) {
    const std::string origin = tool({"partner", "add", "mailhost"})["origin"];
    site_.write("zones/bl.keys", "what is this\n");
    const std::string said = server_->reload();
    EXPECT_THAT(said, HasSubstr("bl.keys:1: expected"));
    EXPECT_THAT(said, HasSubstr("serving as before"));
    EXPECT_EQ(rcode_of(origin), "NOERROR");
}

}  // namespace
}  // namespace ostrakon::test
