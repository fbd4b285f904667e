#include "scenario/runner/in_process_host.hpp"

#include "ostrakon/verdict/read_rulebook.hpp"
#include "scenario/runner/command_runner.hpp"

#include "support/allocation_counter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ostrakon::scenario {
namespace {

constexpr std::string_view kMainFile = "ostrakon.toml";
constexpr std::uint64_t kDatabaseSizeBytes = std::uint64_t{64} << 20;
constexpr net::Ipv4 kLoopback{0x7F000001};

// A file as an administrator keeps it who puts keys into it.
void write_private(const test::TemporaryDirectory& directory, const std::string& path,
                   std::string_view text) {
    std::filesystem::permissions(
        directory.write(path, text),
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace

Result<Done> InProcessHost::set_up(const std::map<std::string, std::string>& files) {
    const auto database = directory_.path() / "db";
    std::filesystem::create_directory(database);
    std::string main_file = fmt::format("[database]\npath = \"{}\"\n", database.string());
    for (const auto& [path, text] : files) {
        if (path == kMainFile) {
            main_file += text;
        } else {
            write_private(directory_, path, text);
        }
    }
    auto settings = config::read_settings(directory_.write(std::string{kMainFile}, main_file));
    if (!settings) {
        return Unexpected{settings.error()};
    }
    settings_ = std::move(*settings);
    auto zones = config::read_zones(settings_);
    if (!zones) {
        return Unexpected{zones.error()};
    }
    auto environment = store::Environment::open({.directory = database,
                                                 .access = store::Access::ReadWriteCreate,
                                                 .size_bytes = kDatabaseSizeBytes});
    if (!environment) {
        return Unexpected{environment.error()};
    }
    environment_ = std::move(*environment);
    auto signing_keys = config::read_tsig_keys(settings_, *zones);
    if (!signing_keys) {
        return Unexpected{signing_keys.error()};
    }
    const auto rulebook = verdict::read_rulebook(settings_, *zones, now_);
    if (!rulebook) {
        return Unexpected{rulebook.error()};
    }
    partner::UseCounters uses;
    const auto keys = partner::read_all_keys((*rulebook)->zones, uses);
    if (!keys) {
        return Unexpected{keys.error()};
    }
    site_ = std::make_unique<responder::Site>(
        *rulebook,
        responder::ResponderSettings{settings_.server.udp_payload_bytes, settings_.server.version,
                                     settings_.server.nsid},
        *keys,
        std::make_shared<const responder::SecondarySettings>(
            responder::SecondarySettings{std::move(signing_keys->keys), settings_.catalog}));
    judge_.emplace(*environment_, *rulebook);
    return Done{};
}

int InProcessHost::run(const Command& command, std::string& output) {
    return run_command(*environment_, settings_, command, now_, output);
}

bool InProcessHost::wait(Duration length) {
    now_.seconds += length.seconds;
    return true;
}

// RE2 takes memory for what it learns while it matches names, and for the numbers of what matches.
bool InProcessHost::matches_patterns() {
    const auto snapshot = store::Snapshot::begin(*environment_);
    return site_->rulebook().dynamic_names != nullptr || !snapshot ||
           snapshot->count(store::Table::IndexPattern) != 0;
}

test::Bytes InProcessHost::answer_to(const test::Bytes& query, const responder::Client& client) {
    // Exactly as large as answers may get, so that AddressSanitizer sees every byte behind it.
    test::Bytes answer(client.transport == responder::Transport::Udp
                           ? responder::kUdpAnswerSizeMax
                           : responder::kTcpAnswerSizeMax);
    const bool has_snapshot = judge_->renew() && has_snapshot_;
    const std::size_t allocated_before = test::allocation_count();
    const std::size_t size =
        responder::respond(query, client, *site_, *judge_, has_snapshot, now_, answer);
    if (!matches_patterns()) {
        EXPECT_EQ(test::allocation_count(), allocated_before) << "answering allocates nothing";
    }
    judge_->reset();
    answer.resize(size);
    return answer;
}

std::optional<test::MessageText> InProcessHost::ask(const Question& question) {
    const responder::Client client{
        question.client.value_or(kLoopback),
        question.over_tcp ? responder::Transport::Tcp : responder::Transport::Udp};
    return test::read_by_ldns(answer_to(query_bytes(question), client));
}

}  // namespace ostrakon::scenario
