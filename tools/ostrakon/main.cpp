// The companion tool `ostrakon`: the list of its commands, and the one place that prints and picks
// the exit status.
#include "command_line.hpp"
#include "messages.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

namespace {

using namespace ostrakon;
using namespace ostrakon::tool;

constexpr int kSystemStatus = 4;

std::vector<std::unique_ptr<Command>> all_commands() {
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(make_init());
    commands.push_back(make_ban());
    commands.push_back(make_allow());
    commands.push_back(make_unban());
    commands.push_back(make_why());
    commands.push_back(make_show());
    commands.push_back(make_list());
    commands.push_back(make_import());
    commands.push_back(make_export());
    commands.push_back(make_map());
    commands.push_back(make_pull());
    commands.push_back(make_feeds_list());
    commands.push_back(make_feeds_accept());
    commands.push_back(make_feeds_rollback());
    commands.push_back(make_feeds_catalogue());
    commands.push_back(make_feeds_add());
    commands.push_back(make_feeds_remove());
    commands.push_back(make_history());
    commands.push_back(make_changes());
    commands.push_back(make_undo());
    commands.push_back(make_expire());
    commands.push_back(make_diagnose());
    commands.push_back(make_request_list());
    commands.push_back(make_request_show());
    commands.push_back(make_request_add());
    commands.push_back(make_request_accept());
    commands.push_back(make_request_decline());
    commands.push_back(make_request_notify());
    commands.push_back(make_complaint_add());
    commands.push_back(make_complaint_valid());
    commands.push_back(make_complaint_invalid());
    commands.push_back(make_complaint_list());
    commands.push_back(make_complaint_show());
    commands.push_back(make_zone_list());
    commands.push_back(make_zone_check());
    commands.push_back(make_zone_retire());
    commands.push_back(make_partner_add());
    commands.push_back(make_partner_list());
    commands.push_back(make_partner_revoke());
    commands.push_back(make_client_config());
    commands.push_back(make_stats());
    commands.push_back(make_top());
    commands.push_back(make_check());
    commands.push_back(make_backup());
    commands.push_back(make_restore());
    commands.push_back(make_compare());
    commands.push_back(make_completion(all_commands));
    commands.push_back(make_names());
    commands.push_back(make_manual(all_commands));
    return commands;
}

// What cannot be written completely has not been said.
int write_out(const std::string& text, int status) {
    const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!is_written || std::fflush(stdout) != 0) {
        complain(Error{ErrorCode::System, "write to standard output", std::strerror(errno), ""});
        return kSystemStatus;
    }
    return status;
}

int run(int argc, char** argv) {
    const auto commands = all_commands();
    Call call = read_command_line(argc, argv, commands);
    if (call.command == nullptr) {
        if (call.status != 0) {
            std::fputs(call.text.c_str(), stderr);
            return call.status;
        }
        return write_out(call.text, 0);
    }
    const auto outcome = call.command->run(call.common);
    if (!outcome) {
        complain(outcome.error());
        return exit_status(outcome.error().code);
    }
    return write_out(outcome->output, outcome->status);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        complain(Error{ErrorCode::System, "", "out of memory", ""});
    } catch (const std::exception& error) {
        complain(Error{ErrorCode::System, "", error.what(), ""});
    }
    return kSystemStatus;
}
