// Zones that are transferred from real name servers, signed and not.
#include "fetch_test_base.hpp"
#include "support/zone_server.hpp"

#include <fmt/format.h>

namespace ostrakon::fetch {
namespace {

using test::ZoneServer;
using test::ZoneServerKind;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string zone_of(unsigned serial, int count) {
    std::string zone = fmt::format(
        "$ORIGIN rpz.example.org.\n$TTL 300\n@ SOA ns.example.org. hostmaster.example.org. {} 60 "
        "60 "
        "60 60\n@ NS ns.example.org.\n",
        serial);
    for (int i = 0; i < count; ++i) {
        zone += fmt::format("host{}.example.com CNAME .\n", i);
    }
    return zone;
}

std::size_t records_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 1;  // $ORIGIN
}

class Axfr : public FetchTest, public testing::WithParamInterface<ZoneServerKind> {
protected:
    void SetUp() override {
        if (!ZoneServer::is_installed(GetParam())) {
            GTEST_SKIP() << "this name server is not installed";
        }
    }
    Request request_of(const ZoneServer& server, const char* key = ZoneServer::kKey) const {
        Request made = request("axfr://" + server.endpoint() + "/rpz.example.org");
        made.key = key;
        return made;
    }
};

TEST_P(Axfr, ZoneComesWholeAsAMasterFile) {
    const ZoneServer server(GetParam(), zone_of(7, 3) + "text TXT \"a \\\"b\\\"; c\"\n", false);
    const auto fetched = fetch(request_of(server, ""));
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_FALSE(fetched->is_unchanged);
    EXPECT_EQ(fetched->validators, (Validators{"7", ""}));
    EXPECT_EQ(fetched->size, body().size());
    EXPECT_THAT(body(), StartsWith("$ORIGIN rpz.example.org.\nrpz.example.org.\t300\tIN\tSOA\t"));
    EXPECT_THAT(body(), HasSubstr("host1.example.com.rpz.example.org.\t300\tIN\tCNAME\t.\n"));
    EXPECT_THAT(body(), HasSubstr("\tTXT\t\"a \\\"b\\\"; c\"\n"));
    EXPECT_EQ(records_in(body()), 6U);
}

TEST_P(Axfr, LongZoneIsVerifiedMessageByMessage) {
    // Many messages, of which NSD signs the first, every 96th and the last.
    constexpr int kHosts = 100'000;
    const ZoneServer server(GetParam(), zone_of(1, kHosts), true);
    const auto fetched = fetch(request_of(server));
    ASSERT_TRUE(fetched) << message(fetched.error().error);
    EXPECT_EQ(records_in(body()), kHosts + 2U);
}

TEST_P(Axfr, SerialTellsVersionsApart) {
    ZoneServer server(GetParam(), zone_of(1, 1), true);
    Request made = request_of(server);
    made.validators = fetch(made)->validators;
    std::filesystem::remove(made.body);
    const auto same = fetch(made);
    ASSERT_TRUE(same) << message(same.error().error);
    EXPECT_TRUE(same->is_unchanged);
    EXPECT_EQ(same->validators, made.validators);
    EXPECT_TRUE(is_clean());
    server.serve(zone_of(4'000'000'000, 2));
    made.url = request_of(server).url;
    const auto next = fetch(made);
    ASSERT_TRUE(next) << message(next.error().error);
    EXPECT_FALSE(next->is_unchanged);
    EXPECT_EQ(next->validators.etag, "4000000000");
    EXPECT_EQ(records_in(body()), 4U);
}

TEST_P(Axfr, WhoHasNoRightIsRefused) {
    const ZoneServer server(GetParam(), zone_of(1, 1), true);
    EXPECT_EQ(refusal(request_of(server, "")).kind, FailureKind::Refused);
    for (const char* const key :
         {"hmac-sha256:transfer.example.org:d3Jvbmcgc2VjcmV0IG9mIHRoZSB0ZXN0LCBub3QgbGVzcw==",
          "hmac-sha256:other.example.org:c2VjcmV0IG9mIHRoZSB0ZXN0LCBub3QgYSBiaXQgbGVzcy4="}) {
        Request made = request_of(server, key);
        for (const char* const known : {"", "1"}) {
            made.validators.etag = known;
            const Refusal refused = refusal(made);
            EXPECT_EQ(refused.kind, FailureKind::Refused) << refused.text;
            EXPECT_THAT(refused.text, HasSubstr("NOTAUTH"));
            EXPECT_THAT(refused.text, Not(HasSubstr("c2Vj")));
        }
    }
    Request other = request_of(server);
    other.url = "axfr://" + server.endpoint() + "/other.example.org";
    EXPECT_NE(refusal(other).kind, FailureKind::BadRequest);
}

TEST_P(Axfr, LargerThanAllowedIsRefused) {
    const ZoneServer server(GetParam(), zone_of(1, 1000), true);
    Request made = request_of(server);
    made.limits.size_max = 10'000;
    EXPECT_EQ(refusal(made).kind, FailureKind::NotAList);
}

INSTANTIATE_TEST_SUITE_P(Servers, Axfr, testing::Values(ZoneServerKind::Knot, ZoneServerKind::Nsd),
                         [](const auto& kind) {
                             return kind.param == ZoneServerKind::Knot ? "Knot" : "Nsd";
                         });

TEST_F(FetchTest, AxfrNeedsAZoneAndAKeyThatCanBeRead) {
    for (const char* const url :
         {"axfr://", "axfr://host", "axfr://host/", "axfr:///zone", "axfr://user@host/zone",
          "axfr://host:dns/zone", "axfr://host/zone..example.org"}) {
        EXPECT_EQ(refusal(request(url)).kind, FailureKind::BadRequest) << url;
    }
    Request made = request("axfr://127.0.0.1:1/example.org");
    EXPECT_EQ(refusal(made).kind, FailureKind::Temporary);  // nobody there
    for (const char* const key : {"secret", "hmac-md5:name:c2Vj", "hmac-sha256:name:%", ":c2Vj",
                                  "hmac-sha256:na..me:c2Vj", "name:"}) {
        made.key = key;
        const Refusal refused = refusal(made);
        EXPECT_EQ(refused.kind, FailureKind::BadRequest) << key;
    }
}

}  // namespace
}  // namespace ostrakon::fetch
