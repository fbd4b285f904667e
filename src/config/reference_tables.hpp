// Tables that stand in several files, in words.
#pragma once

#include "ostrakon/config/reference.hpp"

#include <array>

namespace ostrakon::config {

inline constexpr std::string_view kTsigMeaning =
    "A key that signs transfers and notifies (RFC 8945), for the `transfer` and `notify` of all "
    "zones where it stands in ostrakon.toml, else of this one.";

inline constexpr auto kTsigKeys = std::to_array<KeyReference>({
    {"name", "a name", "", R"("partner")", "What both sides call it; the last dot is optional."},
    {"algorithm", "a word", R"("hmac-sha256")", "",
     "hmac-sha1, hmac-sha224, hmac-sha256, hmac-sha384 or hmac-sha512."},
    {"secret_file", "a file", "", R"("partner.key")",
     "Holds the secret in base64. Mode 0600 or tighter, and owned by the user that ostrakond runs "
     "as."},
});

inline constexpr auto kFeedKeys = std::to_array<KeyReference>({
    {"name", "a name", "", R"("partners")",
     "What the feed is called. In a file of feeds/ it may be left out: then the file's own name "
     "counts. For one of the catalogue the name is enough."},
    {"url", "an address", "", R"("https://lists.example.org/{key}/bad.txt")",
     "Where it is: https:, http:, file:, rsync: or axfr://HOST/ZONE. {key} is the place of the "
     "key. "
     "Without one the feed is filled by `ostrakon import --source` alone."},
    {"format", "a format", "", R"("iplist")",
     "What it is written in; `ostrakon import --help` lists the formats. Needed with a url."},
    {"every", "a duration", R"("12h")", "",
     "How often it is fetched; not more often than its publisher asks for in the catalogue."},
    {"publisher_agreed", "true or false", "false", "true",
     "The publisher has agreed to be asked more often."},
    {"key_file", "a file", R"("")", R"("partners.key")",
     "Holds the key that the publisher gave. It is in no log and no error text."},
    {"key_header", "a word", R"("")", R"("Auth-Key")", "The HTTP header that takes the key."},
    {"ca_file", "a file", R"("")", R"("ca.pem")",
     "Certificates that are trusted in place of the system's."},
    {"class", "a class", R"("upstream")", "", "Of all its entries that do not say."},
    {"code", "an address in 127.0.0.0/8", R"("")", R"("127.0.0.11")",
     "What answers for this feed, where the zone's [codes] does not say."},
    {"removal", "an address of the web", R"("")", R"("https://lists.example.org/removal")",
     "The publisher's own page for removals; {removal} in a zone's texts is this."},
    {"max_size", "a size", R"("256MiB")", "", "How large it may be when unpacked, up to 1GiB."},
    {"min_entries", "a number", "1", "",
     "A version with fewer is held. 0 where a list is rightly empty at times."},
    {"max_shrink", "a percentage", R"("30%")", "",
     "A version that has lost more than this is held until `ostrakon feeds accept NAME`."},
    {"max_growth", "a percentage", R"("100%")", "", "A version that has grown by more is held."},
    {"max_width", "a prefix length", R"("/8")", "", "A version with a wider entry is held."},
    {"max_width_ipv6", "a prefix length", R"("/16")", "",
     "The same for IPv6; twice max_width where that is given."},
    {"max_covered", "a percentage", R"("5%")", "",
     "A version that covers more of the unicast IPv4 space is held."},
    {"max_age", "a duration", R"("7d")", "",
     "How long it is served after it could last be fetched; without a url, for ever."},
    {"terms", "a text", R"("")", R"("CC0")", "On which terms it is had."},
    {"attribution", "a text", R"("")", R"("Lists of example.org")",
     "What has to be said where it is passed on."},
    {"redistribute", "true or false", "false", "true", "Whether it may be passed on."},
});

}  // namespace ostrakon::config
