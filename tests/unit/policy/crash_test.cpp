// A ban that was acknowledged is there after the process that made it was killed.
#include "database.hpp"
#include "support/forked.hpp"

namespace ostrakon::policy {
namespace {

constexpr std::uint32_t kAcknowledged = 50;  // then the child is killed, wherever it is

class Crash : public DatabaseTest {};

std::string address(std::uint32_t number) {
    return net::to_string(net::Ipv4{0xC6120000 + number});
}

// Bans one address after the other and says a line for each that was reported as done.
void ban_without_end(const std::filesystem::path& directory, const test::Pipe& pipe) {
    auto environment = store::Environment::open(
        {.directory = directory, .access = store::Access::ReadWrite, .size_bytes = {}});
    const config::Settings settings;
    for (std::uint32_t i = 0; environment; ++i) {
        Ban ban;
        ban.subjects = {*parse_subject(address(i))};
        ban.reason = "spam";
        if (!policy::ban(*environment, settings, ban, {"child", "ban", {1'800'000'000}}) ||
            !pipe.say("done")) {
            return;
        }
    }
}

TEST_F(Crash, KeepsEveryAcknowledgedBan) {
    environment_.reset();  // an open environment must not be carried into a child
    test::Forked child([&](const test::Pipe& pipe) { ban_without_end(directory_.path(), pipe); });
    std::uint32_t acknowledged = 0;
    while (acknowledged < kAcknowledged && child.line()) {
        ++acknowledged;
    }
    child.kill();
    while (child.line()) {
        ++acknowledged;
    }
    ASSERT_GE(acknowledged, kAcknowledged);
    open(std::uint64_t{1} << 28);
    for (std::uint32_t i = 0; i < acknowledged; ++i) {
        EXPECT_EQ(listings(address(i)).size(), 1U) << i;
    }
    EXPECT_EQ(differences(), 0U);
    EXPECT_TRUE(ban("192.0.2.7"));
}

}  // namespace
}  // namespace ostrakon::policy
