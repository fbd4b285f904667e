// A diagnosis as plain text: what failed first, with what to do.
#include "ostrakon/diagnose/diagnosis.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::diagnose {
namespace {

constexpr std::size_t kLineSizeMax = 76;
constexpr std::size_t kParagraphSizeMax = 4096;

// The text broken at blanks; lines after the first begin with blanks, as many as stand before it.
std::string paragraph(std::string_view lead, std::string_view words) {
    const std::string text = printable(words, kParagraphSizeMax);
    std::string all{lead};
    std::size_t column = lead.size();
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = std::string_view{text}.substr(at, end - at);
        if (column + word.size() > kLineSizeMax && column > lead.size()) {
            all += "\n" + std::string(lead.size(), ' ');
            column = lead.size();
        }
        all += std::string{word} + " ";
        column += word.size() + 1;
        at = end + 1;
    }
    while (!all.empty() && all.back() == ' ') {
        all.pop_back();
    }
    return all + "\n";
}

std::string_view word_of(Finding finding) {
    switch (finding) {
        case Finding::Passed:
            return "passed   ";
        case Finding::Failed:
            return "FAILED   ";
        case Finding::Unknown:
            break;
    }
    return "unknown  ";
}

std::string summary(const Diagnosis& diagnosis) {
    const std::size_t failed = diagnosis.count(Finding::Failed);
    const std::size_t unknown = diagnosis.count(Finding::Unknown);
    std::string text = fmt::format("{} of {} checks passed", diagnosis.count(Finding::Passed),
                                   diagnosis.checks.size());
    if (failed > 0) {
        text += fmt::format(", {} failed", failed);
    }
    if (unknown > 0) {
        text += fmt::format(", {} could not be made", unknown);
    }
    return text + ".";
}

}  // namespace

std::string report_text(const Diagnosis& diagnosis) {
    const MailServer& server = diagnosis.server;
    std::string text = fmt::format("Mail server {}, {}\n", net::to_string(server.address),
                                   to_string(diagnosis.at));
    if (server.helo) {
        text += paragraph("HELO    ", *server.helo);
    }
    if (server.sender) {
        text += paragraph("sender  ", server.sender->empty() ? "<>" : *server.sender);
    }
    text += "\n";
    for (const Check& check : diagnosis.checks) {
        text += paragraph(fmt::format("{}{:<18} ", word_of(check.finding), check.name), check.seen);
    }
    text += "\n" + summary(diagnosis) + "\n";
    if (diagnosis.count(Finding::Failed) > 0) {
        text += "\nWhat the administrator of the server has to do:\n";
    }
    for (const Check& check : diagnosis.checks) {
        if (check.finding == Finding::Failed) {
            text += "\n" + paragraph("- ", check.remedy);
        }
    }
    return text;
}

}  // namespace ostrakon::diagnose
