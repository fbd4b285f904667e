// What a reader hands back comes out as it went in, and what no reader can have written is refused.
#include "outcome_codec.hpp"

#include "ostrakon/zone/listing_class.hpp"
#include "same_contents.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstring>
#include <functional>
#include <random>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

std::string encoded(const Result<ReadOutcome>& outcome) {
    std::string bytes;
    encode_outcome(outcome, [&bytes](std::string_view piece) { bytes += piece; });
    return bytes;
}

// In pieces of what is asked for.
Result<ReadOutcome> decoded(std::string_view bytes) {
    return decode_outcome("list.txt", bytes.size(), [&bytes](char* to, std::size_t size) {
        const std::size_t piece = std::min(size, bytes.size());
        std::memcpy(to, bytes.data(), piece);
        bytes.remove_prefix(piece);
        return piece;
    });
}

std::string mistake_of(std::string_view bytes) {
    const auto outcome = decoded(bytes);
    return outcome ? "none" : message(outcome.error());
}

// Random contents, as far as formats can make them.
class Draw {
public:
    explicit Draw(std::uint64_t seed) : random_(seed) {}

    ReadOutcome list() {
        ReadOutcome outcome;
        Contents& contents = outcome.list.emplace().contents;
        policy::ImportList& list = contents.list;
        list.data_sets.resize(1 + below(kDataSetsMax), text(40));
        for (std::uint64_t i = 1 + below(20); i > 0; --i) {
            list.statements.push_back(statement(list.data_sets.size()));
        }
        statements_ = list.statements.size();
        for (std::uint64_t i = below(3000); i > 0; --i) {
            list.ipv4.push_back(entry(range<net::Ipv4>()));
        }
        for (std::uint64_t i = below(300); i > 0; --i) {
            list.ipv6.push_back(entry(range<net::Ipv6>()));
            list.names.push_back(
                entry(policy::NameSubject{name(), static_cast<policy::NameScope>(below(3))}));
            list.origins.push_back(entry(origin()));
            list.mails.push_back(entry(mail()));
        }
        for (std::uint64_t i = below(3); i > 0; --i) {
            list.patterns.push_back(entry(pattern::Pattern{"*.dyn.example.net"}));
        }
        if (flip()) {
            list.default_code = code();
        }
        list.written_ipv4.assign(below(5), range<net::Ipv4>());
        list.further_entries = below(100);
        rejects(contents.rejects, contents.rejected);
        contents.may_be_empty = flip();
        if (flip()) {
            contents.expires = UnixTime{static_cast<std::int64_t>(below(1000))};
        }
        contents.notes.assign(below(5), text(200));
        return outcome;
    }
    ReadOutcome map() {
        ReadOutcome outcome;
        policy::MapContents& contents = outcome.map.emplace().contents;
        for (std::uint64_t i = below(2000); i > 0; --i) {
            const net::Origin from = origin();
            contents.part(from.kind).ipv4.push_back({range<net::Ipv4>(), from.number});
            contents.part(from.kind).ipv6.push_back({range<net::Ipv6>(), from.number});
        }
        contents.date = time();
        rejects(contents.rejects, contents.rejected);
        contents.read = contents.rejected + below(1000);
        contents.notes.assign(below(5), text(200));
        return outcome;
    }

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

private:
    bool flip() { return below(2) == 1; }
    std::string text(std::size_t size_max) {
        std::string text(1 + below(size_max), ' ');
        for (char& c : text) {
            c = static_cast<char>('!' + below(90));
        }
        return text;
    }
    net::Ipv4 code() { return {0x7F000002U + static_cast<std::uint32_t>(below(1000))}; }
    std::optional<UnixTime> time() {
        constexpr std::uint64_t kYear10000 = 253'402'300'800;
        return flip() ? std::optional{UnixTime{static_cast<std::int64_t>(below(kYear10000))}}
                      : std::nullopt;
    }
    policy::Statement statement(std::size_t data_sets) {
        policy::Statement said;
        said.listing_class = flip() ? "domain" : "";
        said.code = flip() ? std::optional{code()} : std::nullopt;
        said.reason = text(kReasonSizeMax);
        said.evidence = flip() ? text(kEvidenceSizeMax / 8) : "";
        said.until = time();
        said.seen = time();
        said.is_reason_made_up = flip();
        said.is_exception = flip();
        said.data_set = static_cast<std::uint32_t>(below(data_sets));
        return said;
    }
    template <class A>
    net::Range<A> range() {
        A a{static_cast<typename A::Bits>(random_())};
        A b{static_cast<typename A::Bits>(random_())};
        if constexpr (std::is_same_v<A, net::Ipv6>) {
            b.bits |= net::Uint128{random_()} << 64;
        }
        return {std::min(a, b), std::max(a, b)};
    }
    dns::Name name() {
        std::vector<std::string> labels(below(4));
        for (std::string& label : labels) {
            label.resize(1 + below(dns::kLabelSizeMax));
            for (char& c : label) {
                c = static_cast<char>(dns::lower(static_cast<std::uint8_t>(random_())));
            }
        }
        return dns::Name::from_labels(labels).value();
    }
    net::Origin origin() {
        return flip()
                   ? net::Origin{net::OriginKind::As, 1 + static_cast<std::uint32_t>(below(70'000))}
                   : *net::parse_country(flip() ? "DE" : "US");
    }
    policy::MailSubject mail() {
        auto mail =
            policy::parse_mail_address(fmt::format("user{}@example.com", below(100))).value();
        if (flip()) {
            mail.address.clear();
        }
        return mail;
    }
    template <class S>
    policy::ImportEntry<S> entry(S subject) {
        return {std::move(subject), static_cast<std::uint32_t>(below(statements_)),
                1 + static_cast<std::uint32_t>(below(1'000'000))};
    }
    void rejects(std::vector<policy::ImportReject>& kept, std::uint64_t& all) {
        all = below(2 * kRejectsKeptMax);
        kept.resize(std::min<std::uint64_t>(all, kRejectsKeptMax));
        for (policy::ImportReject& reject : kept) {
            reject = {static_cast<std::uint32_t>(below(1000)), text(kRejectTextSizeMax), text(300)};
        }
    }

    std::mt19937_64 random_;
    std::size_t statements_ = 0;
};

TEST(OutcomeCodec, GivesBackWhatItWasGiven) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(seed);
        Draw draw{seed};
        const Result<ReadOutcome> list{draw.list()};
        expect_same(decoded(encoded(list)), list);
        const Result<ReadOutcome> map{draw.map()};
        expect_same(decoded(encoded(map)), map);
    }
    const Result<ReadOutcome> error{
        Unexpected{Error{ErrorCode::Usage, "list.txt", "is no list", "look at it"}}};
    expect_same(decoded(encoded(error)), error);
}

// Nothing it makes of damaged bytes is beyond what types and bounds allow: a sanitizer looks on,
// and what is taken is written again as it came.
TEST(OutcomeCodec, ComesToAGoodEndWithDamagedBytes) {
    std::uint64_t refused = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        SCOPED_TRACE(seed);
        Draw draw{seed};
        const std::string bytes = encoded(seed % 3 == 0 ? draw.map() : draw.list());
        for (int i = 0; i < 30; ++i) {
            std::string damaged = bytes;
            damaged[draw.below(damaged.size())] = static_cast<char>(draw.below(256));
            if (draw.below(4) == 0) {
                damaged.resize(draw.below(damaged.size()));
            }
            const auto outcome = decoded(damaged);
            refused += outcome ? 0 : 1;
            if (outcome) {
                expect_same(decoded(encoded(outcome)), outcome);
            }
        }
    }
    EXPECT_GT(refused, 200U);
}

