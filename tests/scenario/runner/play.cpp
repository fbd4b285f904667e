#include "scenario/runner/play.hpp"

#include "support/nameserver.hpp"
#include "support/query_builder.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <memory>
#include <utility>

namespace ostrakon::scenario {
namespace {

constexpr std::array<std::string_view, 6> kRcodes{"NOERROR",  "FORMERR", "SERVFAIL",
                                                  "NXDOMAIN", "NOTIMP",  "REFUSED"};
constexpr std::uint16_t kExtendedError = 15;

/// One record, taken apart: "NAME TTL CLASS TYPE DATA".
struct Record {
    std::string owner;
    std::uint32_t ttl_s = 0;
    std::string type;
    std::string data;
};

Record record_of(const std::string& text) {
    std::array<std::string, 4> fields;
    std::size_t at = 0;
    for (std::string& field : fields) {
        const std::size_t blank = text.find(' ', at);
        field = text.substr(at, blank - at);
        at = blank == std::string::npos ? text.size() : blank + 1;
    }
    return {fields[0], static_cast<std::uint32_t>(std::stoul(fields[1])), fields[3],
            text.substr(at)};
}

std::vector<Record> records_of(const std::vector<std::string>& texts) {
    std::vector<Record> records;
    std::transform(texts.begin(), texts.end(), std::back_inserter(records), record_of);
    return records;
}

// The strings of a TXT record joined, as mail servers show them.
std::string joined_text(const std::string& data) {
    std::string text;
    bool in_quotes = false;
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (data[i] == '\\' && i + 3 < data.size() &&
            std::isdigit(static_cast<unsigned char>(data[i + 1])) != 0) {
            text.push_back(static_cast<char>(std::stoi(data.substr(i + 1, 3))));
            i += 3;
        } else if (data[i] == '\\' && i + 1 < data.size()) {
            text.push_back(data[++i]);
        } else if (data[i] == '"') {
            in_quotes = !in_quotes;
        } else if (in_quotes) {
            text.push_back(data[i]);
        }
    }
    return text;
}

std::optional<std::uint16_t> extended_error(const test::MessageText& answer) {
    const test::Bytes none;
    const test::Bytes& options = answer.opt ? answer.opt->options : none;
    for (std::size_t at = 0; at + 4 <= options.size();) {
        const unsigned code = static_cast<unsigned>(options[at] << 8 | options[at + 1]);
        const std::size_t size = static_cast<std::size_t>(options[at + 2] << 8 | options[at + 3]);
        if (code == kExtendedError && size >= 2) {
            return static_cast<std::uint16_t>(options[at + 4] << 8 | options[at + 5]);
        }
        at += 4 + size;
    }
    return std::nullopt;
}

std::string without_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return text;
}

// An SOA is one record of several words, some of which nobody can know before.
void expect_soa_data(const std::vector<std::string>& expected, const std::string& data) {
    std::istringstream fields{data};
    std::vector<std::string> actual{std::istream_iterator<std::string>{fields}, {}};
    std::transform(actual.begin(), actual.end(), actual.begin(),
                   without_case);  // names take the case of the question
    for (std::size_t i = 0; i < std::min(expected.size(), actual.size()); ++i) {
        if (expected[i] == "*") {
            actual[i] = "*";
        }
    }
    EXPECT_EQ(actual, expected);
}

void expect_data(const Exchange& exchange, const std::vector<Record>& answer) {
    const Expectation& expected = exchange.expectation;
    std::vector<std::string> data;
    for (const Record& record : answer) {
        EXPECT_EQ(without_case(record.owner), without_case(exchange.question.name) + ".");
        EXPECT_EQ(record.ttl_s, answer.front().ttl_s) << "one TTL for one name and type";
        EXPECT_TRUE(record.type == exchange.question.type || exchange.question.type == "ANY")
            << record.type;
        data.push_back(record.type == "TXT" ? joined_text(record.data) : record.data);
    }
    if (!answer.empty() && answer.front().type == "SOA") {
        expect_soa_data(expected.data, data.front());
        return;
    }
    std::vector<std::string> expected_data = expected.data;
    std::sort(expected_data.begin(), expected_data.end());
    std::sort(data.begin(), data.end());
    EXPECT_EQ(data, expected_data);
}

// NXDOMAIN and NODATA carry the zone's SOA, or resolvers do not keep them (RFC 2308).
void expect_negative(const Expectation& expected, const std::vector<Record>& authority) {
    ASSERT_EQ(authority.size(), 1U) << "a negative answer has the zone's SOA";
    EXPECT_EQ(authority.front().type, "SOA");
    if (expected.ttl_s) {
        EXPECT_EQ(authority.front().ttl_s, *expected.ttl_s);
    }
    if (expected.soa) {
        EXPECT_EQ(without_case(authority.front().owner), *expected.soa + ".");
    }
}

