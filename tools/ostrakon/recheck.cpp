#include "recheck.hpp"

#include "messages.hpp"
#include "name_knowledge.hpp"
#include "ostrakon/diagnose/diagnosis.hpp"

#include <algorithm>
#include <chrono>

namespace ostrakon::tool {
namespace {

using Clock = std::chrono::steady_clock;

// What is left over is due at the next run, a minute later.
constexpr std::size_t kRechecksMax = 200;
constexpr std::chrono::seconds kRechecksTime{40};

}  // namespace

std::vector<policy::Rechecked> recheck_due(store::Environment& environment,
                                           const config::Settings& settings,
                                           const CommonOptions& common) {
    std::vector<policy::Rechecked> rechecked;
    if (!settings.lifecycle.recheck) {
        return rechecked;
    }
    auto due = policy::due_rechecks(environment, *settings.lifecycle.recheck, now(), kRechecksMax);
    if (!due) {
        note(message(due.error()), common.quiet);
        return rechecked;
    }
    if (due->empty()) {
        return rechecked;
    }
    // Without all of it a check would be left out, and what failed it would fall away.
    const auto names = read_name_knowledge(settings, common);
    if (!names.is_whole()) {
        return rechecked;
    }
    const Clock::time_point end = Clock::now() + kRechecksTime;
    for (policy::DueRecheck& each : *due) {
        diagnose::Budget budget;
        budget.total =
            std::min(budget.total,
                     std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()));
        if (budget.total <= budget.a_try) {
            break;
        }
        auto resolver = diagnose::Resolver::open(settings.diagnose.resolver, budget);
        if (!resolver) {
            note("rechecks: " + message(resolver.error()), common.quiet);
            break;
        }
        const auto& diagnosed = *each.listing.diagnosed;
        const auto diagnosis =
            diagnose::diagnose(*resolver, {each.address, diagnosed.helo, diagnosed.sender},
                               settings.protect, now(), names.view());
        rechecked.push_back({std::move(each.listing), diagnosis.passes()});
    }
    return rechecked;
}

}  // namespace ostrakon::tool
