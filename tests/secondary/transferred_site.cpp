#include "secondary/transferred_site.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <stdexcept>

namespace ostrakon::test {
namespace {

// Where octets of one digit alone are names of IPv6 space, too.
constexpr std::array<const char*, 3> kOctetsOfSite{"192.0.2", "2.0.0", "198.51.100"};
constexpr std::array<std::uint32_t, 8> kLastOctets{0, 1, 7, 8, 9, 10, 127, 255};
constexpr std::array<const char*, 5> kLabels{"a", "b", "mail", "x-1", "zz"};
constexpr std::size_t kLinesOfFeed = 12;

template <class Values>
const auto& pick(const Values& values, std::uint32_t number) {
    return values[number % values.size()];
}

std::string reversed(const std::string& dotted) {
    std::string name;
    for (std::size_t end = dotted.size(); end != 0;) {
        const std::size_t dot = dotted.rfind('.', end - 1);
        const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
        name += (name.empty() ? "" : ".") + dotted.substr(begin, end - begin);
        end = dot == std::string::npos ? 0 : dot;
    }
    return name;
}

}  // namespace

std::string RandomChanges::some_address() {
    const std::uint32_t last = below(2) == 0 ? pick(kLastOctets, below(8)) : below(256);
    return fmt::format("{}.{}", pick(kOctetsOfSite, below(3)), last);
}

std::string RandomChanges::some_prefix() {
    const std::uint32_t length = 20 + below(12);
    const std::uint32_t host = 32 - length;
    const std::uint32_t third = host > 8 ? 0 : pick(kLastOctets, below(8));
    const std::uint32_t last = host >= 8 ? 0 : below(256) >> host << host;
    return fmt::format("{}.{}.{}/{}", below(2) == 0 ? "203.0" : "3.4", third, last, length);
}

std::string RandomChanges::some_ipv6() {
    return fmt::format("2001:db8:{:x}::/{}", below(4), 48 + 4 * below(5));
}

std::string RandomChanges::some_name() {
    std::string name = "example.com";
    for (std::uint32_t labels = below(4); labels > 0; --labels) {
        name = fmt::format("{}.{}", pick(kLabels, below(5)), name);
    }
    return name;
}

std::string RandomChanges::some_subject() {
    switch (below(8)) {
        case 0:
        case 1:
            return some_address();
        case 2:
            return some_prefix();
        case 3:
            return fmt::format("192.0.2.{}-192.0.2.{}", below(100), 100 + below(150));
        case 4:
            return some_ipv6();
        case 5:
            return "=" + some_name();
        case 6:
            return fmt::format("user{}@example.com", below(5));
        default:
            return some_name();
    }
}

void RandomChanges::run_tool(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{program("ostrakon").string(), "--config",
                                     site_.configuration().string(), "--quiet", "--yes"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run(command);
    if (result.status != 0) {
        throw std::runtime_error(fmt::format("{}: {}", fmt::join(arguments, " "), result.errors));
    }
}

std::string RandomChanges::import_feed() {
    std::string lines = "subject,class,reason\n";
    for (std::size_t i = 0; i < kLinesOfFeed; ++i) {
        const bool is_exception = below(5) == 0;
        lines += fmt::format("{},{},feed {}\n", below(2) == 0 ? some_address() : some_prefix(),
                             is_exception ? "allow" : "upstream", below(3));
    }
    site_.write("feed.csv", lines);
    run_tool({"import", (site_.directory() / "feed.csv").string(), "--format", "csv", "--source",
              "feed", "--replace"});
    return "import\n" + lines;
}

std::string RandomChanges::make_one() {
    ++number_;
    const std::uint32_t what = below(10);
    if (what == 0) {
        return import_feed();
    }
    if (what <= 2 && !banned_.empty()) {
        const std::size_t at = below(static_cast<std::uint32_t>(banned_.size()));
        const std::string subject = banned_[at];
        banned_.erase(banned_.begin() + static_cast<std::ptrdiff_t>(at));
        run_tool({"unban", subject, "--reason", "over", "--evidence", "seen", "--override"});
        return "unban " + subject;
    }
    const std::string verb = what <= 4 ? "allow" : "ban";
    const std::string subject = some_subject();
    std::vector<std::string> command{verb, subject, "--reason", fmt::format("reason {}", below(4)),
                                     "--exact"};
    if (verb == "ban") {
        command.emplace_back("--override");
    }
    run_tool(command);
    if (std::find(banned_.begin(), banned_.end(), subject) == banned_.end()) {
        banned_.push_back(subject);
    }
    return verb + " " + subject;
}

ZoneQuestion RandomChanges::question_of_ipv4() {
    std::string address = some_address();
    if (below(3) == 0) {
        address = fmt::format("{}.{}.{}", below(2) == 0 ? "203.0" : "3.4",
                              pick(kLastOctets, below(8)), pick(kLastOctets, below(8)));
    }
    const bool is_of_digits = std::none_of(address.begin(), address.end(), [&](const char& c) {
        return c != '.' && &c != &address.front() && *(&c - 1) != '.';
    });
    std::string name = reversed(address);
    const std::uint32_t cut = below(12);
    for (std::uint32_t i = 0; cut < 3 && i <= cut; ++i) {
        name = name.substr(name.find('.') + 1);
    }
    return {name, cut >= 3, is_of_digits};
}

ZoneQuestion RandomChanges::question_of_ipv6() {
    std::string nibbles = fmt::format("20010db8000{:x}", below(4));
    while (nibbles.size() < 32) {
        nibbles += below(2) == 0 ? '0' : "0123456789abcdef"[below(16)];
    }
    std::string name;
    const std::size_t length = below(6) == 0 ? 8 + below(24) : 32;
    for (std::size_t i = length; i > 0; --i) {
        name += (name.empty() ? "" : ".") + nibbles.substr(i - 1, 1);
    }
    return {name, length == 32, false};
}

ZoneQuestion RandomChanges::question_of_name() {
    std::string name = some_name();
    if (below(3) == 0) {
        name = fmt::format("q{}.{}", below(100), name);
    }
    return {name, true, false};
}

std::vector<ZoneQuestion> RandomChanges::questions(std::size_t count) {
    std::vector<ZoneQuestion> all{{"2.0.0.127", true, false}, {"1.0.0.127", true, false},
                                  {"test", true, false},      {"invalid", true, false},
                                  {"com", true, false},       {"example.net", true, false}};
    while (all.size() < count) {
        const std::uint32_t kind = below(4);
        all.push_back(kind == 0   ? question_of_ipv6()
                      : kind == 1 ? question_of_name()
                                  : question_of_ipv4());
    }
    return all;
}

}  // namespace ostrakon::test
