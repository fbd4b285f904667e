// What a command of the tool is. Each lives in a file of its own, which has nothing else; main.cpp
// has the list of them.
#pragma once

#include "option_set.hpp"
#include "ostrakon/base/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// The options that every command takes, before or behind its name.
struct CommonOptions {
    std::optional<std::string> config_file;
    std::optional<std::string> database;
    std::optional<std::string> by;
    std::optional<std::string> wait;
    bool json = false;
    bool quiet = false;
    bool yes = false;
};

/// What a command that was carried out leaves. A failure is an Error instead, so that nothing has
/// been printed by then.
struct Outcome {
    int status = 0;      ///< 0 yes or done, 1 no.
    std::string output;  ///< All of what goes to stdout.
};

/// A word and what it means.
struct Term {
    std::string name;
    std::string meaning;
};

/// How a command presents itself in help texts.
struct Description {
    std::string name;              ///< "ban", "zone list".
    std::string summary;           ///< One line for the overview.
    std::string details;           ///< Sentences for its own help.
    std::string terms_title = {};  ///< "Formats": a list behind the options; empty: none.
    std::vector<Term> terms = {};
    bool is_for_its_group = false;  ///< "feeds" alone means this one, "feeds list".
    bool is_hidden = false;         ///< Not for people: no overview, no man page, no completion.
    std::vector<std::string>
        examples;  ///< Whole command lines; the first is shown with a wrong use.
};

class Command {
public:
    virtual ~Command() = default;
    virtual Description describe() const = 0;
    virtual void declare(OptionSet& options) = 0;
    /// Called once, with the declared options filled in.
    virtual Result<Outcome> run(const CommonOptions& common) = 0;
};

/// Makes every command there is; main.cpp has it.
using CommandList = std::vector<std::unique_ptr<Command>> (*)();

std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_ban();
std::unique_ptr<Command> make_allow();
std::unique_ptr<Command> make_unban();
std::unique_ptr<Command> make_why();
std::unique_ptr<Command> make_show();
std::unique_ptr<Command> make_list();
std::unique_ptr<Command> make_import();
std::unique_ptr<Command> make_export();
std::unique_ptr<Command> make_map();
std::unique_ptr<Command> make_pull();
std::unique_ptr<Command> make_feeds_list();
std::unique_ptr<Command> make_feeds_accept();
std::unique_ptr<Command> make_feeds_rollback();
std::unique_ptr<Command> make_feeds_catalogue();
std::unique_ptr<Command> make_feeds_add();
std::unique_ptr<Command> make_feeds_remove();
std::unique_ptr<Command> make_history();
std::unique_ptr<Command> make_changes();
std::unique_ptr<Command> make_undo();
std::unique_ptr<Command> make_expire();
std::unique_ptr<Command> make_diagnose();
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_stats();
std::unique_ptr<Command> make_top();
std::unique_ptr<Command> make_backup();
std::unique_ptr<Command> make_restore();
std::unique_ptr<Command> make_compare();
std::unique_ptr<Command> make_request_list();
std::unique_ptr<Command> make_request_show();
std::unique_ptr<Command> make_request_add();
std::unique_ptr<Command> make_request_accept();
std::unique_ptr<Command> make_request_decline();
std::unique_ptr<Command> make_request_notify();
std::unique_ptr<Command> make_complaint_add();
std::unique_ptr<Command> make_complaint_valid();
std::unique_ptr<Command> make_complaint_invalid();
std::unique_ptr<Command> make_complaint_list();
std::unique_ptr<Command> make_complaint_show();
std::unique_ptr<Command> make_zone_list();
std::unique_ptr<Command> make_zone_check();
std::unique_ptr<Command> make_zone_retire();
std::unique_ptr<Command> make_partner_add();
std::unique_ptr<Command> make_partner_list();
std::unique_ptr<Command> make_partner_revoke();
std::unique_ptr<Command> make_completion(CommandList all);
std::unique_ptr<Command> make_names();
std::unique_ptr<Command> make_manual(CommandList all);
std::unique_ptr<Command> make_client_config();

}  // namespace ostrakon::tool
