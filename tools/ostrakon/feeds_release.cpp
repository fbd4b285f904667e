// ostrakon feeds accept, ostrakon feeds rollback: what is held is served, or what was served
// before.
#include "messages.hpp"
#include "pull_json.hpp"
#include "pull_text.hpp"
#include "pulling.hpp"

namespace ostrakon::tool {
namespace {

using Release = Result<pull::FeedReport> (*)(const pull::PullSite& site,
                                             const config::FeedSettings& feed);

// One way for both: they differ in what they ask of module pull.
Result<Outcome> release(const CommonOptions& common, const std::string& name,
                        const std::string& command, Release wanted) {
    const auto pulling = begin_pulling(common, {name}, command);
    if (!pulling) {
        return Unexpected{pulling.error()};
    }
    const pull::PullSite site = pull_site(**pulling, common, command + " " + name);
    const auto report = wanted(site, *(*pulling)->feeds.front());
    if (!report) {
        return Unexpected{report.error()};
    }
    notes(report->notes, common.quiet);
    return Outcome{0, common.json    ? pull_json({*report})
                      : common.quiet ? ""
                                     : pull_text({*report})};
}

class AcceptCommand : public Command {
public:
    Description describe() const override {
        return {.name = "feeds accept",
                .summary = "serve the version of a feed that is held",
                .details =
                    "Takes the version in that `ostrakon pull` has held, whatever spoke "
                    "against it; `ostrakon feeds` says what that was. After a rollback it "
                    "lets new versions in again.",
                .examples = {"ostrakon feeds accept spamhaus-drop"}};
    }
    void declare(OptionSet& options) override { options.operand("NAME", name_, "the feed"); }
    Result<Outcome> run(const CommonOptions& common) override {
        return release(common, name_, "feeds accept", pull::accept);
    }

private:
    std::string name_;
};

class RollbackCommand : public Command {
public:
    Description describe() const override {
        return {.name = "feeds rollback",
                .summary = "serve the version of a feed before this one",
                .details =
                    "Goes back to the version that was served before, and holds what is "
                    "fetched from now on until `ostrakon feeds accept`. The last three "
                    "versions are kept.",
                .examples = {"ostrakon feeds rollback spamhaus-drop"}};
    }
    void declare(OptionSet& options) override { options.operand("NAME", name_, "the feed"); }
    Result<Outcome> run(const CommonOptions& common) override {
        return release(common, name_, "feeds rollback", pull::roll_back);
    }

private:
    std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_feeds_accept() {
    return std::make_unique<AcceptCommand>();
}
std::unique_ptr<Command> make_feeds_rollback() {
    return std::make_unique<RollbackCommand>();
}

}  // namespace ostrakon::tool
