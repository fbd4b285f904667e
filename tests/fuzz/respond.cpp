// Property: whatever packet comes, the answer is one that may be sent, or there is rightly none.
//
// Not larger than the client takes, readable by ldns, with id and question as they came, and no
// answer to an answer. The first byte of an input says how it comes, the rest is the packet.
#include "target.hpp"

#include "scenario/runner/in_process_host.hpp"
#include "support/answer_rules.hpp"
#include "support/crowded_site.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ostrakon;
using fuzz::require;

// Bits of the first byte.
constexpr unsigned kOverTcp = 1;
constexpr unsigned kAdmittedClient = 2;  // of the zone that not everybody may ask

class Service {
public:
    Service() {
        testing::GTEST_FLAG(break_on_failure) = true;  // the host reports allocations to GoogleTest
        require(host_.set_up(test::crowded_site_files()).has_value(), "the site can be set up");
        for (const auto& words : test::crowded_site_commands()) {
            std::string output;
            require(host_.run({.words = words, .input = {}}, output) == 0, output);
        }
    }

    test::Bytes answer(const test::Bytes& packet, unsigned how) {
        const net::Ipv4 address{(how & kAdmittedClient) != 0 ? 0xC0000201 : 0x7F000001};
        return host_.answer_to(packet,
                               {address, (how & kOverTcp) != 0 ? responder::Transport::Tcp
                                                               : responder::Transport::Udp});
    }

private:
    scenario::InProcessHost host_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static Service service;
    if (size == 0) {
        return 0;
    }
    const unsigned how = bytes[0];
    const test::Bytes packet(bytes + 1, bytes + size);
    const std::string broken =
        test::broken_rule(packet, service.answer(packet, how), {.over_tcp = (how & kOverTcp) != 0});
    require(broken.empty(), broken);
    return 0;
}
