// Mail addresses as subjects, and the hash under which they are asked for.
//
// A question names no address but the SHA-1 of one, so that lists can be published without giving
// addresses away: 40 hexadecimal digits as the only label in front of the zone. Hashed is the
// address with ASCII letters lower-cased and its domain as A-labels; dots and tags are kept.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace ostrakon::policy {

inline constexpr std::size_t kMailHashSize = 40;  ///< Hexadecimal digits of a SHA-1.
/// Bytes of an address: the 256 of a path without its angle brackets (RFC 5321 §4.5.3.1.3).
inline constexpr std::size_t kMailAddressSizeMax = 254;
inline constexpr std::size_t kLocalPartSizeMax = 64;  ///< RFC 5321 §4.5.3.1.1.

/// A mail address, or the hash of one that nobody has told.
struct MailSubject {
    std::string hash;     ///< 40 hexadecimal digits, lower-case.
    std::string address;  ///< As it is hashed; empty where only the hash is known.
    friend auto operator<=>(const MailSubject&, const MailSubject&) = default;

    /// The domain of a known address; empty where only the hash is known.
    std::string_view domain() const;
};

/// Reads an address: a dot-string before the @ (RFC 5321 §4.1.2; UTF-8 as in RFC 6531), a domain
/// name behind it. A quoted local part is taken where it needs no quotes. The error says what is
/// wrong at which character.
Result<MailSubject> parse_mail_address(std::string_view text);

/// The subject that 40 hexadecimal digits stand for.
MailSubject mail_of_hash(std::string_view digits);

/// The key of the name that is asked for (dns::reversed_key): its place in the index.
std::string mail_key(std::string_view hash);

/// Whether a key is that of a question for a mail address.
bool is_mail_key(std::string_view key) noexcept;

// Entries of mail addresses lie among those of names. Key: mail_key, a zero byte, which no name has
// within its key, and the address where it is known. Their scope is NameScope::Exact. Own listings
// have the address in their record and none here.

std::string mail_entry_key(const MailSubject& subject);
bool is_mail_entry_key(std::string_view key) noexcept;
/// The address within the key of an entry; empty where only the hash is known.
std::string_view mail_address_in(std::string_view entry_key) noexcept;
MailSubject mail_from_entry_key(std::string_view entry_key);
/// The part of the key of any name's or mail address's entry that is its key in the index.
std::string_view index_key_of(std::string_view entry_key) noexcept;
/// Whether the address in the key of an entry, if one is there, has the hash in it: for what comes
/// from elsewhere.
bool is_sound_mail_entry_key(std::string_view key);

}  // namespace ostrakon::policy
