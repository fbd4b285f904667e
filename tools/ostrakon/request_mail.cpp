#include "request_mail.hpp"

#include "json.hpp"
#include "ostrakon/base/printable.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kMailLineSizeMax = 320;  // RFC 5322, section 2.1.1 bounds them at 998
constexpr std::size_t kEvidenceLinesMax = 6;

// RFC 5322, section 3.3.
std::string date_of(UnixTime at) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                       fmt::gmtime(static_cast<std::time_t>(at.seconds)));
}

std::string counted_requests(std::size_t count) {
    return count == 1 ? "1 new request" : fmt::format("{} new requests", count);
}

// Its first lines, as a quotation.
std::string quoted_evidence(std::string_view evidence) {
    std::string quoted;
    for (std::size_t line = 0; !evidence.empty(); ++line) {
        if (line == kEvidenceLinesMax) {
            return quoted + "  > …\n";
        }
        const std::size_t end = std::min(evidence.find('\n'), evidence.size());
        std::string_view text = evidence.substr(0, end);
        if (text.ends_with('\r')) {
            text.remove_suffix(1);
        }
        quoted += "  > " + printable(text, kMailLineSizeMax) + '\n';
        evidence.remove_prefix(std::min(end + 1, evidence.size()));
    }
    return quoted;
}

std::string described(const policy::Request& request) {
    return fmt::format(
        "Request {0}: {1} of {2}\n"
        "  asked for by {3} on {4}\n"
        "{5}\n"
        "    ostrakon request show {0}\n"
        "    ostrakon request accept {0} --reason \"…\"\n"
        "    ostrakon request decline {0} --reason \"…\"\n\n",
        request.id, kind_name(request.kind), printable(request.subject, kMailLineSizeMax),
        printable(request.contact, kMailLineSizeMax), date_of(request.received),
        quoted_evidence(request.evidence));
}

}  // namespace

std::string mail_text(const RequestMail& mail) {
    std::string text = fmt::format(
        "From: Ostrakon <{}>\n"
        "To: {}\n"
        "Subject: {} (ostrakon)\n"
        "Date: {}\n"
        "Auto-Submitted: auto-generated\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        "\n"
        "{} came in. {} open in all.\n\n",
        mail.from, mail.to, counted_requests(mail.requests.size()), date_of(mail.now),
        counted_requests(mail.requests.size()),
        mail.open == 1 ? "1 is" : fmt::format("{} are", mail.open));
    const std::size_t shown = std::min(mail.requests.size(), kRequestsInMailMax);
    for (std::size_t i = 0; i < shown; ++i) {
        text += described(mail.requests[i]);
    }
    if (shown < mail.requests.size()) {
        text += fmt::format("{} more: `ostrakon request list`\n\n", mail.requests.size() - shown);
    }
    return text +
           "What stands behind \">\" and who asks were written by strangers; nobody has checked "
           "it.\n";
}

}  // namespace ostrakon::tool
