// Tor's exit addresses: several a node, and what shows that the file was cut off.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kNode =
    "ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E\nPublished 2021-11-02 18:20:17\n"
    "LastStatus 2021-11-02 23:00:00\n";

TEST(TorExitAddresses, HasEveryAddressOfANode) {
    const auto list = read(std::string{kNode} + "ExitAddress 192.0.2.7 2021-11-02 23:17:02\n" +
                           "ExitAddress 192.0.2.8 2021-11-02 23:18:02\n");
    EXPECT_EQ(list->format, "tor-exit-addresses");
    EXPECT_EQ(entries_of(list), "4 192.0.2.7\n5 192.0.2.8\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(TorExitAddresses, ThatWasCutOffIsRefusedOrItsLastLineRejected) {
    EXPECT_THAT(refusal_of(read(kNode)), HasSubstr("ends in a node without an address"));
    const auto list = read(std::string{kNode} + "ExitAddress 192.0.2.7 2021-11-02 23:17:02\n" +
                           "ExitAddress 192.0.2.77\nExitAddress 192.0.2.77 2021-11-02 23:1\nx\n");
    EXPECT_EQ(entries_of(list), "4 192.0.2.7\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("5 [ExitAddress 192.0.2.77] has no date and time"));
    EXPECT_THAT(rejects_of(list), HasSubstr("23:1] has no date and time"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [x] is no line of Tor's list"));
}

}  // namespace
}  // namespace ostrakon::feed
