// Every scenario file, played with the real programs: commands write the server's database,
// questions go over the network. Its clock cannot be set, so what follows a wait is left to the
// other host.
#include "scenario/runner/host.hpp"
#include "scenario/runner/play.hpp"
#include "support/dns_client.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ostrakon::scenario {
namespace {

class LiveHost : public Host {
public:
    Result<Done> set_up(const std::map<std::string, std::string>& files) override {
        std::filesystem::remove_all(site_.directory() / "zones");
        std::string main_file;
        for (const auto& [path, text] : files) {
            if (path == "ostrakon.toml") {
                main_file = text;
            } else {
                site_.write(path, text);
                std::filesystem::permissions(
                    site_.directory() / path,
                    std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
            }
        }
        site_.configure({.more = main_file});
        server_.emplace(site_);
        return Done{};
    }

    int run(const Command& command, std::string& output) override {
        std::vector<std::string> words{test::program("ostrakon").string(), "--config",
                                       site_.configuration().string()};
        words.insert(words.end(), command.words.begin(), command.words.end());
        const test::ProcessResult result =
            test::run({.arguments = std::move(words), .environment = {}, .input = command.input});
        output = result.errors;
        return result.status;
    }

    bool wait(Duration /*length*/) override { return false; }

    std::optional<test::MessageText> ask(const Question& question) override {
        const std::string source = question.client ? net::to_string(*question.client) : "";
        const test::Bytes query = query_bytes(question);
        if (question.over_tcp) {
            test::TcpClient client(server_->address(), source);
            client.send(framed(query));
            return test::read_by_ldns(client.receive());
        }
        test::UdpClient client(server_->address(), source);
        client.send(query);
        return test::read_by_ldns(client.receive());
    }

private:
    // RFC 1035 §4.2.2: the length goes before the message.
    static test::Bytes framed(const test::Bytes& message) {
        test::Bytes bytes{static_cast<std::uint8_t>(message.size() >> 8),
                          static_cast<std::uint8_t>(message.size())};
        bytes.insert(bytes.end(), message.begin(), message.end());
        return bytes;
    }

    test::LiveSite site_;
    std::optional<test::LiveServer> server_;
};

class Live : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Live, AnswersAsTheScenarioSays) {
    LiveHost host;
    play(GetParam(), host);
}

INSTANTIATE_TEST_SUITE_P(Scenario, Live, testing::ValuesIn(scenario_files(OSTRAKON_SCENARIOS)),
                         [](const auto& file) { return test_name(file.param); });

}  // namespace
}  // namespace ostrakon::scenario
