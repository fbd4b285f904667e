// Signatures against another implementation: what we sign ldns verifies, what it signs we do.
#include "unit/tsig/messages.hpp"

#include <ldns/ldns.h>

#include <gtest/gtest.h>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

namespace ostrakon::tsig {
namespace {

using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;

constexpr const char* kKeyName = "partner.example.org.";
constexpr const char* kSecret = "c2VjcmV0IG9mIHRoZSB0ZXN0LCBub3QgYSBiaXQgbGVzcy4=";

constexpr std::array<std::pair<Algorithm, const char*>, 3> kBoth{
    {{Algorithm::Sha1, "hmac-sha1."},
     {Algorithm::Sha256, "hmac-sha256."},
     {Algorithm::Sha512, "hmac-sha512."}}};

Packet parse(const Message& message) {
    ldns_pkt* raw = nullptr;
    EXPECT_EQ(ldns_wire2pkt(&raw, message.data(), message.size()), LDNS_STATUS_OK);
    return {raw, &ldns_pkt_free};
}

bool ldns_verifies(const Message& message, const ldns_rdf* request_mac) {
    const Packet packet = parse(message);
    return packet && ldns_pkt_tsig_verify(packet.get(), message.data(), message.size(), kKeyName,
                                          kSecret, request_mac);
}

TEST(TsigAndLdns, QuestionsOfOursAreVerified) {
    for (const auto& [algorithm, text] : kBoth) {
        const Key key = key_of(algorithm);
        EXPECT_TRUE(ldns_verifies(signed_question(key, now()), nullptr)) << text;
        Key other = key;
        other.secret[0] ^= 1;
        EXPECT_FALSE(ldns_verifies(signed_question(other, now()), nullptr)) << text;
    }
}

TEST(TsigAndLdns, QuestionsOfLdnsAreVerifiedAndAnswered) {
    for (const auto& [algorithm, text] : kBoth) {
        const Key key = key_of(algorithm);
        const Packet query{ldns_pkt_query_new(ldns_dname_new_frm_str("example.org."),
                                              LDNS_RR_TYPE_AXFR, LDNS_RR_CLASS_IN, 0),
                           &ldns_pkt_free};
        ASSERT_EQ(ldns_pkt_tsig_sign(query.get(), kKeyName, kSecret, 300, text, nullptr),
                  LDNS_STATUS_OK)
            << text;
        std::uint8_t* wire = nullptr;
        std::size_t size = 0;
        ASSERT_EQ(ldns_pkt2wire(&wire, query.get(), &size), LDNS_STATUS_OK);
        const Message request{wire, wire + size};
        std::free(wire);
        const Record record = record_of(request);
        EXPECT_EQ(verify_request(request, record, &key, now()), Finding::Good) << text;

        AnswerSigner signer{record, &key, Finding::Good};
        Message reply = answer();
        std::copy_n(request.begin(), 2, reply.begin());
        const ldns_rdf* const mac = ldns_rr_rdf(ldns_pkt_tsig(query.get()), 3);
        EXPECT_TRUE(ldns_verifies(signed_by(signer, reply, now()), mac)) << text;
        EXPECT_FALSE(ldns_verifies(signed_by(signer, reply, now()), mac))
            << "a later message of a stream is signed in another way";
    }
}

}  // namespace
}  // namespace ostrakon::tsig
