// ostrakon pull: fetches the feeds that are due.
#include "ostrakon/pull/pull.hpp"

#include "arguments.hpp"
#include "messages.hpp"
#include "output.hpp"
#include "progress_board.hpp"
#include "pull_json.hpp"
#include "pull_text.hpp"
#include "pulling.hpp"

#include <unistd.h>
#include <algorithm>

namespace ostrakon::tool {
namespace {

bool is_amiss(const pull::FeedReport& report) {
    return report.result == pull::FeedResult::Held || report.result == pull::FeedResult::Failed;
}

class PullCommand : public Command {
public:
    Description describe() const override {
        return {.name = "pull",
                .summary = "fetch the feeds that are due",
                .details =
                    "Fetches every feed that is due, or of those that are named, checks what came "
                    "and swaps it in; a timer runs this every 5 minutes. Each feed is one change "
                    "set. What is odd (much smaller or larger, too wide, damaged, a web page in "
                    "place of a list) is held: what was served stays, and `ostrakon feeds accept` "
                    "takes it. Exit status 1: a feed failed or is held; the others are done.",
                .examples = {"ostrakon pull", "ostrakon pull --force spamhaus-drop",
                             "ostrakon pull --dry-run"}};
    }
    void declare(OptionSet& options) override {
        options.optional_operands("FEED", names_, "only these");
        options.flag("--force", force_, "fetch the named feeds now, due or not");
        options.flag("--i-know", is_sure_, "with --force: also sooner than the publisher asks for");
        options.flag("--dry-run", dry_run_, "fetch and compare, but change nothing");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        if (force_ && names_.empty()) {
            return wrong_usage("--force", "is for feeds that are named",
                               "write it as in `ostrakon pull --force spamhaus-drop`");
        }
        if (is_sure_ && !force_) {
            return wrong_usage("--i-know", "goes with --force", "");
        }
        const auto pulling = begin_pulling(common, names_, "pull");
        if (!pulling) {
            return Unexpected{pulling.error()};
        }
        if ((*pulling)->feeds.empty()) {
            note("no feed is to be pulled; `ostrakon feeds catalogue` shows what can be added",
                 common.quiet);
        }
        ProgressBoard board{common.quiet || common.json};
        pull::PullSite site = pull_site(**pulling, common, "pull");
        site.progress = [&board](const std::string& feed, std::string_view stage,
                                 std::uint64_t done,
                                 std::uint64_t total) { board.show(feed, stage, done, total); };
        site.tell = [&board](const pull::FeedReport& report) { board.remove(report.name); };
        const auto reports = pull::pull(site, {names_, force_, is_sure_, dry_run_});
        board.clear();
        if (!reports) {
            return Unexpected{reports.error()};
        }
        const int status = std::any_of(reports->begin(), reports->end(), is_amiss) ? 1 : 0;
        if (common.json) {
            return Outcome{status, pull_json(*reports)};
        }
        return Outcome{status, common.quiet ? quiet_pull_text(*reports)
                               : isatty(STDOUT_FILENO) == 1
                                   ? pull_table(*reports, output_width(), style_of(STDOUT_FILENO))
                                   : pull_text(*reports)};
    }

private:
    std::vector<std::string> names_;
    bool force_ = false;
    bool is_sure_ = false;
    bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_pull() {
    return std::make_unique<PullCommand>();
}

}  // namespace ostrakon::tool
