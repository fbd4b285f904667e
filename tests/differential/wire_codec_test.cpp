// The wire codec against ldns: random answers, written by our writer and by ldns from the same
// records as text, have to be the same bytes, and ldns has to read back what was put in.
#include "ostrakon/dns/message_writer.hpp"

#include "support/ldns_message.hpp"
#include "support/query_builder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <random>

namespace ostrakon::dns {
namespace {

constexpr int kRounds = 20'000;
constexpr std::size_t kBufferSize = 65535;
constexpr std::size_t kNamesMax = 16;
constexpr std::size_t kLdnsOwnerSizeMax = 255;  // characters of an owner that ldns reads

/// Presentation form of labels in wire form, the root with them, as ldns reads it.
std::string presentation(std::string_view wire) {
    std::string text;
    for (std::size_t at = 0; wire[at] != '\0';
         at += static_cast<std::uint8_t>(wire[at]) + std::size_t{1}) {
        for (const char c : wire.substr(at + 1, static_cast<std::uint8_t>(wire[at]))) {
            const auto byte = static_cast<std::uint8_t>(c);
            const bool is_plain = (std::isalnum(byte) != 0 && byte < 0x80) || c == '-' || c == '_';
            text += is_plain ? std::string(1, c) : fmt::format("\\{:03}", byte);
        }
        text += '.';
    }
    return text.empty() ? "." : text;
}

/// Draws messages; the same seed gives the same ones.
class Draw {
public:
    explicit Draw(unsigned seed) : random_(seed) {}

    unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
    bool chance(unsigned percent) { return below(100) < percent; }
    std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }

    std::string label() {
        static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789-_";
        std::string text;
        for (unsigned size = chance(3) ? 63 : below(8) + 1; size > 0; --size) {
            const auto any = static_cast<char>(below(256));
            // ldns takes a label "@", even where it is written as a number, for the origin.
            text.push_back(chance(2) && any != '@' ? any : kPlain[below(kPlain.size())]);
        }
        return text;
    }

    // Names that share their ends with each other, so that there is something to compress.
    Name name() {
        std::vector<std::string> labels;
        if (!names_.empty() && chance(70)) {
            labels = names_[below(static_cast<unsigned>(names_.size()))].labels();
            labels.erase(labels.begin(),
                         labels.begin() + below(static_cast<unsigned>(labels.size() + 1)));
        }
        for (unsigned more = below(4); more > 0; --more) {
            labels.insert(labels.begin(), label());
        }
        const auto made = Name::from_labels(labels);
        const bool is_readable = made && presentation(made->wire()).size() <= kLdnsOwnerSizeMax;
        if (names_.size() == kNamesMax) {
            names_.erase(names_.begin());
        }
        names_.push_back(is_readable ? *made : Name{});
        return names_.back();
    }

    std::string text(std::size_t size_max) {
        std::string text;
        for (unsigned size = below(static_cast<unsigned>(size_max + 1)); size > 0; --size) {
            text.push_back(static_cast<char>(below(256)));
        }
        return text;
    }

    // The name with some letters in upper case, as a resolver that plays 0x20 sends it.
    std::string mixed_case(const Name& name) {
        std::string wire{name.wire()};
        for (std::size_t at = 0; wire[at] != '\0';) {
            const auto size = static_cast<std::uint8_t>(wire[at]);
            for (std::size_t i = 1; i <= size; ++i) {
                char& c = wire[at + i];
                if (c >= 'a' && c <= 'z' && chance(50)) {
                    c = static_cast<char>(c - 'a' + 'A');
                }
            }
            at += size + std::size_t{1};
        }
        return wire;
    }

private:
    std::mt19937_64 random_;
    std::vector<Name> names_;
};

std::string in_quotes(std::string_view text) {
    std::string result{"\""};
    for (const char c : text) {
        result += fmt::format("\\{:03}", static_cast<std::uint8_t>(c));
    }
    return result + '"';
}

/// One random message, made twice.
struct Pair {
    explicit Pair(Draw& draw) : buffer(kBufferSize) {
        question_wire = draw.mixed_case(draw.name());
        packet = query_packet(draw);
        EXPECT_TRUE(parse_query(packet, query));
        writer.emplace(buffer, kBufferSize, query);
        expected.id = query.id;
        expected.recursion_desired = query.recursion_desired;
        expected.checking_disabled = query.checking_disabled;
        expected.question = presentation(question_wire) + " IN A";
        header(draw);
        for (const auto section : {Section::Answer, Section::Authority, Section::Additional}) {
            for (unsigned records = draw.below(6); records > 0; --records) {
                record(draw, section);
            }
        }
    }

    test::Bytes query_packet(Draw& draw) {
        test::Bytes bytes =
            test::build_query({.id = static_cast<std::uint16_t>(draw.number()),
                               .flags = static_cast<std::uint16_t>(draw.number() & 0x0110)});
        bytes.erase(bytes.begin() + 12);
        bytes.insert(bytes.begin() + 12, question_wire.begin(), question_wire.end());
        return bytes;
    }