// One value that cannot be, in contents that else can.
TEST(OutcomeCodec, RefusesWhatNoReaderCanHaveWritten) {
    struct Case {
        std::string_view mistake;
        std::function<void(Contents&)> spoil;
    };
    const auto entry = [](auto subject) {
        return policy::ImportEntry<decltype(subject)>{std::move(subject), 0, 1};
    };
    const net::Ipv4Range address{net::Ipv4{0xC0000207}, net::Ipv4{0xC0000207}};
    const std::vector<Case> cases{
        {"a range ends before it begins",
         [](Contents& c) { c.list.ipv4.front().subject.first.bits = 0xFFFFFFFF; }},
        {"a range ends before it begins",
         [&](Contents& c) {
             c.list.ipv6.push_back(entry(net::Ipv6Range{net::Ipv6{2}, net::Ipv6{1}}));
         }},
        {"a range ends before it begins",
         [](Contents& c) {
             c.list.written_ipv4.push_back({net::Ipv4{2}, net::Ipv4{1}});
         }},
        {"an entry says nothing", [](Contents& c) { c.list.ipv4.front().statement = 1; }},
        {"an entry says nothing", [](Contents& c) { c.list.ipv4.front().line = 0; }},
        {"an entry says nothing",
         [&](Contents& c) {
             c.list.names.push_back(entry(policy::NameSubject{}));
             c.list.names.front().statement = 7;
         }},
        {"a data set is not there", [](Contents& c) { c.list.statements.front().data_set = 1; }},
        {"there is no data set", [](Contents& c) { c.list.data_sets.clear(); }},
        {"there are too many of something",
         [](Contents& c) { c.list.data_sets.resize(kDataSetsMax + 1); }},
        {"a class has no name of a class",
         [](Contents& c) { c.list.statements.front().listing_class = "No Class"; }},
        {"a code can be no answer",
         [](Contents& c) { c.list.statements.front().code = net::Ipv4{0x7F000001}; }},
        {"a code can be no answer",
         [](Contents& c) { c.list.default_code = net::Ipv4{0x08080808}; }},
        {"a text is too long",
         [](Contents& c) { c.list.statements.front().reason.assign(kReasonSizeMax + 1, 'x'); }},
        {"a text is too long",
         [](Contents& c) { c.list.statements.front().evidence.assign(kEvidenceSizeMax + 1, 'x'); }},
        {"a time is no time", [](Contents& c) { c.list.statements.front().until = UnixTime{-1}; }},
        {"a time is no time",
         [](Contents& c) { c.list.statements.front().seen = UnixTime{INT64_MAX}; }},
        {"a name covers what no name does",
         [&](Contents& c) {
             c.list.names.push_back(entry(policy::NameSubject{{}, policy::NameScope::Pattern}));
         }},
        {"a place is no place",
         [&](Contents& c) {
             c.list.origins.push_back(entry(net::Origin{net::OriginKind::As, 0}));
         }},
        {"a place is no place",
         [&](Contents& c) {
             c.list.origins.push_back(entry(net::Origin{static_cast<net::OriginKind>(9), 1}));
         }},
        {"a mail address is none",
         [&](Contents& c) {
             c.list.mails.push_back(
                 entry(policy::MailSubject{std::string(policy::kMailHashSize, 'g'), ""}));
         }},
        {"a mail address is none",
         [&](Contents& c) {
             c.list.mails.push_back(entry(
                 policy::MailSubject{std::string(policy::kMailHashSize, 'a'), "user@example.com"}));
         }},
        {"a pattern is none",
         [&](Contents& c) { c.list.patterns.push_back(entry(pattern::Pattern{"/(/"})); }},
        {"there are too many patterns",
         [&](Contents& c) {
             c.list.patterns.assign(kReadPatternsMax + 1, entry(pattern::Pattern{"*.example.net"}));
         }},
        {"not all rejected lines are there", [](Contents& c) { c.rejected = 1; }},
        {"not all rejected lines are there",
         [](Contents& c) {
             c.rejects.push_back({1, "text", "why"});
         }},
        {"there are too many of something",
         [](Contents& c) {
             c.rejected = kRejectsKeptMax + 1;
             c.rejects.resize(c.rejected);
         }},
    };
    for (const auto& [mistake, spoil] : cases) {
        SCOPED_TRACE(mistake);
        ReadOutcome outcome;
        Contents& contents = outcome.list.emplace().contents;
        contents.list.state({});
        contents.list.ipv4.push_back(entry(address));
        EXPECT_EQ(mistake_of(encoded(outcome)), "none");
        spoil(contents);
        EXPECT_THAT(mistake_of(encoded(outcome)), HasSubstr(std::string{mistake}));
    }
}