void expect_answer(const Exchange& exchange, const test::MessageText& answer) {
    const Expectation& expected = exchange.expectation;
    const std::vector<Record> records = records_of(answer.answer);
    const std::vector<Record> authority = records_of(answer.authority);
    EXPECT_EQ(answer.rcode < kRcodes.size() ? kRcodes[answer.rcode] : "?", expected.rcode);
    EXPECT_EQ(answer.truncated, expected.is_truncated);
    EXPECT_EQ(answer.question,
              fmt::format("{}. IN {}", exchange.question.name, exchange.question.type))
        << "the question comes back bit for bit";
    EXPECT_EQ(answer.opt.has_value(), exchange.question.edns_payload_bytes.has_value());
    if (expected.extended_error) {
        EXPECT_EQ(extended_error(answer), expected.extended_error);
    }
    const bool is_zone_answer = expected.rcode == "NOERROR" || expected.rcode == "NXDOMAIN";
    EXPECT_EQ(answer.authoritative, is_zone_answer);
    EXPECT_FALSE(answer.recursion_available);
    expect_data(exchange, records);
    if (is_zone_answer && expected.data.empty() && !expected.is_truncated) {
        expect_negative(expected, authority);
    } else {
        EXPECT_TRUE(authority.empty());
        if (expected.ttl_s && !records.empty()) {
            EXPECT_EQ(records.front().ttl_s, *expected.ttl_s);
        }
    }
}

// What others have in DNS, where a scenario speaks of it.
class OthersDns {
public:
    /// Names the nameserver in the configuration.
    explicit OthersDns(Scenario& scenario) {
        const bool is_needed = std::any_of(
            scenario.steps.begin(), scenario.steps.end(),
            [](const Step& step) { return std::holds_alternative<DnsRecord>(step.what); });
        if (is_needed) {
            nameserver_ = std::make_unique<test::Nameserver>();
            scenario.files["ostrakon.toml"] +=
                fmt::format("\n[diagnose]\nresolver = \"{}\"\n", nameserver_->endpoint());
        }
    }
    void add(const DnsRecord& record) {
        records_.push_back(record.text);
        is_behind_ = true;
    }
    /// Whoever asks now finds all of it.
    void catch_up() {
        if (std::exchange(is_behind_, false)) {
            nameserver_->serve(records_);
        }
    }

private:
    std::unique_ptr<test::Nameserver> nameserver_;
    std::vector<std::string> records_;
    bool is_behind_ = false;
};

// False: the host cannot go on.
bool play_step(const Step& step, OthersDns& others, Host& host) {
    if (const auto* command = std::get_if<Command>(&step.what)) {
        others.catch_up();
        std::string output;
        EXPECT_EQ(host.run(*command, output), command->exit_status) << output;
    } else if (const auto* wait = std::get_if<Wait>(&step.what)) {
        return host.wait(wait->length);
    } else if (const auto* record = std::get_if<DnsRecord>(&step.what)) {
        others.add(*record);
    } else {
        const auto& exchange = std::get<Exchange>(step.what);
        const auto answer = host.ask(exchange.question);
        EXPECT_TRUE(answer) << "ldns reads no answer";
        if (answer) {
            expect_answer(exchange, *answer);
        }
    }
    return true;
}

}  // namespace

test::Bytes query_bytes(const Question& question) {
    test::QuerySpec spec{.name = question.name, .type = type_number(question.type).value_or(0)};
    if (question.edns_payload_bytes) {
        spec.opt = test::OptSpec{.payload_bytes = *question.edns_payload_bytes};
    }
    return test::build_query(spec);
}

std::vector<std::filesystem::path> scenario_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".scenario") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string test_name(const std::filesystem::path& file) {
    std::string name = file.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

void play(const std::filesystem::path& file, Host& host) {
    auto scenario = parse_scenario(test::read_file(file));
    ASSERT_TRUE(scenario) << file << ": " << message(scenario.error());
    OthersDns others{*scenario};
    const auto set_up = host.set_up(scenario->files);
    ASSERT_TRUE(set_up) << file << ": " << message(set_up.error());
    for (const Step& step : scenario->steps) {
        SCOPED_TRACE(fmt::format("{}:{}: {}", file.string(), step.line, step.text));
        if (!play_step(step, others, host)) {
            GTEST_SKIP() << "from here on a clock that can be set is needed";
        }
    }
}

}  // namespace ostrakon::scenario
