// Plays a scenario without programs: commands call the policy, questions respond(), and the clock
// is a number.
#pragma once

#include "scenario/runner/host.hpp"

#include "ostrakon/config/settings.hpp"
#include "ostrakon/responder/respond.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/transaction.hpp"
#include "support/temporary_directory.hpp"

#include <memory>

namespace ostrakon::scenario {

class InProcessHost : public Host {
public:
    Result<Done> set_up(const std::map<std::string, std::string>& files) override;
    int run(const Command& command, std::string& output) override;
    bool wait(Duration length) override;
    std::optional<test::MessageText> ask(const Question& question) override;

    /// The answer's bytes, empty if there is none. Reports to GoogleTest if answering allocated
    /// anything.
    test::Bytes answer_to(const test::Bytes& query, const responder::Client& client);
    const responder::Site& site() const { return *site_; }
    UnixTime time() const { return now_; }
    /// From now on there is no snapshot, as with a database that cannot be read.
    void lose_snapshot() { has_snapshot_ = false; }

private:
    bool matches_patterns();
    test::TemporaryDirectory directory_;
    config::Settings settings_;
    std::optional<store::Environment> environment_;
    std::unique_ptr<responder::Site> site_;
    std::optional<verdict::Judge> judge_;
    bool has_snapshot_ = true;
    UnixTime now_{1'767'225'600};  // 2026-01-01
};

}  // namespace ostrakon::scenario
