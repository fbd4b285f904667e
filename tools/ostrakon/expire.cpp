// ostrakon expire: tidies up what has ended. A timer runs it.
#include "arguments.hpp"
#include "change_text.hpp"
#include "database.hpp"

namespace ostrakon::tool {
namespace {

class ExpireCommand : public Command {
public:
    Description describe() const override {
        return {.name = "expire",
                .summary = "tidy up what has ended (a timer runs this)",
                .details =
                    "Moves what has ended into the history. Answers do not need it: they honour "
                    "each end to the second. Takes over which maps [geo] names; where an AS or "
                    "country that is banned would grow more than tenfold, or another rule for new "
                    "maps is broken, that is held until --yes.",
                .examples = {"ostrakon expire", "ostrakon expire --quiet"}};
    }
    void declare(OptionSet& /*options*/) override {}
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author = author_of(common, "expire");
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto database = open_for_writing(*settings, common, "expire", store::Access::ReadWrite);
        if (!database) {
            return Unexpected{std::move(database.error())};
        }
        const auto report = policy::expire(database->environment, *settings, author, common.yes);
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
