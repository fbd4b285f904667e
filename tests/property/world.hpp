// The program's database and the model side by side, with one random change after the other made to
// both.
#pragma once

#include "model.hpp"
#include "random.hpp"
#include "subjects.hpp"

#include "ostrakon/config/settings.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::property {

/// Zones that differ in sources, classes, codes and texts: of blocks and of allows.
std::vector<zone::Zone> test_zones();

/// What a difference says; nothing where there is none.
using Difference = std::optional<std::string>;

class World {
public:
    World(std::uint64_t seed, Spread spread);

    /// Makes one change at random to both sides, some time after the last one.
    Difference step();
    /// What the last step was.
    const std::string& last_step() const { return last_step_; }

    /// Lets `expire` tidy up on both sides, at the present time.
    Difference expire();
    /// Closes the database and opens it again.
    void reopen();

    const Model& model() const { return model_; }
    const config::Settings& settings() const { return settings_; }
    const std::vector<zone::Zone>& zones() const { return rulebook_->zones; }
    store::Environment& environment() { return *environment_; }
    verdict::Judge& judge() { return *judge_; }
    Random& random() { return random_; }
    UnixTime now() const { return now_; }
    /// Whether the last step may have changed which addresses belong where.
    bool maps_have_changed() const { return maps_have_changed_; }

private:
    Difference make_step();
    Difference ban(bool is_allow);
    Difference unban();
    Difference lift_some();
    Difference shrink_feed();
    Difference import_own();
    Difference import_feed();
    Difference import_map();
    Difference import(policy::Import&& import, const std::vector<Line>& lines);
    Difference change_between();
    Difference undo();
    template <class Report>
    Difference compare(std::string_view what, std::optional<ErrorCode> expected,
                       const Result<Report>& done);

    policy::Subject some_subject();
    std::uint64_t crowd() const;
    std::vector<policy::Subject> some_subjects(std::uint64_t max);
    policy::Expiry some_expiry();
    std::optional<net::Ipv4> some_code();
    std::string some_reason();
    Line some_line(bool is_feed);
    void change_settings();
    policy::Author author(std::string command) const { return {"property", command, now_}; }

    Random random_;
    Spread spread_;
    test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
    config::Settings settings_;
    std::shared_ptr<const verdict::Rulebook> rulebook_;
    std::optional<verdict::Judge> judge_;
    Model model_;
    UnixTime now_{1'800'000'000};
    std::uint64_t steps_ = 0;
    bool maps_have_changed_ = false;
    bool is_between_ = false;  // of the comparison and the writing of an import
    std::string last_step_;
};

}  // namespace ostrakon::property
