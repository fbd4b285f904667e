// Lists in JSON: of AbuseIPDB, CrowdSec and nftables, and of objects that say their keys.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(AbuseipdbJson, HasItsAddresses) {
    const auto list = read(
        "{\"meta\":{\"generatedAt\":\"2026-01-01T00:00:00+00:00\"},\n\"data\":[\n"
        "{\"ipAddress\":\"192.0.2.7\",\"countryCode\":\"XX\",\"abuseConfidenceScore\":100},\n"
        "{\"ipAddress\":\"2001:db8::7\",\"abuseConfidenceScore\":100},\n{\"ip\":1},\n"
        "{\"ipAddress\":\"example.com\"}]}");
    EXPECT_EQ(list->format, "abuseipdb-json");
    EXPECT_EQ(entries_of(list), "3 192.0.2.7\n4 2001:db8::7\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("5 [] is an entry without \"ipAddress\""));
    EXPECT_THAT(rejects_of(list), HasSubstr("6 [example.com] is no address"));
}

TEST(AbuseipdbJson, IsRefusedWhereItIsAnErrorOrCutOff) {
    EXPECT_THAT(
        refusal_of(read("{\"errors\":[{\"detail\":\"x\",\"status\":429}]}", "abuseipdb-json")),
        HasSubstr("has no array \"data\""));
    EXPECT_THAT(refusal_of(read("{\"data\":[{\"ipAddress\":\"192.0.2.7\"}", "abuseipdb-json")),
                HasSubstr("ends in the middle of its JSON"));
    EXPECT_THAT(refusal_of(read("{\"a\":" + std::string(40, '['), "abuseipdb-json")),
                HasSubstr("is nested more than 32 deep"));
}

TEST(CrowdsecJson, HasTheDecisionsOfAlerts) {
    const auto list = read(
        "[{\"id\":1,\"scenario\":\"x\",\"source\":{\"scope\":\"Ip\",\"value\":\"192.0.2.99\"},\n"
        "\"decisions\":[{\"duration\":\"1h30m0.5s\",\"scenario\":\"crowdsecurity/ssh-bf\",\n"
        "\"scope\":\"Ip\",\"type\":\"ban\",\"value\":\"192.0.2.7\"},\n"
        "{\"scope\":\"Range\",\"type\":\"ban\",\"value\":\"198.51.100.0/24\"}]},\n"
        "{\"decisions\":[{\"scope\":\"AS\",\"type\":\"ban\",\"value\":\"64500\"},\n"
        "{\"scope\":\"Country\",\"type\":\"ban\",\"value\":\"FR\"},\n"
        "{\"scope\":\"Ip\",\"type\":\"captcha\",\"value\":\"192.0.2.8\"},\n"
        "{\"scope\":\"Ip\",\"type\":\"ban\",\"value\":\"192.0.2.9\",\"duration\":\"-5m1s\"},\n"
        "{\"scope\":\"Ip\",\"type\":\"ban\",\"value\":\"192.0.2.9\",\"simulated\":true},\n"
        "{\"scope\":\"user\",\"type\":\"ban\",\"value\":\"joe\"},\n"
        "{\"scope\":\"Ip\",\"type\":\"ban\",\"value\":\"192.0.2.9\",\"duration\":\"soon\"}]},\n"
        "{\"decisions\":null}]");
    EXPECT_EQ(list->format, "crowdsec-json");
    EXPECT_EQ(entries_of(list),
              "2 192.0.2.7 reason=crowdsecurity/ssh-bf until=2026-01-01T01:30:01Z\n"
              "4 198.51.100.0/24\n5 AS64500\n6 country:FR\n");
    EXPECT_EQ(list->contents.rejected, 2U);
    EXPECT_THAT(notes_of(list), HasSubstr("decisions that do not ban"));
    EXPECT_THAT(notes_of(list), HasSubstr("decisions that have ended"));
}

TEST(CrowdsecJson, HasTheDecisionsOfItsLocalApi) {
    constexpr std::string_view kDecision =
        "{\"duration\":\"1h\",\"scope\":\"Ip\",\"type\":\"ban\",\"value\":\"192.0.2.7\"}";
    const auto in = [kDecision](std::string_view before, std::string_view behind) {
        return entries_of(read(fmt::format("{}{}{}", before, kDecision, behind), "crowdsec-json"));
    };
    const std::string expected = "1 192.0.2.7 until=2026-01-01T01:00:00Z\n";
    EXPECT_EQ(in("[", "]"), expected);
    EXPECT_EQ(in("{\"deleted\":[],\"new\":[", "]}"), expected);
    EXPECT_EQ(in("{\"new\":[],\"deleted\":[", "]}"), "");
    EXPECT_EQ(entries_of(read("null\n", "crowdsec-json")), "");
    EXPECT_THAT(refusal_of(read("{\"message\":\"access forbidden\"}", "crowdsec-json")),
                HasSubstr("has no decisions of CrowdSec"));
}

