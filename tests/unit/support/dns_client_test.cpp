// The client must tell a right answer from a wrong one before it may judge a server.
#include "support/dns_client.hpp"

#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

TEST(DnsClient, WritesAQuestion) {
    const Bytes query = query_bytes({.name = "a.example", .type = "TXT", .id = 0x1234});
    const Bytes expected{0x12, 0x34, 0,   0,   0,   1,   0,   0,   0, 0, 0,  0, 1, 'a',
                         7,    'e',  'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 16, 0, 1};
    EXPECT_EQ(query, expected);
}

TEST(DnsClient, ReadsAnAnswer) {
    Bytes answer = query_bytes({.name = "a.example", .type = "A", .id = 7});
    EXPECT_FALSE(parse_reply(answer).is_valid) << "a question is no answer";
    answer[2] = 0x84;
    answer[7] = 1;
    answer.insert(answer.end(), {0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 127, 0, 0, 2});
    const Reply reply = parse_reply(answer);
    EXPECT_TRUE(reply.is_valid);
    EXPECT_TRUE(reply.authoritative);
    EXPECT_EQ(reply.id, 7);
    EXPECT_EQ(reply.rcode, "NOERROR");
    EXPECT_EQ(reply.answer, std::vector<std::string>{"a.example. 300 IN A 127.0.0.2"});
    EXPECT_EQ(reply.data, std::vector<std::string>{"127.0.0.2"});
    answer.pop_back();
    EXPECT_FALSE(parse_reply(answer).is_valid);
}

TEST(DnsClient, FramesMessagesForTcp) {
    EXPECT_EQ(framed(Bytes(300, 9)).size(), 302u);
    EXPECT_EQ(framed(Bytes(300, 9))[0], 1);
    EXPECT_EQ(framed(Bytes(300, 9))[1], 44);
}

}  // namespace
}  // namespace ostrakon::test
