#include "resolver/mixed_set.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <string_view>
#include <tuple>

namespace ostrakon::test {
namespace {

using net::Ipv4;
using net::Ipv6;
using net::Range;
using net::Uint128;

// Random numbers that are the same with every standard library.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
    template <class A>
    A inside(Range<A> range) {
        using Bits = typename A::Bits;
        const auto number = static_cast<Bits>((Uint128{engine_()} << 64) | engine_());
        const auto width = static_cast<Bits>(range.last.bits - range.first.bits);
        const Bits offset =
            width == static_cast<Bits>(~Bits{0}) ? number : static_cast<Bits>(number % (width + 1));
        return A{static_cast<Bits>(range.first.bits + offset)};
    }

private:
    std::mt19937_64 engine_;
};

template <class A>
Range<A> range_of(std::string_view text) {
    return std::get<Range<A>>(*net::parse_range(text));
}

// Where all octets are below 10, the query name is also that of a part of IPv6 space: 1.0.0.2.ZONE
// is the address 2.0.0.1, and a step on the way to 2001::1.
constexpr auto kIpv4Bans = std::to_array<std::string_view>(
    {"1.0.0.2", "2.0.0.4", "1.0.0.3", "1.1.1.1", "2.0.0.1", "4.2.0.0/15", "8.6.4.2", "9.9.9.9",
     "3.0.0.0/27", "5.5.0.0-5.6.1.9"});
// Networks to draw from. Nothing of what is protected lies in them.
constexpr auto kIpv4Spaces = std::to_array<std::string_view>(
    {"1.0.0.0/8", "2.0.0.0/8", "4.0.0.0/8", "9.0.0.0/8", "45.0.0.0/8", "192.0.2.0/24",
     "198.51.100.0/24", "203.0.113.0/24"});
constexpr auto kIpv4Lengths = std::to_array<int>({12, 15, 16, 17, 20, 23, 24, 25, 27, 28, 31, 32});

constexpr auto kIpv6Bans = std::to_array<std::string_view>(
    {"2001::1", "2001:0:1::/48", "2400:1:2:3::/64", "2400:cb00::/41", "2001:db8:5::/63",
     "2001:db8:8000::/33", "2001:db8:ffff::25", "2400:2:0:4::/127"});
constexpr auto kIpv6Spaces = std::to_array<std::string_view>(
    {"2001::/16", "2400::/12", "2001:db8::/32", "2a00::/12", "1234::/16"});
constexpr auto kIpv6Lengths =
    std::to_array<int>({29, 32, 33, 41, 44, 47, 48, 63, 64, 65, 100, 127, 128});

constexpr std::size_t kRandomBans = 60;  // of each family

template <class A>
AddressDecisions<A> draw(Random& random, const auto& fixed, const auto& spaces,
                         const auto& lengths) {
    AddressDecisions<A> result;
    for (const std::string_view text : fixed) {
        result.bans.push_back(range_of<A>(text));
    }
    for (std::size_t i = 0; i < kRandomBans; ++i) {
        const Range<A> space = range_of<A>(spaces[i % spaces.size()]);
        const int length =
            std::max(lengths[random.below(lengths.size())], *net::prefix_length(space) + 1);
        const Range<A> ban = net::prefix(random.inside(space), length);
        result.bans.push_back(ban);
        if (i % 3 == 0 && length < A::kWidth) {  // a hole, sometimes with a ban in it again
            const int room = A::kWidth - length;
            const Range<A> hole = net::prefix(
                random.inside(ban),
                length + 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(room))));
            result.exceptions.push_back(hole);
            if (i % 2 == 0 && hole.first != hole.last) {
                const A inner = random.inside(hole);
                result.bans.push_back({inner, inner});
            }
        }
    }
    std::sort(result.bans.begin(), result.bans.end());
    result.bans.erase(std::unique(result.bans.begin(), result.bans.end()), result.bans.end());
    return result;
}

std::vector<NameDecision> draw_names(Random& random) {
    std::vector<NameDecision> result{
        {"spam.example", NameForm::Tree, false},
        {"partner.spam.example", NameForm::Tree, true},
        {"bulk.partner.spam.example", NameForm::Exact, false},
        {"deep.in.a.listed.tree.spam.example", NameForm::Tree, false},
        {"one.example.com", NameForm::Exact, false},
        {"host.under.one.example.com", NameForm::Tree, false},
        {"dyn.example.net", NameForm::Below, false},
        {"mail.dyn.example.net", NameForm::Exact, true},
        {"de.example", NameForm::Tree, false},
        {"127-0-0-3.example.org", NameForm::Tree, false},
        {"a.b.c.d.e.f.example.org", NameForm::Exact, false},
        {"x-1.example", NameForm::Below, false},
    };
    constexpr std::string_view kParents[] = {"example.com", "example.net", "shop.example",
                                             "spam.example", "dyn.example.net"};
    for (int i = 0; i < 40; ++i) {
        const std::string name =
            fmt::format("{}n{}.{}", i % 3 == 0 ? "sub." : "", random.below(1000),
                        kParents[static_cast<std::size_t>(i) % std::size(kParents)]);
        result.push_back({name, static_cast<NameForm>(random.below(3)), false});
        if (i % 4 == 0) {
            result.push_back({"ok." + name, static_cast<NameForm>(random.below(3)), true});
        }
    }
    return result;
}

bool matches(const NameDecision& decision, const std::string& name) {
    const bool is_itself = name == decision.name;
    const bool is_below = name.ends_with("." + decision.name);
    switch (decision.form) {
        case NameForm::Exact:
            return is_itself;
        case NameForm::Below:
            return is_below;
        case NameForm::Tree:
            break;
    }
    return is_itself || is_below;
}

