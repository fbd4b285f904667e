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

// Both commands: they differ in what they say of themselves and ask of module pull.
class ReleaseCommand : public Command {
public:
    ReleaseCommand(Description description, Release wanted)
        : description_(std::move(description)), wanted_(wanted) {}

    Description describe() const override { return description_; }
    void declare(OptionSet& options) override { options.operand("NAME", name_, "the feed"); }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto pulling = begin_pulling(common, {name_}, description_.name);
        if (!pulling) {
            return Unexpected{pulling.error()};
        }
        const pull::PullSite site = pull_site(**pulling, common, description_.name + " " + name_);
        const auto report = wanted_(site, *(*pulling)->feeds.front());
        if (!report) {
            return Unexpected{report.error()};
        }
        notes(report->notes, common.quiet);
        return Outcome{0, common.json    ? pull_json({*report})
                          : common.quiet ? ""
                                         : pull_text({*report})};
    }

private:
    Description description_;
    Release wanted_;
    std::string name_;
};

}  // namespace

std::unique_ptr<Command> make_feeds_accept() {
    return std::make_unique<ReleaseCommand>(
        Description{.name = "feeds accept",
                    .summary = "serve the version of a feed that is held",
                    .details = "Takes the version in that `ostrakon pull` has held, whatever spoke "
                               "against it; `ostrakon feeds` says what that was. After a rollback "
                               "it lets new versions in again.",
                    .examples = {"ostrakon feeds accept spamhaus-drop"}},
        pull::accept);
}

std::unique_ptr<Command> make_feeds_rollback() {
    return std::make_unique<ReleaseCommand>(
        Description{.name = "feeds rollback",
                    .summary = "serve the version of a feed before this one",
                    .details = "Goes back to the version that was served before, and holds what is "
                               "fetched from now on until `ostrakon feeds accept`. The last three "
                               "versions are kept.",
                    .examples = {"ostrakon feeds rollback spamhaus-drop"}},
        pull::roll_back);
}

}  // namespace ostrakon::tool
