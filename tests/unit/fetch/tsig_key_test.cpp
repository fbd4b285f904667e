// Keys of name servers in key files, and what transfers look like outside.
#include "tsig_key.hpp"

#include "dns_message.hpp"

#include <gtest/gtest.h>

namespace ostrakon::fetch {
namespace {

TEST(TsigKeyText, HasANameASecretAndPerhapsAnAlgorithm) {
    const auto plain = read_tsig_key("Transfer.example.org.:c2VjcmV0");
    ASSERT_TRUE(plain);
    EXPECT_EQ(dns::to_string(plain->name), "transfer.example.org");
    EXPECT_EQ(plain->algorithm, tsig::Algorithm::Sha256);
    EXPECT_EQ(plain->secret, "secret");
    EXPECT_EQ(read_tsig_key("hmac-sha512:key:c2VjcmV0")->algorithm, tsig::Algorithm::Sha512);
    for (const char* bad : {"", "key", "key:", "key:!", "hmac-md5:key:c2VjcmV0", ":c2VjcmV0"}) {
        EXPECT_FALSE(read_tsig_key(bad)) << bad;
    }
}

TEST(MessageOutlineTest, IsReadWithinItsBounds) {
    const Bytes whole = write_question(7, *dns::parse_name("example.org"), kTypeAxfr);
    EXPECT_TRUE(read_outline(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(read_outline(ByteSpan{whole}.first(size))) << size;
    }
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(read_outline(longer));
    for (std::size_t at = 4; at < 12; ++at) {
        Bytes more = whole;
        more[at] = 0xFF;
        EXPECT_FALSE(read_outline(more)) << at;
    }
}

}  // namespace
}  // namespace ostrakon::fetch
