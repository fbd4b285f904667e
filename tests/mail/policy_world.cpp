#include "mail/policy_world.hpp"

namespace ostrakon::test {
namespace {

// 203.0.113.0/24 in the maps: the first half is an AS, the second a country.
constexpr const char* kAsMap = "203.0.113.0,203.0.113.127,AS64500\n";
constexpr const char* kCountryMap = "203.0.113.128,203.0.113.255,XX\n";

}  // namespace

const std::vector<Decision>& decisions() {
    static const std::vector<Decision> kDecisions{
        {.what = "an IPv4 address",
         .banned = {.address = "192.0.2.7"},
         .excepted = {.address = "192.0.2.8"},
         .reason = "Spam since May",
         .asked = "192.0.2.7"},
        {.what = "an IPv6 address, with its /64",
         .banned = {.address = "2001:db8:7::25"},
         .excepted = {.address = "2001:db8:7::26"},
         .reason = "Spam over IPv6",
         .asked = "2001:db8:7::25"},
        {.what = "a prefix",
         .banned = {.address = "198.51.100.66"},
         .excepted = {.address = "198.51.100.25"},
         .reason = "Bulletproof hosting",
         .asked = "198.51.100.66"},
        {.what = "an AS",
         .banned = {.address = "203.0.113.7"},
         .excepted = {.address = "203.0.113.25"},
         .reason = "Sells to spammers",
         .asked = "203.0.113.7"},
        {.what = "a country",
         .banned = {.address = "203.0.113.200"},
         .excepted = {.address = "203.0.113.225"},
         .reason = "No abuse desk answers",
         .asked = "203.0.113.200"},
        {.what = "a sender domain",
         .banned = {},
         .banned_sender = "offers@news.spam.example",
         .excepted = {},
         .excepted_sender = "boss@good.spam.example",
         .reason = "Sells our addresses",
         .asked = "news.spam.example"},
        {.what = "an ISP by its reverse names",
         .banned = {.name = "222-222-222-222.badisp.example"},
         .excepted = {.name = "mail.customer.badisp.example"},
         .reason = "Does not say which lines are dynamic",
         .asked = "222-222-222-222.badisp.example"},
        {.what = "names by a pattern",
         .banned = {.name = "host7.berlin.ispgood.example"},
         .excepted = {.name = "host7.static.berlin.ispgood.example"},
         .reason = "Their customers have a relay",
         .asked = "host7.berlin.ispgood.example"},
        {.what = "dynamic lines by the rules of names",
         .banned = {.name = "dsl-203-0-113-9.pool.isp.example"},
         .excepted = {.name = "dsl-203-0-113-9.pool.partner.example"},
         .reason = "",
         .asked = "dsl-203-0-113-9.pool.isp.example"},
        {.what = "a HELO name",
         .banned = {.helo = "ylmf-pc.example"},
         .excepted = {.helo = "good.ylmf-pc.example"},
         .reason = "A bot's name",
         .asked = "ylmf-pc.example"},
    };
    return kDecisions;
}

void record_decisions(const MailSite& site) {
    site.tool({"import", "-", "--format", "range-csv", "--source", "as-map"}, kAsMap);
    site.tool({"import", "-", "--format", "range-csv", "--source", "country-map"}, kCountryMap);
    const auto ban = [&](std::vector<std::string> words, const std::string& reason) {
        words.insert(words.begin(), "ban");
        words.insert(words.end(), {"--reason", reason});
        site.tool(words);
    };
    ban({"192.0.2.7"}, "Spam since May");
    ban({"2001:db8:7::25"}, "Spam over IPv6");
    ban({"198.51.100.0/24"}, "Bulletproof hosting");
    ban({"AS64500"}, "Sells to spammers");
    ban({"country:XX"}, "No abuse desk answers");
    ban({"spam.example"}, "Sells our addresses");
    ban({"badisp.example", "--class", "isp"}, "Does not say which lines are dynamic");
    ban({"rdns:*.berlin.ispgood.example"}, "Their customers have a relay");
    ban({"ylmf-pc.example"}, "A bot's name");
    site.tool({"allow", "2001:db8:7::26", "198.51.100.25", "203.0.113.25", "203.0.113.225",
               "good.spam.example", "mail.customer.badisp.example",
               "rdns:*.static.berlin.ispgood.example", "partner.example", "good.ylmf-pc.example",
               "--reason", "Checked by hand"});
}

}  // namespace ostrakon::test
