// What workers have turned away, on its way to the log.
#include "ostrakon/server/incident_ring.hpp"

#include "ostrakon/tsig/asking.hpp"

#include "support/allocation_counter.hpp"
#include "support/query_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::server {
namespace {

using responder::Incident;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr net::Ipv4 kClient{0xC0000235};

// A query as the responder leaves it.
class Noted {
public:
    Noted(std::string_view name, std::uint16_t type, Incident incident, bool is_signed = false)
        : packet_(test::build_query({.name = std::string{name}, .type = type})) {
        if (is_signed) {
            const tsig::Key key{*tsig::key_name("partner"), tsig::Algorithm::Sha256, "hidden"};
            tsig::Session{key}.sign(packet_, UnixTime{1'800'000'000});
        }
        query_.packet = packet_;
        EXPECT_TRUE(dns::parse_query(packet_, query_.query));
        query_.incident = incident;
    }
    const responder::PendingQuery& query() const { return query_; }

private:
    test::Bytes packet_;
    responder::PendingQuery query_;
};

std::string text_of(const Noted& noted) {
    IncidentRing ring;
    ring.note(noted.query(), kClient);
    IncidentRing::Entry entry;
    EXPECT_TRUE(ring.take(entry));
    EXPECT_FALSE(ring.take(entry));
    return incident_text(entry);
}

TEST(IncidentRingTest, SaysWhoWasRefusedWhatAndWhy) {
    EXPECT_EQ(text_of({"BL.example.org", 252, Incident::TransferRefused}),
              "refused a transfer of bl.example.org to 192.0.2.53: [access] transfer does not let "
              "it have the zone without a signature");
    EXPECT_THAT(text_of({"bl.example.org", 251, Incident::TransferRefused, true}),
                HasSubstr("with the key \"partner\""));
    EXPECT_THAT(text_of({"bl.example.org", 6, Incident::BadKey, true}),
                AllOf(HasSubstr("refused a signed question for bl.example.org"),
                      HasSubstr("\"partner\""), Not(HasSubstr("hidden"))));
    EXPECT_THAT(text_of({"bl.example.org", 252, Incident::BadTime, true}),
                HasSubstr("expired or of the future"));
    EXPECT_THAT(text_of({"x\n.example.org", 252, Incident::BadSignature, true}),
                AllOf(HasSubstr("\\010"), Not(HasSubstr("\n"))));
}

TEST(IncidentRingTest, CountsWhatItCannotKeep) {
    IncidentRing ring;
    const Noted noted{"bl.example.org", 252, Incident::TransferRefused};
    for (std::size_t i = 0; i < IncidentRing::kKeptMax + 5; ++i) {
        ring.note(noted.query(), kClient);
    }
    EXPECT_EQ(ring.take_lost(), 5U);
    EXPECT_EQ(ring.take_lost(), 0U);
    IncidentRing::Entry entry;
    std::size_t kept = 0;
    while (ring.take(entry)) {
        ++kept;
    }
    EXPECT_EQ(kept, IncidentRing::kKeptMax);
    ring.note(noted.query(), kClient);
    EXPECT_TRUE(ring.take(entry));
}

TEST(IncidentRingTest, AllocatesNothing) {
    IncidentRing ring;
    const Noted noted{"bl.example.org", 252, Incident::BadKey, true};
    const auto before = test::allocation_count();
    ring.note(noted.query(), kClient);
    EXPECT_EQ(test::allocation_count(), before);
}

}  // namespace
}  // namespace ostrakon::server
