// ostrakon expire: tidies up what has ended, and diagnoses again. A timer runs it.
#include "arguments.hpp"
#include "change_text.hpp"
#include "database.hpp"
#include "ostrakon/config/zones_hash.hpp"
#include "recheck.hpp"

namespace ostrakon::tool {
namespace {

class ExpireCommand : public Command {
public:
    Description describe() const override {
        return {.name = "expire",
                .summary = "tidy up what has ended (a timer runs this)",
                .details =
                    "Moves what has ended into the history. Answers do not need it: they honour "
                    "each end to the second. Diagnoses servers again that diagnose --ban has "
                    "listed, as often as [lifecycle] recheck says; those whose checks pass now "
                    "are no longer listed. Takes over which maps [geo] names; where an AS or "
                    "country that is banned would grow more than tenfold, or another rule for new "
                    "maps is broken, that is held until --yes. Where a feed has gone stale or a "
                    "zone's file has changed, the serial rises, so that secondaries hear of it.",
                .examples = {"ostrakon expire", "ostrakon expire --quiet"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto early = open_early(*settings);
        if (!early) {
            return Unexpected{std::move(early.error())};
        }
        if (!*early) {  // this says why
            auto database = open_for_writing(*settings, common, "expire", store::Access::ReadWrite);
            return database ? write(database->environment, *settings, {}, common)
                            : Unexpected{std::move(database.error())};
        }
        const auto rechecked = recheck_due(**early, *settings, common);
        const auto lock = lock_for_writing(*settings, common, "expire");
        return lock ? write(**early, *settings, rechecked, common) : Unexpected{lock.error()};
    }

private:
    static Result<Outcome> write(store::Environment& environment, const config::Settings& settings,
                                 const std::vector<policy::Rechecked>& rechecked,
                                 const CommonOptions& common) {
        const auto report =
            policy::expire(environment, settings, author_of(common, "expire"), common.yes,
                           rechecked, config::zones_hash(settings, now()));
        if (!report) {
            return Unexpected{report.error()};
        }
        return change_outcome(*report, common);
    }
};

}  // namespace

std::unique_ptr<Command> make_expire() {
    return std::make_unique<ExpireCommand>();
}

}  // namespace ostrakon::tool