// The greater, the more specific.
std::tuple<bool, std::ptrdiff_t> rank(const NameDecision& decision) {
    return {decision.form == NameForm::Exact,
            std::count(decision.name.begin(), decision.name.end(), '.')};
}

std::string spelled(const NameDecision& decision) {
    constexpr std::string_view kPrefixes[] = {"", "=", "*."};
    return std::string(kPrefixes[static_cast<std::size_t>(decision.form)]) + decision.name;
}

std::string reversed(Ipv4 address) {
    return fmt::format("{}.{}.{}.{}", address.bits & 0xFF, (address.bits >> 8) & 0xFF,
                       (address.bits >> 16) & 0xFF, address.bits >> 24);
}

std::string reversed(Ipv6 address) {
    std::string result;
    for (int nibble = 0; nibble < 32; ++nibble) {
        result += fmt::format("{}{:x}", nibble == 0 ? "" : ".",
                              static_cast<unsigned>(address.bits >> (4 * nibble)) & 0xF);
    }
    return result;
}

// The edges of each decision, what lies just outside, and what lies anywhere.
template <class A>
std::vector<A> addresses_to_ask(Random& random, const AddressDecisions<A>& decisions,
                                const auto& spaces) {
    using Bits = typename A::Bits;
    std::vector<A> result;
    for (const auto* ranges : {&decisions.bans, &decisions.exceptions}) {
        for (const Range<A>& range : *ranges) {
            result.insert(result.end(),
                          {range.first, range.last, A{static_cast<Bits>(range.first.bits - 1)},
                           A{static_cast<Bits>(range.last.bits + 1)}, random.inside(range)});
        }
    }
    for (const std::string_view space : spaces) {
        for (int i = 0; i < 15; ++i) {
            result.push_back(random.inside(range_of<A>(space)));
        }
    }
    return result;
}

std::vector<std::string> names_to_ask(const std::vector<NameDecision>& decisions) {
    std::vector<std::string> result;
    for (const NameDecision& decision : decisions) {
        const std::string parent = decision.name.substr(decision.name.find('.') + 1);
        for (const std::string& name :
             {decision.name, "www." + decision.name, "a.b." + decision.name, "not" + decision.name,
              parent, "else." + parent}) {
            result.push_back(name);
        }
    }
    return result;
}

}  // namespace

template <class A>
bool AddressDecisions<A>::is_listed(A address) const {
    const auto size = [](Range<A> range) { return range.last.bits - range.first.bits; };
    return std::any_of(bans.begin(), bans.end(), [&](Range<A> ban) {
        return ban.contains(address) &&
               std::none_of(exceptions.begin(), exceptions.end(), [&](Range<A> exception) {
                   return exception.contains(address) && size(exception) <= size(ban);
               });
    });
}

MixedSet::MixedSet(std::uint64_t seed) : seed_(seed) {
    Random random{seed};
    ipv4_ = draw<Ipv4>(random, kIpv4Bans, kIpv4Spaces, kIpv4Lengths);
    ipv6_ = draw<Ipv6>(random, kIpv6Bans, kIpv6Spaces, kIpv6Lengths);
    names_ = draw_names(random);
}

bool MixedSet::is_listed(const std::string& name) const {
    return std::any_of(names_.begin(), names_.end(), [&](const NameDecision& ban) {
        return !ban.is_exception && matches(ban, name) &&
               std::none_of(names_.begin(), names_.end(), [&](const NameDecision& exception) {
                   return exception.is_exception && matches(exception, name) &&
                          rank(exception) >= rank(ban);
               });
    });
}

std::string MixedSet::csv() const {
    std::string result = "subject,class,reason\n";
    const auto add = [&](const std::string& subject, bool is_exception) {
        result += fmt::format("{},{},mixed\n", subject, is_exception ? "allow" : "");
    };
    const auto add_family = [&](const auto& decisions) {
        for (const auto& ban : decisions.bans) {
            add(net::to_string(ban), false);
        }
        for (const auto& exception : decisions.exceptions) {
            add(net::to_string(exception), true);
        }
    };
    add_family(ipv4_);
    add_family(ipv6_);
    for (const NameDecision& decision : names_) {
        add(spelled(decision), decision.is_exception);
    }
    return result;
}

std::vector<MixedQuestion> MixedSet::questions() const {
    Random random{seed_ + 1};
    std::map<std::string, bool> listed_by_name;
    for (const Ipv4 address : addresses_to_ask(random, ipv4_, kIpv4Spaces)) {
        listed_by_name[reversed(address)] = ipv4_.is_listed(address);
    }
    for (const Ipv6 address : addresses_to_ask(random, ipv6_, kIpv6Spaces)) {
        listed_by_name[reversed(address)] = ipv6_.is_listed(address);
    }
    for (const std::string& name : names_to_ask(names_)) {
        listed_by_name[name] = is_listed(name);
    }
    std::vector<MixedQuestion> result;
    for (const auto& [name, is_listed] : listed_by_name) {
        result.push_back({name, is_listed});
    }
    for (std::size_t i = result.size(); i > 1; --i) {
        std::swap(result[i - 1], result[random.below(i)]);
    }
    return result;
}

std::size_t MixedSet::bans() const {
    return ipv4_.bans.size() + ipv6_.bans.size() +
           static_cast<std::size_t>(
               std::count_if(names_.begin(), names_.end(),
                             [](const NameDecision& decision) { return !decision.is_exception; }));
}

std::size_t MixedSet::exceptions() const {
    return ipv4_.exceptions.size() + ipv6_.exceptions.size() + names_.size() -
           (bans() - ipv4_.bans.size() - ipv6_.bans.size());
}

}  // namespace ostrakon::test
