#include "scenario/runner/scenario.hpp"

#include <fmt/format.h>
#include <charconv>
#include <sstream>

namespace ostrakon::scenario {
namespace {

constexpr std::string_view kSectionMark = "== ";
constexpr std::string_view kStepsSection = "then";
constexpr std::string_view kPrompt = "$ ostrakon ";
constexpr std::string_view kNegativeAnswers[] = {"NXDOMAIN", "REFUSED", "SERVFAIL", "FORMERR",
                                                 "NOTIMP"};

Unexpected<Error> mistake(unsigned line, std::string why) {
    return Unexpected{Error{ErrorCode::Usage, fmt::format("line {}", line), std::move(why), ""}};
}

/// A word, and whether it stood in quotes.
struct Word {
    std::string text;
    bool is_quoted = false;
};

// Splits at blanks and before commas; "…" and '…' keep blanks, and in "…" a backslash takes the
// next character as it is.
std::optional<std::vector<Word>> split_words(std::string_view line, bool commas_apart) {
    std::vector<Word> words;
    bool in_word = false;
    char quote = '\0';
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote == '"' && c == '\\' && i + 1 < line.size()) {
            words.back().text.push_back(line[++i]);
        } else if (quote != '\0') {
            if (c == quote) {
                quote = '\0';
            } else {
                words.back().text.push_back(c);
            }
        } else if (c == ' ' || c == '\t') {
            in_word = false;
        } else if (c == ',' && commas_apart) {
            words.push_back({","});
            in_word = false;
        } else {
            if (!in_word) {
                words.emplace_back();
                in_word = true;
            }
            if (c == '"' || c == '\'') {
                quote = c;
                words.back().is_quoted = true;
            } else {
                words.back().text.push_back(c);
            }
        }
    }
    return quote == '\0' ? std::optional{words} : std::nullopt;
}

template <class N>
std::optional<N> number(std::string_view text) {
    N value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{value}
                                                                    : std::nullopt;
}

Result<Command> parse_command(std::string_view line, unsigned number_of_line) {
    const auto words = split_words(line, false);
    if (!words) {
        return mistake(number_of_line, "a quote is not closed");
    }
    Command command;
    for (const Word& word : *words) {
        command.words.push_back(word.text);
    }
    const std::size_t count = command.words.size();
    if (count >= 3 && command.words[count - 3] == "=>" && command.words[count - 2] == "exit") {
        const auto status = number<int>(command.words[count - 1]);
        if (!status) {
            return mistake(number_of_line, "behind \"=> exit\" stands a number");
        }
        command.exit_status = *status;
        command.words.resize(count - 3);
    }
    return command;
}

using Words = std::vector<Word>;

// Takes the words in front of "=".
Result<Question> parse_question(const Words& words, unsigned line) {
    if (words.size() < 2) {
        return mistake(line, "a question is TYPE NAME = ANSWER");
    }
    Question question;
    question.type = words[0].text;
    if (!type_number(question.type)) {
        return mistake(
            line, fmt::format("\"{}\" is not a record type that scenarios know", question.type));
    }
    question.name = words[1].text;
    for (std::size_t i = 2; i < words.size(); i += 2) {
        if (i + 1 == words.size()) {
            return mistake(line, fmt::format("nothing stands behind \"{}\"", words[i].text));
        }
        const std::string& option = words[i].text;
        const std::string& value = words[i + 1].text;
        if (option == "in") {
            question.name = query_name(question.name, value);
        } else if (option == "from" && net::parse_address(value)) {
            question.client = net::parse_address(value);
        } else if (option == "over" && (value == "tcp" || value == "udp")) {
            question.over_tcp = value == "tcp";
        } else if (option == "edns" && (value == "none" || number<std::uint16_t>(value))) {
            question.edns_payload_bytes = number<std::uint16_t>(value);
        } else {
            return mistake(
                line, fmt::format("\"{} {}\" is nothing that a question can have", option, value));
        }
    }
    return question;
}

Result<Expectation> parse_expectation(const Words& words, unsigned line) {
    Expectation expectation;
    std::size_t at = 0;
    for (; at < words.size() && words[at].text != ","; ++at) {
        expectation.data.push_back(words[at].text);
    }
    if (at == 1 && !words[0].is_quoted) {
        const std::string& only = words[0].text;
        const bool is_rcode = std::find(std::begin(kNegativeAnswers), std::end(kNegativeAnswers),
                                        only) != std::end(kNegativeAnswers);
        expectation.is_truncated = only == "TRUNCATED";
        if (is_rcode) {
            expectation.rcode = only;
        }
        if (is_rcode || expectation.is_truncated || only == "NODATA") {
            expectation.data.clear();
        }
    }
    for (; at < words.size(); at += 3) {
        if (at + 2 >= words.size() || words[at].text != ",") {
            return mistake(line,
                           "behind the answer stands \", ttl N\", \", soa ZONE\" or \", ede N\"");
        }
        const std::string& option = words[at + 1].text;
        const std::string& value = words[at + 2].text;
        if (option == "ttl" && number<std::uint32_t>(value)) {
            expectation.ttl_s = number<std::uint32_t>(value);
        } else if (option == "soa") {
            expectation.soa = value;
        } else if (option == "ede" && number<std::uint16_t>(value)) {
            expectation.extended_error = number<std::uint16_t>(value);
        } else {
            return mistake(
                line, fmt::format("\"{} {}\" is nothing that an answer can have", option, value));
        }
    }
    return expectation;
}

