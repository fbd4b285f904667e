// A site without sockets for the tests of respond(): an open zone with some bans, a closed one, and
// questions as bytes.
#pragma once

#include "ostrakon/responder/respond.hpp"

#include "scenario/runner/in_process_host.hpp"
#include "support/query_builder.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ostrakon::responder {

using test::Bytes;
using test::OptSpec;
using test::QuerySpec;

class AskedSite : public testing::Test {
protected:
    void SetUp() override {
        const auto done =
            host.set_up({{"ostrakon.toml", "[server]\nversion = \"ostrakon\"\nnsid = \"ns1\"\n"},
                         {"zones/bl.toml",
                          "origin = \"bl.example.org\"\n"
                          "ns = [\"ns1.bl.example.org\"]\n"
                          "contact = \"hostmaster@example.org\"\n"
                          "[a]\n"
                          "\"@\" = [\"192.0.2.80\"]\n"
                          "ns1 = [\"192.0.2.53\", \"2001:db8::53\"]\n"},
                         {"zones/closed.toml",
                          "origin = \"closed.example.org\"\n"
                          "ns = [\"ns1.example.org\"]\n"
                          "contact = \"hostmaster@example.org\"\n"
                          "[access]\n"
                          "query = [\"2001:db8:7::/48\"]\n"}});
        ASSERT_TRUE(done) << message(done.error());
        run({"ban", "192.0.2.7", "--reason", "spam"});
        run({"ban", "example.com", "--reason", "spam"});
        run({"ban", "2001:db8::/48", "--reason", "spam"});
    }

    void run(const std::vector<std::string>& words) {
        std::string output;
        EXPECT_EQ(host.run({.words = words, .input = {}}, output), 0) << output;
    }

    Bytes answer(const Bytes& query, Transport transport = Transport::Udp) {
        return host.answer_to(query, {net::Ipv4{0x7F000001}, transport});
    }
    test::MessageText ask(const QuerySpec& spec, Transport transport = Transport::Udp) {
        return read(answer(test::build_query(spec), transport));
    }
    static test::MessageText read(const Bytes& bytes) {
        const auto message = test::read_by_ldns(bytes);
        EXPECT_TRUE(message) << "ldns reads no answer";
        return message.value_or(test::MessageText{});
    }

    scenario::InProcessHost host;
};

enum Rcode : std::uint8_t {
    kNoError = 0,
    kFormErr = 1,
    kServFail = 2,
    kNxDomain = 3,
    kNotImp = 4,
    kRefused = 5,
    kBadVers = 16,
    kBadCookie = 23
};

/// With the upper bits, which stand in the OPT.
inline unsigned whole_rcode(const test::MessageText& answer) {
    return (answer.opt ? answer.opt->extended_rcode << 4U : 0U) | answer.rcode;
}

}  // namespace ostrakon::responder
