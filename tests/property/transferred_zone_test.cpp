// What a plain secondary answers from the records of a zone is what the primary answers: random
// worlds, loaded into a model of an authoritative server, asked at every edge.
//
// OSTRAKON_PROPERTY_SEED chooses the worlds.
#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/responder/respond.hpp"
#include "ostrakon/transfer/zone_records.hpp"
#include "support/answer_bytes.hpp"
#include "support/authority_model.hpp"
#include "support/query_builder.hpp"
#include "whole_zones.hpp"
#include "worlds.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ostrakon::property {
namespace {

using test::AuthorityModel;
using test::ModelAnswer;

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kTxt = 16;
constexpr std::size_t kPlacesMax = 300;
constexpr unsigned kNoError = 0;
constexpr unsigned kNxDomain = 3;

// What stands in a place of a query: equal on both sides, or only bounded.
enum class Place : std::uint8_t { WholeAddress, Name, Between, Nowhere };

std::string label(std::string_view text) {
    return static_cast<char>(text.size()) + std::string{text};
}

std::string owner_of(const Query& query) {
    std::string owner;
    if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
        for (int shift = 0; shift < 32; shift += 8) {
            owner += label(std::to_string(v4->bits >> shift & 255));
        }
    } else if (const auto* v6 = std::get_if<net::Ipv6>(&query)) {
        for (int shift = 0; shift < 128; shift += 4) {
            owner += label(fmt::format("{:x}", static_cast<unsigned>(v6->bits >> shift) & 15U));
        }
    } else {
        const std::string_view wire = std::get<dns::Name>(query).wire();
        owner = wire.substr(0, wire.size() - 1);
    }
    return owner;
}

std::string spelled(std::string_view owner) {
    std::string text;
    for (dns::Labels labels{owner}; !labels.empty();) {
        text += labels.pop_front();
        text += labels.empty() ? "" : ".";
    }
    return text;
}

Place place_of(std::string_view owner) {
    std::size_t count = 0;
    std::string_view last;
    for (dns::Labels labels{owner}; !labels.empty(); ++count) {
        last = labels.pop_front();
    }
    const dns::Labels labels{owner};
    if (!dns::is_address_label(last)) {
        return Place::Name;
    }
    if (dns::parse_reversed_ipv4(labels) || dns::parse_reversed_ipv6(labels)) {
        return Place::WholeAddress;
    }
    return dns::parse_ipv4_cut(labels) || dns::parse_ipv6_cut(labels) ? Place::Between
                                                                      : Place::Nowhere;
}

// A primary, and the records that a secondary gets from it.
class Pair {
public:
    Pair(World& world, std::vector<zone::Zone> zones)
        : world_(world),
          rulebook_(make_rulebook(world, std::move(zones))),
          site_(rulebook_, {}),
          judge_(world.environment(), rulebook_) {}

    std::size_t zone_count() const { return rulebook_->zones.size(); }

    std::string load(std::size_t zone) {
        zone_ = zone;
        secondary_ = AuthorityModel{};
        auto contents = transfer::Contents::take(world_.environment(), rulebook_,
                                                 {.zone = zone, .now = world_.now()});
        if (!contents) {
            return message(contents.error());
        }
        transfer::ZoneRecords records{**contents};
        transfer::Record record;
        while (records.next(record)) {
            if (!record.owner.empty() || record.type != dns::RecordType::Ns) {
                secondary_.add(record.owner, static_cast<std::uint16_t>(record.type), record.rdata);
            }
        }
        const auto sound = (*contents)->check();
        return sound && judge_.renew() ? "" : "cannot be read";
    }

    Difference compare(std::string_view owner) {
        const std::string& origin = rulebook_->zones[zone_].name;
        if (owner.size() + origin.size() + 2 > dns::kNameSizeMax) {
            return std::nullopt;
        }
        for (const std::uint16_t type : {kA, kTxt}) {
            const test::AnswerBytes primary = ask_primary(owner, type);
            const ModelAnswer secondary = secondary_.ask(owner, type);
            if (const std::string problem = judge(owner, type, primary, secondary);
                !problem.empty()) {
                return fmt::format(
                    "{} in {} at {}, type {}: {}\n  primary: rcode {}{}\n  "
                    "secondary: kind {}{}",
                    spelled(owner), origin, world_.now().seconds, type, problem, primary.rcode,
                    in_words(primary.rdata), static_cast<int>(secondary.kind),
                    in_words(secondary.rdata));
            }
        }
        return std::nullopt;
    }

    const AuthorityModel& secondary() const { return secondary_; }

private:
    static std::shared_ptr<const verdict::Rulebook> make_rulebook(const World& world,
                                                                  std::vector<zone::Zone> zones) {
        auto rulebook = std::make_shared<verdict::Rulebook>();
        rulebook->zones = std::move(zones);
        rulebook->classes = world.settings().classes;
        rulebook->protect = world.settings().protect;
        rulebook->web_url = "https://bl.example";
        rulebook->has_patterns = false;
        return rulebook;
    }

    static std::string in_words(const std::set<std::string>& rdata) {
        std::string text;
        for (const std::string& data : rdata) {
            text += "\n    ";
            for (const char c : data) {
                text += c > ' ' && c < 0x7F ? std::string{c}
                                            : fmt::format("<{}>", static_cast<unsigned char>(c));
            }
        }
        return text;
    }

    test::AnswerBytes ask_primary(std::string_view owner, std::uint16_t type) {
        const std::string name = spelled(owner) + "." + rulebook_->zones[zone_].name;
        const test::Bytes query = test::build_query({.name = name, .type = type});
        test::Bytes answer(responder::kTcpAnswerSizeMax);
        const std::size_t size =
            responder::respond(query, {net::Ipv4{0x7F000001}, responder::Transport::Tcp}, site_,
                               judge_, true, world_.now(), answer);
        return test::read_answer_bytes({answer.data(), size});
    }

