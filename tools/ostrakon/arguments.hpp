// Turns the words of the call into values, with errors that name the option.
#pragma once

#include "command.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/decide.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tool {

/// An error of kind Usage.
Unexpected<Error> wrong_usage(std::string attempt, std::string why, std::string remedy);

/// The subjects of a ban: an IPv6 address without a length is its /64, unless exact. Every mistake
/// is in the error.
Result<std::vector<policy::Subject>> ban_subjects(const std::vector<std::string>& words,
                                                  bool exact);

/// The subjects that may have been meant when something recorded is looked for: each as written
/// and, for an IPv6 address without a length and unless exact, its /64 too.
Result<std::vector<policy::Subject>> recorded_subjects(const std::vector<std::string>& words,
                                                       bool exact);

/// --code.
Result<std::optional<net::Ipv4>> code_of(const std::optional<std::string>& word);

/// --class: a built-in one or one of [classes]; empty where it is not given.
Result<std::string> class_of(const std::optional<std::string>& word,
                             const config::Settings& settings);

/// --for and --until, of which at most one is given.
Result<policy::Expiry> expiry_of(const std::optional<std::string>& length,
                                 const std::optional<std::string>& until, UnixTime start);

/// --reason: not empty, at most kReasonSizeMax bytes.
Result<std::string> reason_of(const std::string& text);

/// --limit and the like.
Result<std::uint64_t> count_of(std::string_view option, const std::optional<std::string>& word);

/// Who makes the change: --by, else SUDO_USER, else the login.
policy::Author author_of(const CommonOptions& common, std::string command);

}  // namespace ostrakon::tool