TEST(NftJson, HasTheElementsOfASet) {
    const auto list = read(
        "{\"nftables\":[{\"metainfo\":{\"version\":\"1.0.6\"}},{\"set\":{\"family\":\"inet\",\n"
        "\"name\":\"bans\",\"table\":\"filter\",\"type\":\"ipv4_addr\",\"flags\":[\"interval\"],\n"
        "\"elem\":[\"192.0.2.7\",\n{\"prefix\":{\"addr\":\"198.51.100.0\",\"len\":24}},\n"
        "{\"range\":[\"192.0.2.10\",\"192.0.2.12\"]},\n"
        "{\"elem\":{\"val\":\"192.0.2.8\",\"timeout\":7200,\"expires\":3600,\"comment\":\"x\"}},\n"
        "{\"elem\":{\"val\":{\"prefix\":{\"addr\":\"203.0.113.0\",\"len\":25}}}},\n"
        "{\"concat\":[\"192.0.2.9\",25]},\n42,\n{\"prefix\":{\"addr\":\"192.0.2.1\",\"len\":24}}]"
        "}}]}");
    EXPECT_EQ(list->format, "nft-json");
    EXPECT_EQ(entries_of(list),
              "3 192.0.2.7\n4 198.51.100.0/24\n5 192.0.2.10-192.0.2.12\n"
              "6 192.0.2.8 reason=x until=2026-01-01T01:00:00Z\n7 203.0.113.0/25\n8 192.0.2.9\n");
    EXPECT_EQ(list->contents.rejected, 2U);
}

TEST(NftJson, OfSeveralSetsNeedsToKnowWhich) {
    constexpr std::string_view kTwo =
        R"({"nftables":[{"set":{"name":"bans","elem":["192.0.2.7"]}},)"
        R"({"map":{"name":"m","elem":[["192.0.2.9","x"]]}},)"
        R"({"set":{"name":"friends","elem":["192.0.2.8"]}}]})";
    EXPECT_THAT(refusal_of(read(kTwo)), HasSubstr("several sets: \"bans\", \"friends\""));
    EXPECT_EQ(entries_of(read(kTwo, "nft-json:bans")), "1 192.0.2.7\n");
    EXPECT_THAT(refusal_of(read("{\"nftables\":[]}")), HasSubstr("has no set of nftables"));
}

TEST(Ndjson, HasSubjectsAtTheKeyThatIsNamed) {
    constexpr std::string_view kObjects =
        "{\"ip\":\"192.0.2.7\",\"why\":{\"text\":\"spam\"},\"nets\":[\"192.0.2.0/24\"]}\n\n"
        "{\"ip\":\"example.com\",\"nets\":[\"198.51.100.0/24\",\"203.0.113.0/24\",7]}\n[]\n{\n";
    EXPECT_EQ(entries_of(read(kObjects, "ndjson:ip")), "1 192.0.2.7\n3 example.com\n");
    EXPECT_EQ(entries_of(read(kObjects, "ndjson:ip,why.text")),
              "1 192.0.2.7 reason=spam\n3 example.com\n");
    const auto nets = read(kObjects, "ndjson:nets");
    EXPECT_EQ(entries_of(nets), "1 192.0.2.0/24\n3 198.51.100.0/24\n3 203.0.113.0/24\n");
    EXPECT_THAT(rejects_of(nets), HasSubstr("has no text at nets"));
    EXPECT_THAT(rejects_of(nets), HasSubstr("4 [[]] is no JSON object"));
    EXPECT_THAT(rejects_of(nets), HasSubstr("5 [{] is no JSON object"));
    EXPECT_EQ(entries_of(read("[{\"ip\":\"192.0.2.7\"},\n{\"ip\":\"192.0.2.8\"}]", "ndjson:ip")),
              "1 192.0.2.7\n2 192.0.2.8\n");
    EXPECT_THAT(refusal_of(read(kObjects, "ndjson")), HasSubstr("which key has the subject"));
}

}  // namespace
}  // namespace ostrakon::feed