    // The texts of the stretch that a question lies in.
    std::set<std::string> texts_without_query(std::string_view owner) {
        std::set<std::string> rdata;
        verdict::Subject subject;
        std::string key;
        if (const auto v4 = dns::parse_reversed_ipv4(dns::Labels{owner})) {
            subject = *v4;
        } else if (const auto v6 = dns::parse_reversed_ipv6(dns::Labels{owner})) {
            subject = *v6;
        } else {
            key = dns::reversed_key(*dns::Name::from_labels([&] {
                std::vector<std::string> labels;
                for (dns::Labels rest{owner}; !rest.empty();) {
                    labels.emplace_back(rest.pop_front());
                }
                return labels;
            }()));
            subject = verdict::NameKey{key};
        }
        for (const std::string_view text : judge_.texts(zone_, subject, "", world_.now())) {
            rdata.insert(label(text));
        }
        return rdata;
    }

    // What is wrong with a pair of answers; empty if nothing is.
    std::string judge(std::string_view owner, std::uint16_t type, const test::AnswerBytes& primary,
                      const ModelAnswer& secondary) {
        using Kind = ModelAnswer::Kind;
        if (secondary.kind == Kind::Referral) {
            return "";  // the primary has that zone, too
        }
        if (primary.rcode == kNxDomain && secondary.kind == Kind::NoData) {
            return "the primary denies what the secondary has something of";
        }
        const Place place = place_of(owner);
        const auto v6 = dns::parse_reversed_ipv6(dns::Labels{owner});
        if (v6 && net::mapped_ipv4(*v6)) {  // the test point alone is carried over
            return secondary.kind == Kind::Data && primary.rdata.empty()
                       ? "an address that is not listed is, as IPv6"
                       : "";
        }
        if (place == Place::Nowhere) {
            return "";
        }
        if (place == Place::Between) {
            return primary.rcode == kNxDomain && secondary.kind == Kind::Data
                       ? "the primary denies what the secondary has"
                       : "";
        }
        const bool has_data = !primary.rdata.empty();
        if (has_data != (secondary.kind == Kind::Data)) {
            return "one has data, the other has not";
        }
        if (has_data && primary.rdata != secondary.rdata &&
            (type != kTxt || zone_ % 2 == 0 || secondary.rdata != texts_without_query(owner))) {
            return "the data is not the same";
        }
        if (!has_data && primary.rcode == kNxDomain && secondary.kind != Kind::NxDomain) {
            return "the rcodes are not the same";
        }
        const bool may_be_cut = dns::parse_ipv6_cut(dns::Labels{owner}).has_value();
        if (place == Place::WholeAddress && !may_be_cut && primary.rcode == kNoError &&
            secondary.kind == Kind::NxDomain) {
            return "the primary has something of what the secondary denies";
        }
        return "";
    }

    World& world_;
    std::shared_ptr<const verdict::Rulebook> rulebook_;
    responder::Site site_;
    verdict::Judge judge_;
    std::size_t zone_ = 0;
    AuthorityModel secondary_;
};

// Each place, the names on the way to it, and some beside and below it.
Difference compare_all(Pair& pair, const std::vector<Query>& places, Random& random) {
    for (const Query& place : places) {
        const std::string owner = owner_of(place);
        for (dns::Labels rest{owner}; !rest.empty(); rest.pop_front()) {
            if (auto difference = pair.compare(rest.wire())) {
                return difference;
            }
            const std::string digit = label(std::to_string(random.below(300)));
            if (auto difference = pair.compare(digit + std::string{rest.wire()})) {
                return difference;
            }
        }
    }
    return std::nullopt;
}

class TransferredZone : public testing::TestWithParam<Worlds> {};

TEST_P(TransferredZone, IsAnsweredAlikeByAPlainSecondary) {
    const Worlds& worlds = GetParam();
    const std::uint64_t base = seed_or(20260201);
    World world{base + worlds.number, worlds.spread};
    std::string log;
    const std::uint64_t steps = worlds.all_steps();
    for (std::uint64_t step = 1; step <= steps; ++step) {
        const Difference failed = world.step();
        ASSERT_FALSE(failed) << *failed;
        log += std::to_string(step) + ": " + world.last_step() + "\n";
        if (step % worlds.steps_between != 0) {
            continue;
        }
        std::vector<Query> places = critical_queries(world.model().untidied(), world.model().maps(),
                                                     world.settings().protect, world.random());
        world.random().keep_some(places, kPlacesMax);
        for (const std::uint32_t bits : {0x01020304U, 0x7F000001U, 0x7F000002U, 0xC0000207U}) {
            places.emplace_back(net::Ipv6{net::kMappedIpv4.first.bits | bits});
        }
        Pair pair{world, whole_zones(world.zones())};
        for (std::size_t zone = 0; zone < pair.zone_count(); ++zone) {
            ASSERT_EQ(pair.load(zone), "");
            const Difference difference = compare_all(pair, places, world.random());
            ASSERT_FALSE(difference) << "seed " << base << ", step " << step << "\n"
                                     << *difference << "\nafter\n"
                                     << log;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Worlds, TransferredZone,
                         testing::Values(Worlds{"Borders1", 1, 60, 4, Spread::Borders},
                                         Worlds{"Borders2", 2, 60, 4, Spread::Borders},
                                         Worlds{"Wide", 3, 12, 4, Spread::Wide},
                                         Worlds{"Crowded", 4, 60, 12, Spread::Crowded}),
                         name_of_worlds);

}  // namespace
}  // namespace ostrakon::property
