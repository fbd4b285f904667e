#include "live/mixed_changes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ostrakon::test {
namespace {

constexpr unsigned kPlaces = 50;  // of each sort of subject
constexpr std::int64_t kShortLife = 2;
constexpr unsigned kFirstExtra = 100;  // in the feed, behind what stays
constexpr unsigned kExtras = 100;

const std::string kZone = std::string(".") + kMixedZone;

std::string ipv4_name(const std::string& address) {
    std::string name;
    for (std::size_t end = address.size(); end != std::string::npos;) {
        const std::size_t dot = end == 0 ? std::string::npos : address.rfind('.', end - 1);
        const std::size_t from = dot == std::string::npos ? 0 : dot + 1;
        name += address.substr(from, end - from) + (from == 0 ? "" : ".");
        end = dot;
    }
    return name + kZone;
}

// The address ::1 in 2001:db8:PLACE:SUBNET::/64.
std::string ipv6_name(unsigned place, unsigned subnet) {
    const std::string nibbles = fmt::format("20010db8{:04x}{:04x}{:016x}", place, subnet, 1);
    std::string name;
    for (auto nibble = nibbles.rbegin(); nibble != nibbles.rend(); ++nibble) {
        name += *nibble;
        name += nibble + 1 == nibbles.rend() ? "" : ".";
    }
    return name + kZone;
}

}  // namespace

std::string fault_of(const Reply& reply, const Expected& expected) {
    const bool has_code =
        std::find(reply.data.begin(), reply.data.end(), expected.code) != reply.data.end();
    const bool is_right =
        expected.code.empty()
            ? reply.data.empty() && (reply.rcode == "NXDOMAIN" || reply.rcode == "NOERROR")
            : reply.rcode == "NOERROR" && has_code;
    return is_right ? ""
                    : fmt::format("{} should be {}: {}, {} records", expected.name,
                                  expected.code.empty() ? "unlisted" : expected.code, reply.rcode,
                                  reply.data.size());
}

std::vector<Expected> what_stays() {
    std::vector<Expected> all;
    for (unsigned i = 0; i < kPlaces; ++i) {
        all.push_back({ipv4_name(fmt::format("198.18.{}.7", i)), "127.0.0.2"});
        all.push_back({ipv4_name(fmt::format("198.18.{}.8", i)), ""});
        all.push_back({ipv4_name(fmt::format("198.19.{}.7", i)), "127.0.0.2"});
        all.push_back({ipv6_name(i, 0), "127.0.0.2"});
        all.push_back({ipv6_name(i, 1), ""});
        all.push_back({fmt::format("mx.stays-{}.example.net{}", i, kZone), "127.0.1.2"});
        all.push_back({fmt::format("mx.clean-{}.example.net{}", i, kZone), ""});
        all.push_back({ipv4_name(fmt::format("203.0.113.{}", i)), "127.0.0.3"});
    }
    return all;
}

std::vector<std::vector<std::string>> commands_for_what_stays() {
    std::vector<std::vector<std::string>> commands;
    for (unsigned i = 0; i < kPlaces; ++i) {
        commands.push_back({"ban", fmt::format("198.18.{}.7", i), fmt::format("198.19.{}.7", i),
                            fmt::format("2001:db8:{:x}::/64", i),
                            fmt::format("stays-{}.example.net", i), "--reason", "stays"});
    }
    return commands;
}

Changes::Changes(unsigned seed) : random_(seed), feed_extra_(kFirstExtra) {}

Change Changes::next(UnixTime at) {
    if (!short_lived_.empty() && short_lived_.front().second < at) {
        const Expected gone{short_lived_.front().first, ""};
        short_lived_.pop_front();
        return {{.words = {"expire"}, .input = {}}, {gone}};
    }
    const auto place = static_cast<unsigned>(random_() % kPlaces);
    switch (random_() % 7) {
        case 0:  // a neighbour in the same bucket
            return toggle({fmt::format("198.18.{}.9", place)},
                          {ipv4_name(fmt::format("198.18.{}.9", place)), "127.0.0.2"});
        case 1:  // a range around what stays
            return toggle({fmt::format("198.19.{}.0/24", place), "--class", "isp"},
                          {ipv4_name(fmt::format("198.19.{}.200", place)), "127.0.0.4"});
        case 2:
            return toggle({fmt::format("2001:db8:{:x}:2::/64", place)},
                          {ipv6_name(place, 2), "127.0.0.2"});
        case 3:
            return toggle({fmt::format("moves-{}.example.net", place)},
                          {fmt::format("a.moves-{}.example.net{}", place, kZone), "127.0.1.2"});
        case 4:  // a name below what stays
            return toggle({fmt::format("mx.stays-{}.example.net", place), "--class", "isp"},
                          {fmt::format("mx.stays-{}.example.net{}", place, kZone), "127.0.0.4"},
                          "127.0.1.2");
        case 5:
            return short_ban(at);
        default:
            return replace_feed();
    }
}

Change Changes::replace_feed() {
    const unsigned before = feed_extra_;
    // Never the same again: that would be no change.
    feed_extra_ =
        kFirstExtra +
        (before - kFirstExtra + 1 + static_cast<unsigned>(random_() % (kExtras - 1))) % kExtras;
    std::string list;
    for (unsigned i = 0; i < kPlaces; ++i) {
        list += fmt::format("203.0.113.{}\n", i);
    }
    list += fmt::format("203.0.113.{}\n", feed_extra_);
    Change change{
        {.words = {"import", "-", "--format", "plain", "--source", "sample", "--replace", "--yes"},
         .input = list},
        {{ipv4_name(fmt::format("203.0.113.{}", feed_extra_)), "127.0.0.3"}}};
    change.expected.push_back({ipv4_name(fmt::format("203.0.113.{}", before)), ""});
    return change;
}

// Bans what is not banned, and lifts what is; `otherwise` answers then.
Change Changes::toggle(std::vector<std::string> ban, Expected banned,
                       const std::string& otherwise) {
    const std::string subject = ban.front();
    const bool is_ban = std::erase(banned_, subject) == 0;
    if (!is_ban) {
        std::vector<std::string> words{"unban", subject, "--reason", "fine"};
        if (ban.size() > 1) {
            words.insert(words.end(), ban.begin() + 1, ban.end());
        }
        return {{.words = words, .input = {}}, {{banned.name, otherwise}}};
    }
    banned_.push_back(subject);
    ban.insert(ban.begin(), "ban");
    ban.insert(ban.end(), {"--reason", "comes and goes"});
    return {{.words = ban, .input = {}}, {banned}};
}

// One that ends by itself; no two of them on one address.
Change Changes::short_ban(UnixTime at) {
    const unsigned number = short_bans_++;
    const std::string address = fmt::format("198.51.{}.{}", 100 + number / 256 % 100, number % 256);
    const UnixTime until{at.seconds + kShortLife};
    // An answer may come a moment later: what has ended by then need not be there any more.
    short_lived_.emplace_back(ipv4_name(address), until);
    return {
        {.words = {"ban", address, "--until", to_string(until), "--reason", "short"}, .input = {}},
        {}};
}

}  // namespace ostrakon::test
