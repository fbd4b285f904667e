#include "format.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>

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

Collector::Collector(Contents& contents)
    : contents_(contents),
      known_(0, Content{&contents.list.statements}, Content{&contents.list.statements}) {}

std::size_t Collector::Content::operator()(std::uint32_t id) const {
    const policy::Statement& statement = (*statements)[id];
    std::size_t hash = statement.data_set;
    const auto mix = [&hash](std::size_t more) {
        constexpr std::size_t kMultiplier = 0x9E3779B97F4A7C15;
        hash = (hash ^ more) * kMultiplier;
        hash ^= hash >> 32;
    };
    mix(std::hash<std::string>{}(statement.listing_class));
    mix(statement.code ? statement.code->bits : 0);
    mix(std::hash<std::string>{}(statement.reason));
    mix(std::hash<std::string>{}(statement.evidence));
    mix(statement.until ? static_cast<std::size_t>(statement.until->seconds) : 0);
    mix(statement.seen ? static_cast<std::size_t>(statement.seen->seconds) : 0);
    mix((statement.is_exception ? 1 : 0) + (statement.is_reason_made_up ? 2 : 0));
    return hash;
}

bool Collector::Content::operator()(std::uint32_t a, std::uint32_t b) const {
    return (*statements)[a] == (*statements)[b];
}

std::uint32_t Collector::statement(const policy::Statement& statement) {
    std::vector<policy::Statement>& statements = contents_.list.statements;
    if (!statements.empty() && statements.back() == statement) {
        return static_cast<std::uint32_t>(statements.size() - 1);
    }
    const std::uint32_t id = contents_.list.state(statement);
    const auto [found, is_new] = known_.insert(id);
    if (!is_new) {
        statements.pop_back();
    }
    return *found;
}

std::optional<std::uint32_t> Collector::data_set(std::string_view label) {
    std::vector<std::string>& labels = contents_.list.data_sets;
    const auto found = std::find(labels.begin(), labels.end(), label);
    const auto index = static_cast<std::uint32_t>(found - labels.begin());
    if (found == labels.end()) {
        if (labels.size() >= kDataSetsMax) {
            return std::nullopt;
        }
        labels.emplace_back(label);
    }
    return index;
}

std::optional<policy::Subject> Collector::subject(std::uint32_t line, std::string_view text) {
    auto parsed = policy::parse_subject(text);
    if (!parsed) {
        Error& error = parsed.error();
        error.attempt.clear();  // the text stands beside it
        reject(line, text, message(error));
        return std::nullopt;
    }
    return std::move(*parsed);
}

void Collector::add(std::uint32_t line, policy::Subject subject, std::uint32_t statement) {
    if (contents_.list.size() >= kEntriesMax) {
        is_full_ = true;
        return;
    }
    contents_.list.add(std::move(subject), statement, line);
}

bool Collector::add(std::uint32_t line, std::string_view subject, std::uint32_t statement) {
    auto parsed = this->subject(line, subject);
    if (!parsed) {
        return false;
    }
    add(line, std::move(*parsed), statement);
    return true;
}

void Collector::reject(std::uint32_t line, std::string_view text, std::string_view why) {
    ++contents_.rejected;
    if (contents_.rejects.size() < kRejectsKeptMax) {
        contents_.rejects.push_back(
            {line, printable(text, kRejectTextSizeMax), printable(why, kWhySizeMax)});
    }
}

void Collector::note_range(net::Ipv4Range range) {
    constexpr std::uint32_t kNarrow = 0xFF;  // up to a /24 no limit of widths is exceeded
    if (range.last.bits - range.first.bits > kNarrow) {
        contents_.list.written_ipv4.push_back(range);
    }
}

void Collector::finish() {
    contents_.notes.resize(notes_.size());
    for (auto& [kind, note] : notes_) {
        contents_.notes[note.place] =
            note.count == 1 ? std::move(note.text)
                            : fmt::format("{} (and {} more such)", note.text, note.count - 1);
    }
}

Unexpected<Error> refuse(std::string_view file, std::string why, std::string remedy) {
    return Unexpected{
        Error{ErrorCode::Usage, std::string{file}, std::move(why), std::move(remedy)}};
}

Result<Done> set_class(policy::Statement& statement, std::string_view text) {
    if (!text.empty() && !zone::is_valid_identifier(text)) {
        return bad_field("class", text, "is not one", "write it as ip, domain, isp or allow");
    }
    statement.listing_class = text;
    return Done{};
}

Result<Done> set_code(policy::Statement& statement, std::string_view text) {
    if (text.empty()) {
        return Done{};
    }
    const auto code = net::parse_ipv4(text);
    if (!code || !zone::is_valid_code(*code)) {
        return bad_field("code", text, "can be no answer",
                         "write an address in 127.0.0.0/8 as 127.0.0.2; 127.0.0.1 and "
                         "127.255.255.0/24 are taken");
    }
    statement.code = code;
    return Done{};
}

Result<Done> set_reason(policy::Statement& statement, std::string_view text) {
    auto done = set_bounded(statement.reason, "reason", text, kReasonSizeMax);
    std::replace(statement.reason.begin(), statement.reason.end(), policy::kSubjectMark, ' ');
    return done;
}

Result<Done> set_until(policy::Statement& statement, std::string_view text) {
    if (text.empty()) {
        return Done{};
    }
    const auto until = parse_timestamp(text);
    if (!until) {
        return bad_field("until", text, "is no date", until.error().remedy);
    }
    statement.until = *until;
    return Done{};
}

Result<Done> set_evidence(policy::Statement& statement, std::string_view text) {
    return set_bounded(statement.evidence, "evidence", text, kEvidenceSizeMax);
}

}  // namespace ostrakon::feed
