// How well the shipped rules of dynamic-names tell lines from servers: measured on names of mail
// headers of 2002 to 2005, and on a list of 1,528 naming patterns of providers, fqrdns.pcre.
//
// They lie in the directory that OSTRAKON_TEST_DATA names. The list tells "Dynamic" names from
// "Generic" ones, which only have an address in them.
#include "name_maker.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/pattern/name_rules.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <re2/re2.h>
#include <re2/set.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kSeed = 20151116;

std::string contents_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

struct KnownPattern {
    std::string regex;
    bool is_dynamic = false;  // not only generic
};

std::vector<KnownPattern> read_patterns(const fs::path& file) {
    std::vector<KnownPattern> patterns;
    std::ifstream lines{file};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t end = line.find("/\tREJECT\t");
        if (line.starts_with('/') && end != std::string::npos) {
            patterns.push_back(
                {line.substr(1, end - 1), line.find("REJECT\tDynamic", end) != std::string::npos});
        }
    }
    return patterns;
}

std::set<std::string> read_names(const fs::path& file) {
    std::set<std::string> names;
    std::ifstream lines{file};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t tab = line.find('\t');
        const auto name = dns::parse_name(line.substr(tab + 1));
        if (!line.starts_with('#') && tab != std::string::npos && name) {
            names.insert(dns::to_string(*name));
        }
    }
    return names;
}

re2::RE2::Options ignoring_case() {
    re2::RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(std::int64_t{256} << 20);
    return options;
}

// What a mail server is called, by its first labels.
bool is_mail_server(const std::string& name) {
    static const re2::RE2 called{
        R"((^|[-.0-9])(mail|smtp|mx|relay|mta|mout|mailout|mailhost|mailer|mailgate|exim|postfix|out)[a-z]{0,4}[-0-9]*[-.])"};
    return re2::RE2::PartialMatch(name, called);
}

struct Share {
    std::size_t part = 0, whole = 0;
    void count(bool is_part) {
        ++whole;
        part += is_part ? 1 : 0;
    }
    double percent() const { return whole == 0 ? 0 : 100.0 * double(part) / double(whole); }
    std::string text() const { return fmt::format("{:5.1f} % ({} of {})", percent(), part, whole); }
};

class DynamicNames : public testing::Test {
protected:
    void SetUp() override {
        const char* data = std::getenv("OSTRAKON_TEST_DATA");
        if (data == nullptr || !fs::exists(fs::path{data} / "rdns")) {
            GTEST_SKIP() << "OSTRAKON_TEST_DATA names no directory with rdns";
        }
        directory_ = fs::path{data} / "rdns";
        patterns_ = read_patterns(directory_ / "fqrdns.pcre");
        for (const KnownPattern& pattern : patterns_) {
            known_.Add(pattern.regex, nullptr);  // one of them is broken
        }
        ASSERT_TRUE(known_.Compile());
        const auto rules =
            pattern::parse_name_rules(contents_of(OSTRAKON_DYNAMIC_NAMES), OSTRAKON_DYNAMIC_NAMES);
        ASSERT_TRUE(rules);
        auto compiled = pattern::NameClassifier::compile(std::make_shared<pattern::NameRules>(*rules));
        ASSERT_TRUE(compiled);
        classifier_ = std::move(*compiled);
    }
    bool is_known(const std::string& name) const { return known_.Match(name, nullptr); }
    bool is_found(const std::string& name) const {
        return classifier_.classify(name) == pattern::MatchResult::Some;
    }

    fs::path directory_;
    std::vector<KnownPattern> patterns_;
    re2::RE2::Set known_{ignoring_case(), re2::RE2::UNANCHORED};
    pattern::NameClassifier classifier_;
};

TEST_F(DynamicNames, OfMailHeadersAreFoundAndMailServersAreNot) {
    Share recall, precision, mail_servers;
    for (const std::string& name : read_names(directory_ / "received-pairs.tsv")) {
        const bool found = is_found(name);
        const bool known = is_known(name);
        if (known) {
            recall.count(found);
        }
        if (found) {
            precision.count(known);
        }
        if (is_mail_server(name)) {
            mail_servers.count(found);
            EXPECT_FALSE(found && known) << name;
        }
    }
    fmt::print(
        "names of mail headers that fqrdns.pcre calls generic, found: {}\n"
        "of those found, called so by fqrdns.pcre (which knows few providers): {}\n"
        "names of mail servers found: {}\n",
        recall.text(), precision.text(), mail_servers.text());
    ASSERT_GT(recall.whole, 50U);
    ASSERT_GT(mail_servers.whole, 100U);
    EXPECT_GE(recall.percent(), 90);
    EXPECT_LE(mail_servers.percent(), 0.5);
}

// A name for each pattern of the list. What it calls generic has an address in it and often nothing
// that says what line that is: that is found only where the name has a word of customers.
TEST_F(DynamicNames, OfTheListsPatternsAreFoundWhereTheySayDynamic) {
    fmt::print("seed {}\n", kSeed);
    NameMaker maker{kSeed};
    Share dynamic, generic;
    for (const KnownPattern& pattern : patterns_) {
        std::string made = maker.name_for(pattern.regex);
        made = (pattern.regex.starts_with('^') ? "" : "203-0-113-7") + made;
        const auto name = dns::parse_name(made);
        if (!name || !is_known(dns::to_string(*name))) {
            continue;
        }
        (pattern.is_dynamic ? dynamic : generic).count(is_found(dns::to_string(*name)));
    }
    fmt::print(
        "a name for each pattern that fqrdns.pcre calls dynamic, found: {}\n"
        "a name for each that it calls generic, found: {}\n",
        dynamic.text(), generic.text());
    ASSERT_GT(dynamic.whole, 200U);
    ASSERT_GT(generic.whole, 900U);
    EXPECT_GE(dynamic.percent(), 90);
}

}  // namespace
}  // namespace ostrakon::test
