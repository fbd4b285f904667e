// ostrakon complaint list, ostrakon complaint show: the ledger of complaints.
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/feed/complaint_mail.hpp"
#include "ostrakon/policy/complaints.hpp"
#include "output.hpp"
#include "records.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kComplaintCellSizeMax = 1024;

// RFC 4180; what a spreadsheet would take for a formula gets an apostrophe.
std::string csv_cell(std::string_view text) {
    std::string cell = printable(text, kComplaintCellSizeMax);
    if (!cell.empty() && std::string_view{"=+-@"}.find(cell.front()) != std::string_view::npos) {
        cell.insert(cell.begin(), '\'');
    }
    if (cell.find_first_of(",\"") == std::string::npos) {
        return cell;
    }
    std::string quoted = "\"";
    for (const char c : cell) {
        quoted += c == '"' ? "\"\"" : std::string{c};
    }
    return quoted + "\"";
}

std::string csv_of(const std::vector<policy::ComplaintRow>& rows) {
    std::string text =
        "id,received,subject,domain,kind,state,reporter,by,judged_by,judgement,complaints_of_"
        "subject,"
        "valid_of_subject\n";
    for (const auto& [complaint, total, valid] : rows) {
        text += fmt::format(
            "{},{},{},{},{},{},{},{},{},{},{},{}\n", complaint.id, to_string(complaint.received),
            csv_cell(complaint.subject), csv_cell(complaint.domain), csv_cell(complaint.kind),
            state_name(complaint.state), csv_cell(complaint.reporter), csv_cell(complaint.by),
            csv_cell(complaint.judged_by), csv_cell(complaint.judgement), total, valid);
    }
    return text;
}

class ComplaintListCommand : public Command {
public:
    Description describe() const override {
        return {.name = "complaint list",
                .summary = "the ledger of complaints, counted per subject",
                .details =
                    "Lists complaints, oldest first, with how many there are about the same "
                    "subject and how many of them are valid.",
                .examples = {"ostrakon complaint list",
                             "ostrakon complaint list --subject "
                             "192.0.2.0/24 --valid --since 2026-11-01",
                             "ostrakon complaint list --valid --csv"}};
    }
    void declare(OptionSet& options) override {
        options.value("--subject", "SUBJECT", subject_, "only about what lies in it");
        options.flag("--valid", valid_, "only those that are valid");
        options.value("--since", "DATE", since_, "only from then on");
        options.flag("--csv", csv_, "as comma-separated values");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        policy::ComplaintFilter filter;
        filter.only_valid = valid_;
        if (subject_) {
            auto subject = policy::parse_subject(*subject_);
            if (!subject) {
                return Unexpected{std::move(subject.error())};
            }
            filter.subject = std::move(*subject);
        }
        if (since_) {
            const auto since = parse_timestamp(*since_);
            if (!since) {
                return Unexpected{since.error()};
            }
            filter.since = *since;
        }
        const auto rows = read_from_database(common, [&](store::Environment& environment) {
            return policy::complaints(environment, filter);
        });
        if (!rows) {
            return Unexpected{rows.error()};
        }
        if (common.json || csv_) {
            return Outcome{0, common.json ? complaints_json(*rows) : csv_of(*rows)};
        }
        if (rows->empty()) {
            note("no complaint matches", common.quiet);
            return Outcome{};
        }
        Table table{{"ID", "RECEIVED", "STATE", "SUBJECT", "VALID", "DOMAIN"}};
        for (const auto& [complaint, total, valid] : *rows) {
            table.add({std::to_string(complaint.id), minute_of(complaint.received),
                       std::string{state_name(complaint.state)}, complaint.subject,
                       fmt::format("{} of {}", valid, total), complaint.domain});
        }
        return Outcome{0, table.print(output_width(), style_of(STDOUT_FILENO))};
    }

private:
    std::optional<std::string> subject_;
    std::optional<std::string> since_;
    bool valid_ = false;
    bool csv_ = false;
};

class ComplaintShowCommand : public Command {
public:
    Description describe() const override {
        return {.name = "complaint show",
                .summary = "one complaint, or its message as it came",
                .details = "Shows a complaint; with --message the message itself, byte by byte.",
                .examples = {"ostrakon complaint show 12",
                             "ostrakon complaint show 12 --message > evidence.eml"}};
    }
    void declare(OptionSet& options) override {
        options.operand("ID", id_, "its number, which `ostrakon complaint list` shows");
        options.flag("--message", message_, "only the message, as it came");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto shown = read_record(common, kComplaints, id_, policy::complaint);
        if (!shown) {
            return Unexpected{shown.error()};
        }
        const auto message =
            feed::unpack_message(shown->packed_message, shown->complaint.message_size);
        if (!message) {
            return Unexpected{Error{ErrorCode::Store,
                                    fmt::format("complaint {}", shown->complaint.id),
                                    "its message is damaged", "restore a backup"}};
        }
        if (message_) {
            return Outcome{0, *message};
        }
        if (common.json) {
            return Outcome{0, complaint_json(shown->complaint)};
        }
        return Outcome{0, text_of(shown->complaint)};
    }

private:
    static std::string text_of(const policy::Complaint& complaint) {
        std::string text = fmt::format("complaint {} about {}\n", complaint.id, complaint.subject);
        const auto field = [&text](std::string_view name, std::string_view value) {
            text += field_line(name, value, kComplaintCellSizeMax);
        };
        field("state", state_name(complaint.state));
        field("domain", complaint.domain);
        field("kind", complaint.kind);
        field("reporter", complaint.reporter);
        field("arrived", complaint.arrived ? minute_of(*complaint.arrived) : "");
        field("received", minute_of(complaint.received));
        field("by", complaint.by);
        field("judged", complaint.judged ? minute_of(*complaint.judged) : "");
        field("by", complaint.judged_by);
        field("reason", complaint.judgement);
        field("message", bytes_text(complaint.message_size));
        return text;
    }

    std::string id_;
    bool message_ = false;
};

}  // namespace

std::unique_ptr<Command> make_complaint_list() {
    return std::make_unique<ComplaintListCommand>();
}
std::unique_ptr<Command> make_complaint_show() {
    return std::make_unique<ComplaintShowCommand>();
}

}  // namespace ostrakon::tool
