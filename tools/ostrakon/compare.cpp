// ostrakon compare: the queries of a log, asked of this database and of another server.
#include "arguments.hpp"
#include "compare_text.hpp"
#include "database.hpp"
#include "input.hpp"
#include "messages.hpp"
#include "ostrakon/compare/foreign_names.hpp"
#include "ostrakon/compare/other_side.hpp"
#include "ostrakon/compare/own_side.hpp"
#include "ostrakon/compare/question_set.hpp"
#include "ostrakon/verdict/read_rulebook.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "server_word.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

constexpr std::uint64_t kDifferencesShown = 100;

void note_lines(const compare::QuestionSet& log, bool quiet) {
    if (log.without_query() > 0) {
        note(
            counted(log.without_query(), "line is no query", "lines are no queries") + ", left out",
            quiet);
    }
    if (log.not_compared() > 0) {
        note(counted(log.not_compared(), "query is", "queries are") +
                 " of another class, or for more than one type, left out",
             quiet);
    }
    if (log.beyond_max() > 0) {
        note(fmt::format("more than {} distinct questions: {} left out; split the log",
                         grouped(compare::kQuestionsMax),
                         counted(log.beyond_max(), "further line is", "further lines are")),
             quiet);
    }
}

class CompareCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "compare",
            .summary = "ask this database and another server every query of a log",
            .details =
                "Reads the queries of a log, asks another server each distinct one, compares its "
                "answer with what ostrakond would answer from this database, and prints each "
                "difference: whether listed, and the A codes. TTLs never count. Whether a name "
                "that is not listed does not exist (NXDOMAIN) or has no such record (NODATA) is "
                "counted by itself, and is a difference with --strict alone: rbldnsd says NXDOMAIN "
                "also where something is listed below (RFC 8020 forbids that). Here every zone "
                "answers as to a client that it lets in. Exit status 0: no difference, 1: "
                "something differs, or was not answered.",
            .terms_title = "Lines of a log, recognised one by one",
            .terms = {{"ostrakond",
                       "what [log] queries says: TIME CLIENT NAME TYPE RCODE CODES PARTNER"},
                      {"rbldnsd -l", "SECONDS CLIENT NAME TYPE CLASS: RCODE/RECORDS/SIZE"},
                      {"BIND", "the category queries: ... query: NAME CLASS TYPE FLAGS"},
                      {"NAME [TYPE]", "a question a line; else the type is A"}},
            .examples = {"ostrakon compare queries.log --against 192.0.2.53:53",
                         "ostrakon compare names.txt --against 127.0.0.1:5300 --text",
                         "zcat queries.log.1.gz | ostrakon compare - --against 192.0.2.53:53 "
                         "--rate 200 --json"}};
    }
    void declare(OptionSet& options) override {
        options.operand("FILE", file_, "the log; - is standard input");
        options.required_value("--against", "HOST:PORT", against_, "the other server");
        options.flag("--text", with_texts_,
                     "compare texts as well; each name that is asked for A is asked for TXT too");
        options.flag("--strict", is_strict_, "NXDOMAIN and NODATA are different answers");
        options.value("--rate", "N", rate_, "packets a second at most; else 1000");
        options.value("--limit", "N", limit_, "differences shown at most; else 100");
    }

    Result<Outcome> run(const CommonOptions& common) override {
        auto asking = asking_of_words();
        const auto limit = count_of("--limit", limit_);
        if (!asking || !limit) {
            return Unexpected{!asking ? asking.error() : limit.error()};
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto rulebook = rulebook_of(*settings);
        if (!rulebook) {
            return Unexpected{std::move(rulebook.error())};
        }
        compare::QuestionSet log;
        if (auto read = compare::read_log(file_, log); !read) {
            return Unexpected{std::move(read.error())};
        }
        if (with_texts_) {
            log.add_text_questions();
        }
        note_lines(log, common.quiet);
        auto comparison = compare_all(*asking, *settings, std::move(*rulebook), log, common);
        if (!comparison) {
            return Unexpected{std::move(comparison.error())};
        }
        const ComparisonReport report{*comparison, config::to_string(asking->server), log.lines(),
                                      log.without_query(),
                                      log.questions().size() - comparison->questions()};
        const bool is_equal = comparison->different() + comparison->unanswered() == 0;
        return Outcome{is_equal ? 0 : 1,
                       common.json
                           ? comparison_json(report)
                           : comparison_text(report, *limit == 0 ? kDifferencesShown : *limit,
                                             style_of(STDOUT_FILENO))};
    }

private:
    Result<compare::Asking> asking_of_words() const {
        const auto server = server_of_word("--against", against_);
        if (!server) {
            return Unexpected{server.error()};
        }
        const auto rate = count_of("--rate", rate_);
        if (!rate) {
            return Unexpected{rate.error()};
        }
        if (*rate > compare::kRateMax) {
            return wrong_usage(fmt::format("--rate {}", *rate),
                               fmt::format("is more than {}", compare::kRateMax), "");
        }
        compare::Asking asking{.server = *server};
        asking.packets_per_second = *rate == 0 ? compare::kRateDefault : *rate;
        return asking;
    }

    static Result<std::shared_ptr<verdict::Rulebook>> rulebook_of(
        const config::Settings& settings) {
        auto zones = config::read_zones(settings);
        if (!zones) {
            return Unexpected{std::move(zones.error())};
        }
        if (zones->zones.empty()) {
            return wrong_usage("compare",
                               "there is no zone in " + settings.zones_directory.string(),
                               "`ostrakon init` writes a first one");
        }
        return verdict::read_rulebook(settings, *zones, now());
    }

    // The questions of the log that are for a zone of ours. The others are told.
    Result<std::vector<const compare::QuestionSet::Counted*>> questions_for_us(
        const compare::QuestionSet& log, const verdict::Rulebook& rulebook, bool quiet) const {
        std::vector<const compare::QuestionSet::Counted*> ours;
        compare::ForeignNames foreign;
        for (const auto* const counted : log.questions()) {
            if (compare::is_in_zone(rulebook, counted->first.name)) {
                ours.push_back(counted);
            } else {
                foreign.add(counted->first.name, counted->second);
            }
        }
        notes(foreign.notes(), quiet);
        if (ours.empty()) {
            return wrong_usage("read " + input_name(file_),
                               log.questions().empty() ? "there is no query in it"
                                                       : "no query in it is for a zone of ours",
                               "`ostrakon compare --help` shows what is read");
        }
        return ours;
    }

    Result<compare::Comparison> compare_all(const compare::Asking& asking,
                                            const config::Settings& settings,
                                            std::shared_ptr<verdict::Rulebook> rulebook,
                                            const compare::QuestionSet& log,
                                            const CommonOptions& common) const {
        const auto counted = questions_for_us(log, *rulebook, common.quiet);
        if (!counted) {
            return Unexpected{counted.error()};
        }
        std::vector<compare::Question> questions;
        for (const auto* const one : *counted) {
            questions.push_back(one->first);
        }
        const auto reader = compare::AnswerReader::open();
        if (!reader) {
            return Unexpected{reader.error()};
        }
        auto environment = open_for_reading(settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        compare::OwnSide own{std::move(rulebook), *environment};
        compare::Comparison comparison{{.with_texts = with_texts_, .is_strict = is_strict_}};
        Progress progress{common.quiet};
        const auto take = [&](std::size_t place, const compare::Bytes& theirs) -> Result<Done> {
            const compare::Question& question = questions[place];
            const auto ours = own.answer_to(compare::write_question(question, 0));
            if (!ours) {
                return Unexpected{ours.error()};
            }
            comparison.add(question, (*counted)[place]->second, reader->read(*ours, question),
                           reader->read(theirs, question));
            progress.show("asking", comparison.questions(), questions.size());
            return Done{};
        };
        if (auto asked = compare::ask_all(asking, questions, take); !asked) {
            return Unexpected{std::move(asked.error())};
        }
        comparison.sort();
        return comparison;
    }

    std::string file_, against_;
    bool with_texts_ = false;
    bool is_strict_ = false;
    std::optional<std::string> rate_, limit_;
};

}  // namespace

std::unique_ptr<Command> make_compare() {
    return std::make_unique<CompareCommand>();
}

}  // namespace ostrakon::tool
