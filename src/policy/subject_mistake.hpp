// Says what is wrong with text that is no subject, and how to write what was probably meant.
//
// Only called once reading has failed; it does not decide what is a subject.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/net/address.hpp"

#include <string>
#include <string_view>

namespace ostrakon::policy {

/// Whether the text is a number: one decimal digit or more, and nothing else.
bool is_all_digits(std::string_view text);

/// The error for a subject: what was read, what is wrong with it, what to write instead.
Unexpected<Error> subject_mistake(std::string_view text, std::string why, std::string remedy);

/// Explains why `text`, which looks like an address, prefix or range, is none.
Unexpected<Error> address_mistake(std::string_view text, net::RangeError error);

/// The host that a URL or a host with a port or a path is about; empty if there is none to be seen.
std::string_view host_of(std::string_view text);

/// Explains why `text` is no domain name; `name_error` is what reading it as one said.
Unexpected<Error> name_mistake(std::string_view text, const Error& name_error);

}  // namespace ostrakon::policy
