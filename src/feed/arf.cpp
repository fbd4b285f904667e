// arf: reports by RFC 5965, one message or an mbox of them. Each lists the address that it reports.
#include "format.hpp"
#include "lines.hpp"
#include "ostrakon/feed/complaint_mail.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace ostrakon::feed {
namespace {

constexpr std::string_view kSeparator = "From ";  // RFC 4155: a line before each message

struct BoxedMail {
    std::string_view bytes;
    std::uint32_t line = 0;  // where it begins
};

// Gives the messages of an mbox, or the one that the bytes are, one after the other. Borrows them.
class Mailbox {
public:
    explicit Mailbox(std::string_view bytes)
        : bytes_(bytes), is_mbox_(bytes.starts_with(kSeparator)), lines_(bytes) {
        if (is_mbox_) {
            lines_.next(line_);
        }
    }

    bool next(BoxedMail& mail) {
        const std::size_t begin = lines_.consumed();
        if (begin >= bytes_.size()) {
            return false;
        }
        mail.line = line_.number + 1;
        std::size_t end = begin;
        bool is_after_blank = false;
        while (lines_.next(line_) &&
               !(is_mbox_ && is_after_blank && line_.text.starts_with(kSeparator))) {
            end = lines_.consumed();
            is_after_blank = line_.text.empty();
        }
        mail.bytes = bytes_.substr(begin, end - begin);
        return true;
    }
    std::size_t consumed() const { return lines_.consumed(); }

private:
    std::string_view bytes_;
    bool is_mbox_;
    Lines lines_;
    Line line_;
};

struct FeedbackKind {
    std::string_view name;    // its Feedback-Type
    std::string_view reason;  // empty: it says nothing against who sent the mail
};
// RFC 5965 §7.3, RFC 6430, RFC 6591; what none of them knows counts as "other".
constexpr std::array<FeedbackKind, 7> kFeedbackKinds{{
    {"abuse", "reported as unsolicited mail"},
    {"fraud", "reported as fraud"},
    {"virus", "reported as carrying a virus"},
    {"other", "reported by who got mail from there"},
    {"not-spam", ""},
    {"opt-out", ""},
    {"auth-failure", ""},
}};

const FeedbackKind& feedback_kind_of(const ComplaintMail& mail) {
    if (!mail.is_report) {
        return kFeedbackKinds[0];  // somebody's complaint, with the message attached
    }
    const auto* const found =
        std::find_if(kFeedbackKinds.begin(), kFeedbackKinds.end(),
                     [&](const FeedbackKind& kind) { return kind.name == mail.kind; });
    return found == kFeedbackKinds.end() ? kFeedbackKinds[3] : *found;
}

std::string mail_evidence(std::string_view message, Collector& collector, std::uint32_t line) {
    if (message.size() > kEvidenceSizeMax) {
        collector.note("cut", [line] {
            return fmt::format(
                "line {}: of this message the first {} bytes are kept as evidence; `ostrakon "
                "complaint add` keeps one whole",
                line, kEvidenceSizeMax);
        });
    }
    return std::string{message.substr(0, kEvidenceSizeMax)};
}

// The likeliest sender that may be listed.
std::optional<net::Address> likely_sender(const ComplaintMail& mail, const Document& document) {
    const auto found =
        std::find_if(mail.senders.begin(), mail.senders.end(), [&](const net::Address& address) {
            return !document.may_be_listed || document.may_be_listed(address);
        });
    return found == mail.senders.end() ? std::nullopt : std::optional{*found};
}

void take_report(const BoxedMail& message, const ComplaintMail& mail, const Document& document,
                 Collector& collector) {
    const FeedbackKind& kind = feedback_kind_of(mail);
    if (kind.reason.empty()) {
        collector.note("kind", [&] {
            return fmt::format(
                "line {}: a report of kind {} says nothing against the sender and "
                "is left out",
                message.line, kind.name);
        });
        collector.may_be_empty();
        return;
    }
    const auto sender = likely_sender(mail, document);
    if (!sender) {
        collector.reject(message.line, "",
                         "no address in it has sent the mail, outside of "
                         "[protect] never");
        return;
    }
    policy::Statement said;
    said.reason = kind.reason;
    said.is_reason_made_up = true;
    said.evidence = mail_evidence(message.bytes, collector, message.line);
    // One without a date bans nobody who was banned before.
    said.seen = std::min(mail.arrived.value_or(UnixTime{}), document.now);
    collector.add(message.line, net::to_string(*sender), collector.statement(said));
}

}  // namespace

Result<Done> read_arf(const Document& document, Collector& collector) {
    Mailbox mails{document.bytes};
    BoxedMail message;
    while (!collector.is_full() && mails.next(message)) {
        const auto mail = read_complaint_mail(document.file, message.bytes);
        if (mail) {
            take_report(message, *mail, document, collector);
        } else if (mail.error().code == ErrorCode::Usage) {
            collector.reject(message.line, message.bytes.substr(0, message.bytes.find('\n')),
                             mail.error().why);
        } else {
            return Unexpected{mail.error()};
        }
        document.progress(mails.consumed());
    }
    return Done{};
}

bool is_report_mail(std::string_view beginning) {
    Lines lines{beginning};
    Line line;
    while (lines.next(line)) {
        const std::size_t name_end = line.text.find_first_of(": \t");
        const bool is_header =
            name_end != 0 && name_end != std::string_view::npos && line.text[name_end] == ':';
        const bool is_first = line.number == 1 && line.text.starts_with(kSeparator);
        const bool is_folded = line.number > 1 && name_end == 0;
        if (!is_header && !is_first && !is_folded) {
            return false;
        }
        if (line.text.find("feedback-report") != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace ostrakon::feed
