// Who takes zones from here: [[tsig]], [access] transfer and notify, [catalog].
#include "unit/config/site.hpp"

#include <gmock/gmock.h>

namespace ostrakon::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kKeys =
    "[[tsig]]\nname = \"Partner.\"\nalgorithm = \"hmac-sha512\"\nsecret_file = \"keys/p.key\"\n";

std::string zone_file(std::string_view rest) {
    return "origin = \"bl.example.org\"\nns = [\"ns1.example.org\"]\n"
           "contact = \"hostmaster@example.org\"\n" +
           std::string{rest};
}

zone::Zone zone_of(std::string_view rest) {
    Site site{kKeys};
    const auto outcome = site.file("zones/bl.toml", zone_file(rest)).zones();
    EXPECT_THAT(outcome.mistakes, IsEmpty());
    return outcome.value ? outcome.value->zones.at(0) : zone::Zone{};
}

TEST(Secondaries, KeysAreNamedWithTheFilesOfTheirSecrets) {
    Site site{kKeys};
    const auto settings = site.settings();
    ASSERT_TRUE(settings.value);
    ASSERT_THAT(settings.value->tsig_keys, SizeIs(1));
    const zone::SignatureKey& key = settings.value->tsig_keys.front();
    EXPECT_EQ(key.name, "partner");
    EXPECT_EQ(key.algorithm, "hmac-sha512");
    EXPECT_EQ(key.secret_file, site.path() / "keys/p.key");
    EXPECT_THAT(key.place, HasSubstr("ostrakon.toml:1"));

    const zone::Zone zone = zone_of("[[tsig]]\nname = \"own\"\nsecret_file = \"own.key\"\n");
    ASSERT_THAT(zone.keys, SizeIs(1));
    EXPECT_EQ(zone.keys.front().algorithm, "hmac-sha256");
    EXPECT_EQ(zone.keys.front().secret_file.parent_path().filename(), "zones");
}

TEST(Secondaries, MayTransferByAddressByKeyOrByBoth) {
    const zone::Zone zone = zone_of(
        "[access]\n"
        "transfer = [\"192.0.2.53\", \"key:partner\", \"2001:db8::/48 key:PARTNER.\", "
        "\"key:own\"]\n"
        "[[tsig]]\nname = \"own\"\nsecret_file = \"own.key\"\n");
    const auto& peers = zone.secondaries.transfer;
    ASSERT_THAT(peers, SizeIs(4));
    EXPECT_EQ(peers[0].address, net::AddressRange{net::prefix(net::Ipv4{0xC0000235}, 32)});
    EXPECT_EQ(peers[0].key, "");
    EXPECT_FALSE(peers[1].address);
    EXPECT_EQ(peers[1].key, "partner");
    EXPECT_TRUE(peers[2].address);
    EXPECT_EQ(peers[2].key, "partner");
    EXPECT_EQ(peers[3].key, "own");
}

TEST(Secondaries, AreToldAtPort53UnlessAnotherIsNamed) {
    const zone::Zone zone = zone_of(
        "[access]\nnotify = [\"192.0.2.53\", \"192.0.2.53:5300 key:partner\", "
        "\"[2001:db8::1]:5353\", \"2001:db8::1\"]\n");
    const auto& targets = zone.secondaries.notify;
    ASSERT_THAT(targets, SizeIs(4));
    EXPECT_EQ(targets[0].address, net::Address{net::Ipv4{0xC0000235}});
    EXPECT_EQ(targets[0].port, 53);
    EXPECT_EQ(targets[0].key, "");
    EXPECT_EQ(targets[1].port, 5300);
    EXPECT_EQ(targets[1].key, "partner");
    EXPECT_EQ(targets[2].port, 5353);
    EXPECT_EQ(targets[3].port, 53);
}

TEST(Secondaries, NamesOfKeysAreNamesOfDomains) {
    for (const std::string& name : {std::string{"a..b"}, std::string{"."}, std::string{".a"},
                                    std::string(64, 'a'), "a." + std::string(127, 'a')}) {
        Site site{"[[tsig]]\nname = \"" + name + "\"\nsecret_file = \"p.key\"\n"};
        EXPECT_THAT(site.settings().mistakes,
                    ElementsAre(HasSubstr("expected the name of a [[tsig]] key")))
            << name;
    }
}

TEST(Catalog, HasAnOriginAndThoseWhoMayTransferIt) {
    Site site{std::string{kKeys} +
              "[catalog]\norigin = \"catalog.example.org\"\n"
              "transfer = [\"key:partner\"]\nnotify = [\"192.0.2.53 key:partner\"]\n"};
    const auto settings = site.settings();
    ASSERT_TRUE(settings.value);
    ASSERT_TRUE(settings.value->catalog);
    EXPECT_EQ(dns::to_string(settings.value->catalog->origin), "catalog.example.org");
    EXPECT_THAT(settings.value->catalog->secondaries.transfer, SizeIs(1));
    EXPECT_THAT(settings.value->catalog->secondaries.notify, SizeIs(1));
    EXPECT_FALSE(Site{kKeys}.settings().value->catalog);
}

TEST(Catalog, NeedsAnOriginThatNoZoneAnswersFor) {
    EXPECT_THAT((Site{"[catalog]\ntransfer = []\n"}.settings().mistakes),
                ElementsAre(HasSubstr("[catalog] origin is missing")));
    for (const char* origin : {"bl.example.org", "catalog.bl.example.org"}) {
        Site site{"[catalog]\norigin = \"" + std::string{origin} + "\"\n"};
        EXPECT_THAT(site.file("zones/bl.toml", zone_file("")).zones().mistakes,
                    ElementsAre(HasSubstr("expected a name outside of the zone bl.example.org")));
    }
    Site around{"[catalog]\norigin = \"example.org\"\n"};
    EXPECT_THAT(around.file("zones/bl.toml", zone_file("")).zones().mistakes, IsEmpty());
}

}  // namespace
}  // namespace ostrakon::config
