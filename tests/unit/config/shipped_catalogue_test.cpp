// share/feeds.toml as it is shipped: every feed of it can be configured, or says why not.
#include "ostrakon/config/feed_catalogue.hpp"
#include "unit/config/site.hpp"

#include <gmock/gmock.h>
#include <algorithm>
#include <set>

namespace ostrakon::config {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

// What publishers are known to have, by what this program has to say of it.
const std::vector<std::string> kKnownFeeds{
    "spamhaus-drop",
    "spamhaus-drop-v6",
    "spamhaus-drop-text",
    "spamhaus-drop-text-v6",
    "spamhaus-edrop",
    "spamhaus-asn-drop",
    "spamhaus-sbl",
    "spamhaus-css",
    "spamhaus-xbl",
    "spamhaus-pbl",
    "spamhaus-dbl",
    "spamhaus-zrd",
    "cbl",
    "uceprotect-1",
    "uceprotect-2",
    "uceprotect-3",
    "backscatterer",
    "uceprotect-whitelisted",
    "psbl",
    "nixspam",
    "sorbs",
    "blocklist-de-all",
    "blocklist-de-ssh",
    "blocklist-de-mail",
    "blocklist-de-apache",
    "blocklist-de-imap",
    "blocklist-de-bots",
    "blocklist-de-sip",
    "blocklist-de-ftp",
    "blocklist-de-strongips",
    "blocklist-de-bruteforcelogin",
    "cins-army",
    "et-compromised",
    "et-block-ips",
    "feodo-tracker",
    "feodo-tracker-recommended",
    "urlhaus-recent",
    "urlhaus-online",
    "urlhaus-hostfile",
    "urlhaus-rpz",
    "urlhaus-text",
    "threatfox",
    "stopforumspam-1d",
    "stopforumspam-7d",
    "stopforumspam-30d",
    "stopforumspam-90d",
    "stopforumspam-180d",
    "stopforumspam-365d",
    "stopforumspam-banned",
    "stopforumspam-toxic-ip",
    "stopforumspam-toxic-domains",
    "dshield",
    "firehol-level1",
    "tor-exits",
    "tor-exit-addresses",
    "tor-dan-me-uk",
    "ipsum",
    "ipsum-level-3",
    "abuseipdb",
    "sslbl",
    "greensnow",
    "turris-greylist",
    "voipbl",
    "bruteforceblocker",
    "surbl",
    "uribl",
    "disposable-email-domains",
    "disposable-domains",
    "disposable-domains-mx",
    "disposable-domains-strict",
    "adaway",
    "stevenblack",
    "maltrail",
    "ripencc",
    "apnic",
    "arin",
    "lacnic",
    "afrinic",
    "ip-location-db-country-ipv4",
    "ip-location-db-country-ipv6",
    "ip-location-db-asn-ipv4",
    "ip-location-db-asn-ipv6",
    "iptoasn",
    "iptoasn-v4",
    "iptoasn-v6",
    "geolite2-country",
    "geolite2-asn",
    "geolite2-country-csv",
    "geolite2-asn-csv",
    "dbip-country-lite",
    "dbip-country-lite-mmdb",
    "dbip-asn-lite",
    "dbip-asn-lite-mmdb",
    "ip2location-lite-country",
    "ip2location-lite-asn",
    "ipverse-country",
    "ipverse-asn",
    "caida-pfx2as",
    "caida-pfx2as-v6",
    "ripestat-announced-prefixes",
    "iana-tld",
    "public-suffix-list",
};

class ShippedCatalogue : public testing::Test {
protected:
    void SetUp() override {
        auto read = read_feed_catalogue(default_settings());
        ASSERT_TRUE(read) << message(read.error());
        catalogue_ = std::move(*read);
    }
    FeedCatalogue catalogue_;
};

TEST_F(ShippedCatalogue, HasWhatIsKnown) {
    std::vector<std::string> names;
    for (const FeedSettings& feed : catalogue_.feeds()) {
        names.push_back(feed.name);
    }
    EXPECT_THAT(names, IsSupersetOf(kKnownFeeds));
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST_F(ShippedCatalogue, AsksNobodyMoreOftenThanHeCanBear) {
    for (const FeedSettings& feed : catalogue_.feeds()) {
        EXPECT_GE(feed.every.seconds, feed.every_least.seconds) << feed.name;
        const bool is_fetched = feed.url.starts_with("http") || feed.url.starts_with("rsync");
        EXPECT_TRUE(!is_fetched || feed.every_least.seconds >= 300) << feed.name;
    }
    EXPECT_EQ(catalogue_.find("spamhaus-drop")->every_least, Duration{3600});
    EXPECT_EQ(catalogue_.find("tor-dan-me-uk")->every_least, Duration{1800});
}

TEST_F(ShippedCatalogue, SaysOfEachListHowLongItIsGood) {
    for (const FeedSettings& feed : catalogue_.feeds()) {
        if (!feed.url.empty() && !feed.format.empty() && !feed.is_map) {
            EXPECT_TRUE(feed.max_age) << feed.name;
            EXPECT_EQ(feed.url.find(' '), std::string::npos) << feed.name;
        }
    }
    EXPECT_EQ(catalogue_.find("tor-exits")->max_age, Duration{86400});
    EXPECT_EQ(catalogue_.find("spamhaus-drop")->max_age, Duration{7 * 86400});
    EXPECT_EQ(catalogue_.find("spamhaus-drop")->max_width_ipv4, 12);
    EXPECT_EQ(catalogue_.find("spamhaus-drop-v6")->max_width_ipv6, 28);
    EXPECT_EQ(catalogue_.find("feodo-tracker")->min_entries, 0);
}

TEST_F(ShippedCatalogue, NamesTheSourceWhereTermsAskForIt) {
    for (const FeedSettings& feed : catalogue_.feeds()) {
        const bool is_asked = feed.terms.find("CC BY") != std::string::npos ||
                              feed.terms.find("MIT") != std::string::npos ||
                              feed.terms.find("MPL") != std::string::npos ||
                              feed.terms.find("source") != std::string::npos;
        EXPECT_TRUE(!is_asked || !feed.attribution.empty()) << feed.name;
        EXPECT_FALSE(feed.terms.empty()) << feed.name;
        if (feed.may_be_redistributed) {
            EXPECT_THAT(feed.terms, Not(HasSubstr("not checked"))) << feed.name;
            EXPECT_THAT(feed.terms, Not(HasSubstr("not to be passed on"))) << feed.name;
            EXPECT_THAT(feed.terms, Not(HasSubstr("not stated"))) << feed.name;
        }
    }
}

TEST_F(ShippedCatalogue, ReplacesWhatHasEnded) {
    EXPECT_THAT(why_gone(*catalogue_.find("spamhaus-edrop")),
                testing::AllOf(HasSubstr("2024-04-10"), HasSubstr("\"spamhaus-drop\"")));
    EXPECT_THAT(why_gone(*catalogue_.find("nixspam")), HasSubstr("2025-01-16"));
    EXPECT_THAT(why_gone(*catalogue_.find("sorbs")), HasSubstr("June 2024"));
}

// Each one by its name alone, and where that is refused with what the refusal asks for.
TEST_F(ShippedCatalogue, CanBeConfigured) {
    for (const FeedSettings& feed : catalogue_.feeds()) {
        SCOPED_TRACE(feed.name);
        std::string lines = "[[feed]]\nname = \"" + feed.name + "\"\n";
        if (feed.state == FeedState::Paid) {
            lines += "url = \"rsync://example.org/list\"\n";
        }
        if (takes_key(feed)) {
            EXPECT_THAT(Site{lines}.settings().mistakes,
                        testing::ElementsAre(HasSubstr("needs a key")));
            lines += "key_file = \"key\"\n";
        }
        const auto outcome = Site{lines}.settings();
        const bool is_gone = !why_gone(feed).empty();
        EXPECT_EQ(outcome.value.has_value(), is_gone || !feed.format.empty());
        if (is_gone) {
            EXPECT_EQ(outcome.value->feeds.front().url, "") << "not pulled";
        } else if (outcome.value) {
            EXPECT_EQ(outcome.value->feeds.front().format, feed.format);
            EXPECT_EQ(outcome.value->feeds.front().is_map, feed.is_map);
        }
    }
}

}  // namespace
}  // namespace ostrakon::config