    void header(Draw& draw) {
        const auto rcode = static_cast<std::uint8_t>(draw.below(6));
        writer->set_rcode(Rcode{rcode});
        expected.rcode = rcode;
        expected.authoritative = draw.chance(50);
        if (expected.authoritative) {
            writer->set_authoritative();
        }
        if (draw.chance(70)) {
            // ldns writes no OPT at all where its payload size, flags and options are all 0.
            OptReply reply{.payload_bytes = static_cast<std::uint16_t>(draw.below(0xFFFF) + 1),
                           .dnssec_ok = draw.chance(50)};
            test::OptText opt{.payload_bytes = reply.payload_bytes, .dnssec_ok = reply.dnssec_ok};
            if (draw.chance(20)) {
                reply.nsid = "ns-1";
                const test::Bytes option{0, 3, 0, 4, 'n', 's', '-', '1'};
                opt.options.insert(opt.options.end(), option.begin(), option.end());
            }
            if (draw.chance(20)) {
                reply.error = ExtendedError::Prohibited;
                const test::Bytes option{0, 15, 0, 2, 0, 18};
                opt.options.insert(opt.options.end(), option.begin(), option.end());
            }
            if (draw.chance(10)) {
                writer->set_rcode(Rcode::BadVers);
                expected.rcode = 0;
                opt.extended_rcode = 1;
            }
            writer->set_opt(reply);
            expected.opt = opt;
        }
    }

    void record(Draw& draw, Section section) {
        const std::uint32_t ttl_s = draw.number() & 0x7FFFFFFF;
        const Name own = draw.name();
        const std::size_t suffix = draw.below(static_cast<unsigned>(query.name.label_count() + 1));
        const bool is_own = draw.chance(30);
        const Owner owner = is_own ? Owner{own} : Owner::question(suffix);
        const std::string wire =
            is_own ? std::string{own.wire()} : question_wire.substr(query.name.label_start(suffix));
        std::string data;
        switch (draw.below(section == Section::Answer ? 5 : 4)) {
            case 0: {
                const net::Ipv4 address{draw.number()};
                EXPECT_TRUE(writer->add_a(section, owner, ttl_s, address));
                data = "A " + net::to_string(address);
                break;
            }
            case 1: {
                const net::Ipv6 address{net::Uint128{draw.number()} << 64 | draw.number()};
                EXPECT_TRUE(writer->add_aaaa(section, owner, ttl_s, address));
                data = "AAAA " + net::to_string(address);
                break;
            }
            case 2: {
                const Name target = draw.name();
                EXPECT_TRUE(writer->add_ns(section, owner, ttl_s, target));
                data = "NS " + presentation(target.wire());
                break;
            }
            case 3:
                data = soa(draw, section, owner, ttl_s);
                break;
            default:
                data = txt(draw, owner, ttl_s);
                break;
        }
        auto& records = section == Section::Answer      ? expected.answer
                        : section == Section::Authority ? expected.authority
                                                        : expected.additional;
        records.push_back(fmt::format("{} {} IN {}", presentation(wire), ttl_s, data));
    }

    // Each of these writes the record and returns its text.
    std::string soa(Draw& draw, Section section, Owner owner, std::uint32_t ttl_s) {
        const Name primary = draw.name();
        const Name contact = draw.name();
        const SoaData soa{primary,
                          contact,
                          draw.number(),
                          draw.number() & 0x7FFFFFFF,
                          draw.number() & 0x7FFFFFFF,
                          draw.number() & 0x7FFFFFFF,
                          draw.number() & 0x7FFFFFFF};
        EXPECT_TRUE(writer->add_soa(section, owner, ttl_s, soa));
        return fmt::format("SOA {} {} {} {} {} {} {}", presentation(primary.wire()),
                           presentation(contact.wire()), soa.serial, soa.refresh_s, soa.retry_s,
                           soa.expire_s, soa.minimum_s);
    }

    std::string txt(Draw& draw, Owner owner, std::uint32_t ttl_s) {
        std::vector<std::string> strings;
        for (unsigned count = draw.below(4) + 1; count > 0; --count) {
            strings.push_back(draw.text(draw.chance(20) ? 255 : 20));
        }
        const std::vector<std::string_view> views{strings.begin(), strings.end()};
        EXPECT_TRUE(writer->add_txt(owner, ttl_s, views));
        std::string text = "TXT";
        for (const std::string& string : strings) {
            text += ' ' + in_quotes(string);
        }
        return text;
    }

    std::vector<std::uint8_t> buffer;
    std::string question_wire;
    test::Bytes packet;
    Query query;
    std::optional<MessageWriter> writer;
    test::MessageText expected;
};

TEST(WireCodec, WritesWhatLdnsWrites) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Draw draw{seed};
    for (int round = 0; round < kRounds; ++round) {
        SCOPED_TRACE(fmt::format("round {}", round));
        Pair pair{draw};
        const std::size_t size = pair.writer->finish();
        const test::Bytes ours{pair.buffer.begin(),
                               pair.buffer.begin() + static_cast<std::ptrdiff_t>(size)};
        const test::Bytes theirs = test::write_by_ldns(pair.expected);
        ASSERT_FALSE(theirs.empty()) << pair.expected.question;
        ASSERT_EQ(fmt::format("{:02x}", fmt::join(ours, " ")),
                  fmt::format("{:02x}", fmt::join(theirs, " ")));
        ASSERT_TRUE(test::read_by_ldns(ours));
    }
}

}  // namespace
}  // namespace ostrakon::dns
