// A scenario: a configuration, then commands and questions in the order in which they happen. Read
// from a file that a mail administrator can read, too.
//
// The form of such a file:
//
//     # What it shows, in a sentence or more.
//     == zones/bl.example.org.toml           a file of the configuration: all lines up to the next
//     "==" origin = "bl.example.org"
//     == then                                what happens, one line each:
//     $ ostrakon ban 192.0.2.0/24 --reason "spam"
//     $ ostrakon import - --format csv --source partner
//         subject,reason                     indented lines are what the command reads from stdin
//     $ ostrakon ban 10.0.0.1 --reason x => exit 3
//     dns mail.example.com A 192.0.2.7       from now on others have this in DNS, which diagnoses
//     ask wait 2h A   192.0.2.7 in bl.example.org = 127.0.0.2, ttl 300 TXT 7.2.0.192.bl.example.org
//     = "192.0.2.0/24 is blocked (ip) - spam"
//
// A question is TYPE NAME, or TYPE ADDRESS-OR-NAME in ZONE; then, where it matters: from CLIENT,
// over tcp, edns BYTES. Behind
// "=" stand the data of all records of the answer, in any order, or NXDOMAIN, NODATA, TRUNCATED or
// another rcode; then, after commas: ttl SECONDS (of the answer; of the SOA where there is none),
// soa ZONE (whose SOA a negative answer has), ede NUMBER (RFC 8914). In data that is one record of
// several words, "*" stands for any word.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ostrakon::scenario {

/// One command of the companion tool.
struct Command {
    std::vector<std::string> words;  ///< Without "ostrakon".
    std::string input;               ///< What it reads from stdin.
    int exit_status = 0;             ///< Expected.
};

struct Wait {
    Duration length;
};

/// What others enter in DNS.
struct DnsRecord {
    std::string text;  ///< "mail.example.com A 192.0.2.7".
};

struct Question {
    std::string name;  ///< The whole query name, without the last dot.
    std::string type;  ///< One that type_number knows.
    std::optional<net::Address> client;
    bool over_tcp = false;
    std::optional<std::uint16_t> edns_payload_bytes = 1232;  ///< "edns none": empty.
};

struct Expectation {
    std::string rcode = "NOERROR";
    bool is_truncated = false;
    /// The data of each record: for TXT its text, else as in a zone file. Empty: a negative answer.
    std::vector<std::string> data;
    std::optional<std::uint32_t> ttl_s;
    std::optional<std::string> soa;
    std::optional<std::uint16_t> extended_error;
};

struct Exchange {
    Question question;
    Expectation expectation;
};

struct Step {
    unsigned line = 0;
    std::string text;  ///< The line itself, for messages.
    std::variant<Command, Wait, DnsRecord, Exchange> what;
};

struct Scenario {
    std::string title;                         ///< The first line, without "# ".
    std::map<std::string, std::string> files;  ///< Of the configuration: path → contents.
    std::vector<Step> steps;
};

/// The error says in which line what is wrong.
Result<Scenario> parse_scenario(std::string_view text);

/// The number of a record type, by its name.
std::optional<std::uint16_t> type_number(std::string_view type);

/// The name under which a zone is asked about an address or a name: 7.2.0.192.ZONE,
/// mail.example.com.ZONE.
std::string query_name(std::string_view subject, std::string_view zone);

}  // namespace ostrakon::scenario