Result<Exchange> parse_exchange(std::string_view text, unsigned line) {
    const auto words = split_words(text, true);
    if (!words) {
        return mistake(line, "a quote is not closed");
    }
    const auto equals = std::find_if(words->begin(), words->end(), [](const Word& word) {
        return word.text == "=" && !word.is_quoted;
    });
    if (equals == words->end() || equals + 1 == words->end()) {
        return mistake(line, "a question has an answer behind \"=\"");
    }
    auto question = parse_question({words->begin(), equals}, line);
    if (!question) {
        return Unexpected{question.error()};
    }
    auto expectation = parse_expectation({equals + 1, words->end()}, line);
    if (!expectation) {
        return Unexpected{expectation.error()};
    }
    return Exchange{std::move(*question), std::move(*expectation)};
}

Result<Step> parse_step(const std::string& text, unsigned line) {
    Step step{line, text, {}};
    if (text.starts_with(kPrompt)) {
        auto command = parse_command(std::string_view{text}.substr(kPrompt.size()), line);
        if (!command) {
            return Unexpected{command.error()};
        }
        step.what = std::move(*command);
    } else if (text.starts_with("wait ")) {
        const auto length = parse_duration(text.substr(5));
        if (!length || length->forever) {
            return mistake(line, "behind \"wait\" stands a duration, as in \"wait 2h\"");
        }
        step.what = Wait{*length};
    } else if (text.starts_with("dns ")) {
        step.what = DnsRecord{text.substr(4)};
    } else {
        auto exchange = parse_exchange(text, line);
        if (!exchange) {
            return Unexpected{exchange.error()};
        }
        step.what = std::move(*exchange);
    }
    return step;
}

}  // namespace

std::optional<std::uint16_t> type_number(std::string_view type) {
    static const std::map<std::string, std::uint16_t, std::less<>> kTypes{
        {"A", 1},       {"NS", 2},     {"CNAME", 5},  {"SOA", 6},    {"MX", 15},
        {"TXT", 16},    {"AAAA", 28},  {"SRV", 33},   {"DS", 43},    {"NSEC", 47},
        {"DNSKEY", 48}, {"HTTPS", 65}, {"IXFR", 251}, {"AXFR", 252}, {"ANY", 255}};
    const auto found = kTypes.find(type);
    return found == kTypes.end() ? std::nullopt : std::optional{found->second};
}

std::string query_name(std::string_view subject, std::string_view zone) {
    if (const auto ipv4 = net::parse_ipv4(subject)) {
        return fmt::format("{}.{}.{}.{}.{}", ipv4->bits & 255, ipv4->bits >> 8 & 255,
                           ipv4->bits >> 16 & 255, ipv4->bits >> 24, zone);
    }
    if (const auto ipv6 = net::parse_ipv6(subject)) {
        std::string name;
        for (int shift = 0; shift < 128; shift += 4) {
            name += fmt::format("{:x}.", static_cast<unsigned>(ipv6->bits >> shift) & 0xF);
        }
        return name + std::string{zone};
    }
    return fmt::format("{}.{}", subject, zone);
}

Result<Scenario> parse_scenario(std::string_view text) {
    Scenario scenario;
    std::istringstream lines{std::string{text}};
    std::string line;
    std::string* file = nullptr;
    bool in_steps = false;
    for (unsigned number_of_line = 1; std::getline(lines, line); ++number_of_line) {
        if (line.starts_with(kSectionMark)) {
            const std::string section = line.substr(kSectionMark.size());
            in_steps = section == kStepsSection;
            file = in_steps ? nullptr : &scenario.files[section];
        } else if (file != nullptr) {
            *file += line + "\n";
        } else if (number_of_line == 1 && line.starts_with("# ")) {
            scenario.title = line.substr(2);
        } else if (line.empty() || line.starts_with('#')) {
            continue;
        } else if (!in_steps) {
            return mistake(number_of_line, "before the first \"== \" stand comments only");
        } else if (line.front() == ' ') {
            auto* const command = scenario.steps.empty()
                                      ? nullptr
                                      : std::get_if<Command>(&scenario.steps.back().what);
            if (command == nullptr) {
                return mistake(number_of_line, "indented lines belong to a command");
            }
            command->input += line.substr(line.find_first_not_of(' ')) + "\n";
        } else {
            auto step = parse_step(line, number_of_line);
            if (!step) {
                return Unexpected{step.error()};
            }
            scenario.steps.push_back(std::move(*step));
        }
    }
    if (scenario.title.empty() || scenario.files.empty() || scenario.steps.empty()) {
        return mistake(1, "a scenario has a first line \"# …\", a configuration and steps");
    }
    return scenario;
}

}  // namespace ostrakon::scenario
