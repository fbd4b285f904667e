// Debian's rbldnsd and ostrakond with the same files: every question has the same A and TXT.
//
// Differences that are meant, and how the test keeps clear of them:
// - rbldnsd leaves a \r at the end of a line in the text, or takes the address for invalid: the file
//   it gets has none.
// - An expiry after 2038 is not understood by rbldnsd: those that are written are not over.
// - After its expiry rbldnsd answers SERVFAIL for the whole zone, here the entries end: no file has
//   expired. A stamp in the future is an error in both.
// - 6to4 addresses are looked up as IPv4 by rbldnsd: nobody asks for them.
// - Names whose last label is a number or one hex digit, and octets with leading zeros in
//   questions, are parts of addresses here: no file has them, nobody asks for them.
// - 127.0.0.1 and "invalid" are never listed here, 127.0.0.2 and "test" always: nobody asks.
// - ::ffff:0:0/96 is IPv4 here in every zone, in rbldnsd only where a data set is of IPv4: asked
//   only there.
// - Codes outside 127.0.0.0/8, 127.0.0.1 and 127.255.255.0/24 can be no answers here: not written.
// - Control characters in texts become blanks here: tabs are compared as such. Texts of more than
//   254 bytes go out whole here: the comparison ends where rbldnsd cuts.
// - A generic data set lists nothing here: its names are not asked for.
// - Empty non-terminals are NODATA here, NXDOMAIN in rbldnsd: only what is listed is compared.
#include "rbldnsd/entries.hpp"
#include "rbldnsd/list_file.hpp"
#include "rbldnsd/servers.hpp"
#include "support/gzip.hpp"
#include "support/live_site.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <iostream>
#include <random>

namespace ostrakon::rbldnsd {
namespace {

using test::gzip;

constexpr std::string_view kParent = "lists.example.org";
constexpr int kFilesOfType = 30;  // of each of seven types: more than 200 a run
constexpr int kDifferencesShown = 5;

// OSTRAKON_RBLDNSD_SEED repeats a run, OSTRAKON_RBLDNSD_FILES makes it longer.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string with_carriage_returns(const std::string& text) {
    std::string result;
    for (const char c : text) {
        result += c == '\n' ? "\r\n" : std::string{c};
    }
    return result;
}

// A zone for each file in both servers, and one for each sub-zone in ostrakond.
class Comparison : public testing::Test {
protected:
    Comparison() : site_({.server = "udp_payload = 4096", .more = "[protect]\nnever = []"}) {
        namespace fs = std::filesystem;
        fs::permissions(lists_.path(), fs::perms::owner_all | fs::perms::group_all |
                                           fs::perms::others_read | fs::perms::others_exec);
    }

    // Takes a file into both; false where it has too few valid lines to be a list.
    bool add(property::Random& random, const ListFile& file) {
        const std::string number = std::to_string(files_.size());
        const bool is_packed = random.chance(10);
        const std::string ours = random.chance(10) ? with_carriage_returns(file.text) : file.text;
        const auto path = site_.directory() / ("list" + number);
        site_.write("list" + number, is_packed ? gzip(ours) : ours);
        const auto imported =
            test::run({test::program("ostrakon"), "--config", site_.configuration(), "import", path,
                       "--format", "rbldnsd:" + file.type, "--source", "f" + number});
        if (imported.status == 2 &&
            (imported.errors.find("no valid entries") != std::string::npos ||
             imported.errors.find("nothing in it") != std::string::npos)) {
            return false;
        }
        EXPECT_EQ(imported.status, 0) << imported.errors << file.text;
        lists_.write("list" + number, is_packed ? gzip(file.text) : file.text);
        const std::string origin = fmt::format("z{}.{}", number, kParent);
        zones_.push_back(fmt::format("{}:{}:list{}", origin, file.type, number));
        for (const ZoneQuestions& zone : file.zones) {
            const std::string source = fmt::format(
                "f{}{}", number,
                file.type != "combined" ? "" : "/" + (zone.sub_zone.empty() ? "@" : zone.sub_zone));
            site_.write_zone(
                zone.sub_zone.empty() ? origin : zone.sub_zone + "." + origin,
                fmt::format(
                    "sources = [\"{}\"]\nclasses = [\"*\"]\n[text]\n\"*\" = \"{{reason}}\"\n"
                    "upstream = \"{{reason}}\"\n",
                    source));
        }
        files_.push_back(file);
        return true;
    }

    void ask() {
        std::vector<Question> questions;
        std::vector<std::size_t> file_of;
        for (std::size_t i = 0; i < files_.size(); ++i) {
            for (const ZoneQuestions& zone : files_[i].zones) {
                const std::string origin = fmt::format(
                    "{}{}z{}.{}", zone.sub_zone, zone.sub_zone.empty() ? "" : ".", i, kParent);
                for (const std::string& name : zone.names) {
                    for (const bool wants_text : {false, true}) {
                        questions.push_back({name + "." + origin, wants_text});
                        file_of.push_back(i);
                    }
                }
            }
        }
        const Rbldnsd theirs{lists_.path(), zones_};
        test::LiveServer ours{site_};
        compare(questions, file_of, ask_all(theirs.address(), questions),
                ask_all(ours.address(), questions));
    }

    void compare(const std::vector<Question>& questions, const std::vector<std::size_t>& file_of,
                 const std::vector<Answer>& theirs, const std::vector<Answer>& ours) {
        std::size_t listed = 0;
        int differences = 0;
        for (std::size_t i = 0; i < questions.size(); ++i) {
            listed += theirs[i].data.empty() ? 0 : 1;
            const bool agree = theirs[i].is_there && theirs[i] == ours[i];
            if (!agree && ++differences <= kDifferencesShown) {
                const ListFile& file = files_[file_of[i]];
                ADD_FAILURE() << questions[i].name << (questions[i].wants_text ? " TXT" : " A")
                              << fmt::format("\nrbldnsd: {} {}\nostrakond: {} {}\n",
                                             theirs[i].is_there, theirs[i].data, ours[i].is_there,
                                             ours[i].data)
                              << file.type << ":\n"
                              << file.text;
            }
        }
        EXPECT_EQ(differences, 0) << "of " << questions.size() << " questions";
        EXPECT_GT(listed, questions.size() / 10) << "hardly anything is listed";
        std::cout << fmt::format("{} files, {} questions, {} of them listed\n", files_.size(),
                                 questions.size(), listed);
    }

    test::TemporaryDirectory lists_;
    test::LiveSite site_;
    std::vector<ListFile> files_;
    std::vector<std::string> zones_;
};

TEST_F(Comparison, FindsTheSameInRandomFilesOfEveryType) {
    const std::uint64_t seed = from_environment("OSTRAKON_RBLDNSD_SEED", std::random_device{}());
    std::cout << fmt::format("seed {}\n", seed);
    SCOPED_TRACE(fmt::format("OSTRAKON_RBLDNSD_SEED={}", seed));
    property::Random random{seed};
    const auto count = from_environment("OSTRAKON_RBLDNSD_FILES", kFilesOfType);
    for (const std::string& type : kTypes) {
        for (std::uint64_t i = 0; i < count && !HasFailure();) {
            i += add(random, write_file(random, type)) ? 1 : 0;
        }
    }
    ASSERT_FALSE(HasFailure());
    ask();
}

}  // namespace
}  // namespace ostrakon::rbldnsd