TEST(OutcomeCodec, RefusesMapsThatNoReaderCanHaveWritten) {
    ReadOutcome outcome;
    policy::MapContents& contents = outcome.map.emplace().contents;
    auto& ranges = contents.part(net::OriginKind::As).ipv4;
    ranges.push_back({{net::Ipv4{1}, net::Ipv4{2}}, 64'500});
    EXPECT_EQ(mistake_of(encoded(outcome)), "none");
    ranges.front().number = 0;
    EXPECT_THAT(mistake_of(encoded(outcome)), HasSubstr("a place is no place"));
    ranges.front() = {{net::Ipv4{2}, net::Ipv4{1}}, 64'500};
    EXPECT_THAT(mistake_of(encoded(outcome)), HasSubstr("a range ends before it begins"));
    ranges.clear();
    contents.rejected = 1;
    contents.rejects.push_back({1, "text", "why"});
    EXPECT_THAT(mistake_of(encoded(outcome)), HasSubstr("more is rejected than was read"));
}

TEST(OutcomeCodec, RefusesBytesThatEndTooSoonOrTooLate) {
    Draw draw{7};
    const std::string bytes = encoded(draw.list());
    for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 200) {
        EXPECT_FALSE(decoded(bytes.substr(0, size)));
    }
    EXPECT_THAT(mistake_of(bytes + "x"), HasSubstr("something is behind its end"));
    EXPECT_THAT(mistake_of(""), HasSubstr("it is cut off"));
}

TEST(OutcomeCodec, ShowsNothingThatATerminalObeys) {
    ReadOutcome outcome;
    Contents& contents = outcome.list.emplace().contents;
    contents.notes.emplace_back("a note\x1B[2J");
    contents.rejected = 1;
    contents.rejects.push_back({1, "text\x1B[2J", "why\x1B[2J"});
    const auto read = decoded(encoded(outcome));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->list->contents.notes.front(), "a note\\x1B[2J");
    EXPECT_EQ(read->list->contents.rejects.front().text, "text\\x1B[2J");
    EXPECT_EQ(read->list->contents.rejects.front().why, "why\\x1B[2J");
    const Result<ReadOutcome> error{Unexpected{Error{ErrorCode::Usage, "a\n", "b\x1B[2J", "c\n"}}};
    EXPECT_EQ(mistake_of(encoded(error)), "a\\n: b\\x1B[2J (c\\n)");
}

}  // namespace
}  // namespace ostrakon::feed
