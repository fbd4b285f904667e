// ostrakon complaint add: takes a complaint into the ledger, with the whole message as evidence.
#include "arguments.hpp"
#include "database.hpp"
#include "input.hpp"
#include "json.hpp"
#include "messages.hpp"
#include "ostrakon/feed/complaint_mail.hpp"
#include "ostrakon/policy/complaints.hpp"
#include "ostrakon/policy/content_hash.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

class ComplaintAddCommand : public Command {
public:
    Description describe() const override {
        return {.name = "complaint add",
                .summary = "take a complaint into the ledger, its message as evidence",
                .details =
                    "Reads a report by RFC 5965 or the message that is complained about, as it is "
                    "or attached, and keeps it whole. The address that sent it is the report's "
                    "Source-IP, else the first in its Received lines that [protect] never does not "
                    "hold.",
                .examples = {"ostrakon complaint add report.eml",
                             "ostrakon complaint add - --ban --reason \"spam to our users\" < "
                             "spam.eml",
                             "ostrakon complaint add mail.eml --subject 192.0.2.7"}};
    }
    void declare(OptionSet& options) override {
        options.operand("FILE", file_, "the message; - for standard input");
        options.value("--subject", "SUBJECT", subject_,
                      "whom it is about, in place of what it says");
        options.flag("--ban", ban_, "ban the subject as well");
        options.value("--reason", "TEXT", reason_, "of that ban; it is part of the answer");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const policy::Author author = author_of(common, "complaint add");
        if (reason_ && !ban_) {
            return wrong_usage("--reason", "is the reason of a ban", "say --ban as well");
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto added = read();
        if (!added) {
            return Unexpected{std::move(added.error())};
        }
        added->confirmed = common.yes;
        auto database =
            open_for_writing(*settings, common, "complaint add", store::Access::ReadWrite);
        if (!database) {
            return Unexpected{std::move(database.error())};
        }
        const auto taken = policy::add_complaint(database->environment, *settings, *added, author);
        if (!taken) {
            return Unexpected{taken.error()};
        }
        notes(taken->report.notes, common.quiet);
        if (common.json) {
            return Outcome{0, taken_complaint_json(*taken)};
        }
        return Outcome{0, common.quiet ? "" : text_of(*taken)};
    }

private:
    Result<policy::NewComplaint> read() const {
        policy::NewComplaint added;
        auto reason = reason_ ? reason_of(*reason_) : Result<std::string>{std::string{}};
        if (!reason) {
            return Unexpected{std::move(reason.error())};
        }
        added.reason = std::move(*reason);
        added.ban = ban_;
        if (subject_) {
            const auto subject = policy::parse_ban_subject(*subject_, true);
            if (!subject) {
                return Unexpected{subject.error()};
            }
            added.complaint.subject = policy::to_string(*subject);
        }
        const auto bytes = read_input(file_, feed::kComplaintSizeMax);
        if (!bytes) {
            return Unexpected{bytes.error()};
        }
        const auto mail = feed::read_complaint_mail(input_name(file_), *bytes);
        if (!mail) {
            return Unexpected{mail.error()};
        }
        for (const net::Address& sender : mail->senders) {
            if (auto subject = policy::parse_subject(net::to_string(sender))) {
                added.candidates.push_back(std::move(*subject));
            }
        }
        // A domain that is none is left out, so that whoever reads it later need not ask.
        const auto domain = policy::parse_subject(mail->domain);
        if (domain && std::holds_alternative<policy::NameSubject>(*domain)) {
            added.complaint.domain = policy::to_string(*domain);
        }
        added.complaint.kind = mail->kind;
        added.complaint.reporter = mail->reporter;
        added.complaint.arrived = mail->arrived;
        added.complaint.message_hash = policy::content_hash(*bytes);
        added.complaint.message_size = bytes->size();
        added.packed_message = feed::pack_message(*bytes);
        return added;
    }

    static std::string text_of(const policy::TakenComplaint& taken) {
        std::string text =
            fmt::format("complaint {} about {}\n", taken.complaint.id, taken.complaint.subject);
        for (const store::Listing& listing : taken.report.listings) {
            text += fmt::format("{} is {} ({})\n", listing.subject,
                                listing.state == store::ListingState::Warning ? "warned" : "banned",
                                listing.listing_class);
        }
        return text;
    }

    std::string file_;
    std::optional<std::string> subject_;
    std::optional<std::string> reason_;
    bool ban_ = false;
};

}  // namespace

std::unique_ptr<Command> make_complaint_add() {
    return std::make_unique<ComplaintAddCommand>();
}

}  // namespace ostrakon::tool
