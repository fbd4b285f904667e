#include "arguments.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/feed/list.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>
#include <charconv>
#include <cstdlib>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kShownSizeMax = 120;
constexpr std::size_t kAuthorSizeMax = 256;

std::string login_name() {
    if (const passwd* entry = getpwuid(getuid()); entry != nullptr && entry->pw_name != nullptr) {
        return entry->pw_name;
    }
    return fmt::format("uid {}", getuid());
}

}  // namespace

Unexpected<Error> wrong_usage(std::string attempt, std::string why, std::string remedy) {
    return Unexpected{
        Error{ErrorCode::Usage, std::move(attempt), std::move(why), std::move(remedy)}};
}

Result<std::vector<policy::Subject>> ban_subjects(const std::vector<std::string>& words,
                                                  bool exact) {
    std::vector<policy::Subject> subjects;
    std::string mistakes;
    for (const std::string& word : words) {
        auto subject = policy::parse_ban_subject(word, exact);
        if (subject) {
            subjects.push_back(std::move(*subject));
        } else {
            mistakes += (mistakes.empty() ? "" : "\n") + message(subject.error());
        }
    }
    if (!mistakes.empty()) {
        return wrong_usage("", std::move(mistakes), "");
    }
    return subjects;
}

Result<std::vector<policy::Subject>> recorded_subjects(const std::vector<std::string>& words,
                                                       bool exact) {
    auto subjects = ban_subjects(words, true);
    if (!subjects || exact) {
        return subjects;
    }
    auto wider = ban_subjects(words, false);
    if (!wider) {
        return wider;
    }
    for (const policy::Subject& wide : *wider) {
        bool is_known = false;
        for (const policy::Subject& subject : *subjects) {
            is_known = is_known || subject == wide;
        }
        if (!is_known) {
            subjects->push_back(wide);
        }
    }
    return subjects;
}

Result<std::optional<net::Ipv4>> code_of(const std::optional<std::string>& word) {
    if (!word) {
        return std::optional<net::Ipv4>{};
    }
    const auto code = net::parse_ipv4(*word);
    if (!code || !zone::is_valid_code(*code)) {
        return wrong_usage(fmt::format("--code \"{}\"", printable(*word, kShownSizeMax)),
                           "can be no answer",
                           "write an address in 127.0.0.0/8, as in 127.0.0.9; 127.0.0.1 and "
                           "127.255.255.0/24 are taken");
    }
    return code;
}

Result<std::string> class_of(const std::optional<std::string>& word,
                             const config::Settings& settings) {
    if (word) {
        if (auto known = policy::check_class(settings, *word); !known) {
            return Unexpected{std::move(known.error())};
        }
    }
    return word.value_or("");
}

Result<policy::Expiry> expiry_of(const std::optional<std::string>& length,
                                 const std::optional<std::string>& until, UnixTime start) {
    if (length && until) {
        return wrong_usage("--for and --until", "say the same thing twice", "give one of them");
    }
    if (length) {
        const auto duration = parse_duration(*length);
        if (!duration) {
            return Unexpected{duration.error()};
        }
        if (!duration->forever && duration->seconds == 0) {
            return wrong_usage(fmt::format("--for {}", *length), "is over at once",
                               "write it as in --for 30d");
        }
        return policy::Expiry{true, end_of(start, *duration)};
    }
    if (until) {
        const auto end =
            *until == "forever" ? Result<UnixTime>{UnixTime{}} : parse_timestamp(*until);
        if (!end) {
            return Unexpected{end.error()};
        }
        if (*until == "forever") {
            return policy::Expiry{true, std::nullopt};
        }
        if (*end <= start) {
            return wrong_usage(fmt::format("--until {}", *until), "is in the past",
                               fmt::format("now is {}", to_string(start)));
        }
        return policy::Expiry{true, *end};
    }
    return policy::Expiry{};
}

Result<std::string> reason_of(const std::string& text) {
    if (text.empty()) {
        return wrong_usage("--reason", "is empty", "say why, for those who ask later");
    }
    if (text.size() > feed::kReasonSizeMax) {
        return wrong_usage(
            "--reason",
            fmt::format("has {} bytes, more than {}", text.size(), feed::kReasonSizeMax),
            "put the rest into --evidence");
    }
    return text;
}

Result<std::uint64_t> count_of(std::string_view option, const std::optional<std::string>& word) {
    std::uint64_t count = 0;
    if (!word) {
        return count;
    }
    const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), count);
    if (error != std::errc{} || end != word->data() + word->size() || count == 0) {
        return wrong_usage(fmt::format("{} \"{}\"", option, printable(*word, kShownSizeMax)),
                           "is no number above 0", fmt::format("write it as in {} 20", option));
    }
    return count;
}

policy::Author author_of(const CommonOptions& common, std::string command) {
    policy::Author author;
    author.command = std::move(command);
    author.at = now();
    if (common.by && !common.by->empty()) {
        author.by = *common.by;
    } else if (const char* const sudo_user = std::getenv("SUDO_USER");
               sudo_user != nullptr && *sudo_user != '\0') {
        author.by = sudo_user;
    } else {
        author.by = login_name();
    }
    author.by = printable(author.by, kAuthorSizeMax);
    return author;
}

}  // namespace ostrakon::tool
