// Real published maps through the real tool, and what is served of them against a look-up of its
// own.
//
// They lie in the directory that OSTRAKON_TEST_DATA names, as the lists of import_test.cpp.
#include "tool/site.hpp"

#include "ostrakon/feed/list.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <maxminddb.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::size_t kLookups = 1'000'000;
constexpr std::uint32_t kIspCode = 0x7F000004;
constexpr std::uint32_t kCountryCode = 0x7F000005;

std::string contents_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::uint32_t number_of(std::string_view text) {
    std::uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// A table of ranges, read without the program's readers.
class Table {
public:
    explicit Table(const fs::path& packed) {
        const auto text = feed::unpack("table", contents_of(packed));
        std::istringstream lines{*text};
        for (std::string line; std::getline(lines, line);) {
            const std::size_t first = line.find(',');
            const std::size_t second = line.find(',', first + 1);
            rows_.push_back({net::parse_ipv4(line.substr(0, first))->bits,
                             net::parse_ipv4(line.substr(first + 1, second - first - 1))->bits,
                             number_of(std::string_view{line}.substr(second + 1))});
        }
        std::sort(rows_.begin(), rows_.end());
    }
    std::uint32_t as_of(std::uint32_t address) const {
        const auto behind = std::upper_bound(rows_.begin(), rows_.end(),
                                             std::array<std::uint32_t, 3>{address, UINT32_MAX, 0});
        if (behind == rows_.begin() || (*(behind - 1))[1] < address) {
            return 0;
        }
        return (*(behind - 1))[2];
    }
    std::uint32_t some_end(std::mt19937& random) const {
        const auto& row = rows_[random() % rows_.size()];
        return row[random() % 2] + static_cast<std::uint32_t>(random() % 3) - 1;
    }

private:
    std::vector<std::array<std::uint32_t, 3>> rows_;
};

// The country of an address, as libmaxminddb looks it up.
class Countries {
public:
    explicit Countries(const fs::path& file) {
        EXPECT_EQ(MMDB_open(file.c_str(), MMDB_MODE_MMAP, &mmdb_), MMDB_SUCCESS);
    }
    Countries(const Countries&) = delete;
    Countries& operator=(const Countries&) = delete;
    ~Countries() { MMDB_close(&mmdb_); }

    std::string of(std::uint32_t address) const {
        sockaddr_in socket{};
        socket.sin_family = AF_INET;
        socket.sin_addr.s_addr = htonl(address);
        int error = 0;
        auto found =
            MMDB_lookup_sockaddr(&mmdb_, reinterpret_cast<const sockaddr*>(&socket), &error);
        MMDB_entry_data_s data{};
        if (error != MMDB_SUCCESS || !found.found_entry ||
            MMDB_get_value(&found.entry, &data, "country_code", nullptr) != MMDB_SUCCESS ||
            !data.has_data) {
            return "";
        }
        return {data.utf8_string, data.data_size};
    }

private:
    MMDB_s mmdb_{};
};

class RealMap : public ::testing::Test {
protected:
    void SetUp() override {
        const char* const directory = std::getenv("OSTRAKON_TEST_DATA");
        if (directory == nullptr || *directory == '\0') {
            GTEST_SKIP() << "OSTRAKON_TEST_DATA names no directory with real maps";
        }
        data_ = directory;
    }
    // How long it took, in seconds.
    double take(const Site& site, const std::vector<std::string>& words) const {
        const auto start = std::chrono::steady_clock::now();
        const Answer answer = site(words);
        const std::chrono::duration<double> length = std::chrono::steady_clock::now() - start;
        EXPECT_EQ(answer.status, 0) << answer.errors;
        fmt::print("{:<60} {:.2f} s\n{}", words[0] + " " + words[1], length.count(),
                   answer.output.substr(0, 400));
        return length.count();
    }
    fs::path data_;
};

TEST_F(RealMap, IsWhatIsServedOfBannedAsAndCountries) {
    const Site site;
    take(site, {"import", (data_ / "asn/asn-ipv4.csv.gz").string(), "--source", "routes"});
    take(site, {"import", (data_ / "geo/iptoasn-country-ipv4.mmdb").string(), "--source", "geo"});
    const fs::path list = data_ / "asn/x4b-vpn-asn.txt";
    const std::array<std::string, 5> countries{"BR", "CN", "IN", "RU", "US"};
    std::string all = contents_of(list);
    std::set<std::uint32_t> banned;
    std::istringstream lines{all};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("AS")) {
            banned.insert(number_of(line.substr(2)));
        }
    }
    ASSERT_FALSE(banned.empty());
    for (const std::string& country : countries) {
        all += "\ncountry:" + country;
    }
    const fs::path bans = site.write("bans.txt", all);
    take(site, {"import", bans.string(), "--reason", "listed", "--yes"});
    take(site, {"check", "--quiet"});

    auto environment = store::Environment::open(
        {.directory = site.database(), .access = store::Access::ReadOnly, .size_bytes = {}});
    ASSERT_TRUE(environment) << message(environment.error());
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones.push_back(config::default_zone());
    verdict::Judge judge{*environment, rulebook};
    ASSERT_TRUE(judge.renew());
    const Table table{data_ / "asn/asn-ipv4.csv.gz"};
    const Countries geo{data_ / "geo/iptoasn-country-ipv4.mmdb"};
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    fmt::print("seed {}\n", seed);
    std::size_t listed = 0;
    for (std::size_t i = 0; i < kLookups; ++i) {
        const std::uint32_t address =
            i % 4 == 0 ? table.some_end(random) : static_cast<std::uint32_t>(random());
        std::set<std::uint32_t> expected;
        if (banned.contains(table.as_of(address))) {
            expected.insert(kIspCode);
        }
        if (std::find(countries.begin(), countries.end(), geo.of(address)) != countries.end()) {
            expected.insert(kCountryCode);
        }
        const verdict::Verdict& verdict = judge.judge(0, net::Ipv4{address}, now());
        std::set<std::uint32_t> found;
        for (std::size_t code = 0; code < verdict.code_count; ++code) {
            found.insert(verdict.codes[code].bits);
        }
        ASSERT_EQ(found, expected) << net::to_string(net::Ipv4{address}) << ", seed " << seed;
        listed += found.empty() ? 0 : 1;
    }
    fmt::print("{} addresses asked, {} listed\n", kLookups, listed);
    EXPECT_GT(listed, kLookups / 10);
}

