#include "format.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>

namespace ostrakon::feed {
namespace {

Unexpected<Error> bad_field(std::string_view name, std::string_view text, std::string why,
                            std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage,
                            fmt::format("{} \"{}\"", name, printable(text, kRejectTextSizeMax)),
                            std::move(why), std::move(remedy)}};
}

Result<Done> set_bounded(std::string& field, std::string_view name, std::string_view text,
                         std::size_t size_max) {
    if (text.size() > size_max) {
        return Unexpected{Error{ErrorCode::Usage, std::string{name},
                                fmt::format("has {} bytes, more than {}", text.size(), size_max),
                                ""}};
    }
    field = text;
    return Done{};
}

}  // namespace

policy::ImportEntry* Collector::add(std::uint32_t line, std::string_view subject) {
    if (contents_.entries.size() >= kEntriesMax) {
        is_full_ = true;
        return nullptr;
    }
    auto parsed = policy::parse_subject(subject);
    if (!parsed) {
        Error& error = parsed.error();
        error.attempt.clear();  // the text stands beside it
        reject(line, subject, message(error));
        return nullptr;
    }
    policy::ImportEntry& entry = contents_.entries.emplace_back();
    entry.subject = std::move(*parsed);
    entry.line = line;
    return &entry;
}

void Collector::reject_last(std::string_view text, std::string why) {
    const std::uint32_t line = contents_.entries.back().line;
    contents_.entries.pop_back();
    reject(line, text, std::move(why));
}

void Collector::reject(std::uint32_t line, std::string_view text, std::string why) {
    ++contents_.rejected;
    if (contents_.rejects.size() < kRejectsKeptMax) {
        contents_.rejects.push_back({line, printable(text, kRejectTextSizeMax), std::move(why)});
    }
}

Unexpected<Error> refuse(std::string_view file, std::string why, std::string remedy) {
    return Unexpected{
        Error{ErrorCode::Usage, std::string{file}, std::move(why), std::move(remedy)}};
}

Result<Done> set_class(policy::ImportEntry& entry, std::string_view text) {
    if (!text.empty() && !zone::is_valid_identifier(text)) {
        return bad_field("class", text, "is not one", "write it as ip, domain, isp or allow");
    }
    entry.listing_class = text;
    return Done{};
}

Result<Done> set_code(policy::ImportEntry& entry, std::string_view text) {
    if (text.empty()) {
        return Done{};
    }
    const auto code = net::parse_ipv4(text);
    if (!code || !zone::is_valid_code(*code)) {
        return bad_field("code", text, "can be no answer",
                         "write an address in 127.0.0.0/8 as 127.0.0.2; 127.0.0.1 and "
                         "127.255.255.0/24 are taken");
    }
    entry.code = code;
    return Done{};
}

Result<Done> set_reason(policy::ImportEntry& entry, std::string_view text) {
    return set_bounded(entry.reason, "reason", text, kReasonSizeMax);
}

Result<Done> set_until(policy::ImportEntry& entry, std::string_view text) {
    if (text.empty()) {
        return Done{};
    }
    const auto until = parse_timestamp(text);
    if (!until) {
        return bad_field("until", text, "is no date", until.error().remedy);
    }
    entry.until = *until;
    return Done{};
}

Result<Done> set_evidence(policy::ImportEntry& entry, std::string_view text) {
    return set_bounded(entry.evidence, "evidence", text, kEvidenceSizeMax);
}

}  // namespace ostrakon::feed