TEST_F(RealMap, OfARegistryIsTakenWholeOrNot) {
    for (const char* file :
         {"rir/delegated-afrinic-2014", "rir/delegated-afrinic-extended-20230323",
          "rir/delegated-lacnic-extended-20230323.gz"}) {
        SCOPED_TRACE(file);
        const Site site;
        take(site, {"import", (data_ / file).string(), "--source", "registry"});
        take(site, {"ban", "country:ZA", "country:BR", "--reason", "x", "--yes"});
        EXPECT_EQ(site({"check"}).status, 0);
        const auto text = feed::unpack("file", contents_of(data_ / file));
        const std::size_t within_a_line = text->size() * 9 / 10;
        const std::size_t behind_a_line = text->find('\n', within_a_line) + 1;
        for (const auto& [size, why] : {std::pair{within_a_line, "ends within a line"},
                                        std::pair{behind_a_line, "its first line says"}}) {
            const fs::path cut = site.write("cut", text->substr(0, size));
            const Answer answer = site({"import", cut.string(), "--source", "registry"});
            EXPECT_EQ(answer.status, 2);
            EXPECT_THAT(answer.errors, HasSubstr(why));
        }
    }
}

TEST_F(RealMap, OfAnyKindIsTakenOrExplained) {
    std::vector<fs::path> files{data_ / "asn/ip2asn-v4-excerpt.tsv",
                                data_ / "geo/geo-whois-asn-country-ipv4.csv.gz"};
    for (const char* directory : {"geo/mmdb-test", "geo/mmdb-bad"}) {
        for (const fs::directory_entry& entry : fs::directory_iterator{data_ / directory}) {
            if (entry.path().extension() == ".mmdb") {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    std::size_t taken = 0;
    for (const fs::path& file : files) {
        SCOPED_TRACE(file);
        const Site site;
        const Answer answer = site({"import", file.string(), "--source", "map"});
        if (answer.status == 0) {
            ++taken;
            fmt::print("{}: {}", file.filename().string(), answer.output);
            EXPECT_EQ(site({"ban", "AS1221", "country:GB", "--reason", "x", "--yes"}).status, 0);
            EXPECT_EQ(site({"check"}).status, 0);
            continue;
        }
        EXPECT_EQ(answer.status, 2) << answer.errors;
        EXPECT_EQ(answer.output, "");
        EXPECT_THAT(answer.errors, HasSubstr(file.filename().string()));
        fmt::print("{}", answer.errors);
    }
    EXPECT_GE(taken, 5U);
}

}  // namespace
}  // namespace ostrakon::test
