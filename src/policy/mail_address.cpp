#include "ostrakon/policy/mail_address.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/net/address.hpp"
#include "subject_mistake.hpp"

#include <fmt/format.h>
#include <sha1.h>
#include <algorithm>
#include <array>
#include <optional>

namespace ostrakon::policy {
namespace {

constexpr std::size_t kMailKeySize = 1 + kMailHashSize;
constexpr std::string_view kMailExample = "write it as user@example.com";
constexpr std::string_view kDomainRemedy =
    "for all addresses of a domain name the domain alone, as in example.com";

std::string lowered(std::string_view text) {
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
    });
    return lower;
}

std::string sha1_of(std::string_view text) {
    static_assert(kMailHashSize == SHA1_DIGEST_STRING_LENGTH - 1);
    std::array<char, SHA1_DIGEST_STRING_LENGTH> digits{};
    SHA1Data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digits.data());
    return {digits.data(), kMailHashSize};
}

// The number, from 1, of the character that begins at or holds this byte.
std::size_t character_at(std::string_view text, std::size_t byte) {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(byte);
    return static_cast<std::size_t>(std::count_if(text.begin(), end, begins)) + 1;
}

// Letters, digits and signs of a dot-string (RFC 5322 §3.2.3), and all that is not ASCII (RFC 6531
// §3.3).
bool is_atom_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') ||
           std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
}

// What is wrong with a local part, which begins at byte `offset` of the text; nothing: it is a
// dot-string.
std::optional<std::string> dot_string_mistake(std::string_view text, std::size_t offset,
                                              std::string_view local) {
    if (local.size() > kLocalPartSizeMax) {
        return fmt::format("has {} bytes in front of the @, more than {}", local.size(),
                           kLocalPartSizeMax);
    }
    for (std::size_t i = 0; i < local.size(); ++i) {
        const std::size_t place = character_at(text, offset + i);
        if (local[i] == '.' && (i == 0 || i + 1 == local.size() || local[i + 1] == '.')) {
            return fmt::format("has a dot as character {}, where {}", place,
                               i == 0
                                   ? "it begins"
                                   : (i + 1 == local.size() ? "the @ follows" : "another follows"));
        }
        if (local[i] != '.' && !is_atom_byte(local[i])) {
            return fmt::format("has \"{}\" as character {}, which no address has without quotes",
                               printable(local.substr(i, 1), 8), place);
        }
    }
    if (printable(local, 4 * kLocalPartSizeMax) != local) {
        return "has something in front of the @ that is not UTF-8 or cannot be seen";
    }
    return std::nullopt;
}

// What many mistake for an address, or write around one.
std::optional<Unexpected<Error>> wrapped_mistake(std::string_view text) {
    const std::size_t open = text.find('<');
    const std::size_t close = text.find('>', open == std::string_view::npos ? 0 : open);
    if (open != std::string_view::npos && close != std::string_view::npos) {
        const std::string_view inner = text.substr(open + 1, close - open - 1);
        return subject_mistake(text, "has angle brackets around the address",
                               parse_mail_address(inner) ? fmt::format("write {} alone", inner)
                                                         : std::string{kMailExample});
    }
    constexpr std::string_view kScheme = "mailto:";
    if (lowered(text.substr(0, kScheme.size())) == kScheme) {
        return subject_mistake(text, "is a URL",
                               fmt::format("write {} alone", text.substr(kScheme.size())));
    }
    return std::nullopt;
}

Result<std::string> read_domain(std::string_view text, std::string_view domain) {
    if (domain.starts_with('[')) {
        return subject_mistake(text, "has an address in place of its domain",
                               "name that address itself, as in 192.0.2.7");
    }
    if (domain.empty()) {
        return subject_mistake(text, "has nothing behind the @", std::string{kMailExample});
    }
    if (domain.find('*') != std::string_view::npos) {
        return subject_mistake(text, "has a * in its domain", std::string{kDomainRemedy});
    }
    const auto name = dns::parse_name(domain);
    if (!name) {
        return subject_mistake(
            text,
            fmt::format("has a domain, from character {} on, that {}",
                        character_at(text, text.size() - domain.size()), name.error().why),
            std::string{kMailExample});
    }
    return to_string(*name);
}

bool is_digits_of_hash(std::string_view text) {
    return dns::is_hash_label(text) && lowered(text) == text;
}

}  // namespace

std::string_view MailSubject::domain() const {
    return std::string_view{address}.substr(address.rfind('@') + 1);
}

Result<MailSubject> parse_mail_address(std::string_view text) {
    if (auto wrapped = wrapped_mistake(text)) {
        return std::move(*wrapped);
    }
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos) {
        return subject_mistake(text, "has no @", std::string{kMailExample});
    }
    std::string_view local = text.substr(0, at);
    if (local.empty() || local == "*") {
        return subject_mistake(text,
                               local.empty() ? "has nothing in front of the @"
                                             : "has a * in place of a name in front of the @",
                               std::string{kDomainRemedy});
    }
    const bool is_quoted = local.size() > 2 && local.front() == '"' && local.back() == '"';
    if (is_quoted) {
        local = local.substr(1, local.size() - 2);
    }
    if (auto mistake = dot_string_mistake(text, is_quoted ? 1 : 0, local)) {
        return subject_mistake(
            text, std::move(*mistake),
            is_quoted ? "an address that needs quotes cannot be listed; no client asks for one"
                      : std::string{kMailExample});
    }
    const auto domain = read_domain(text, text.substr(at + 1));
    if (!domain) {
        return Unexpected{domain.error()};
    }
    MailSubject subject{{}, lowered(local) + "@" + *domain};
    if (subject.address.size() > kMailAddressSizeMax) {
        return subject_mistake(text,
                               fmt::format("has {} bytes, more than the {} of a mail address",
                                           subject.address.size(), kMailAddressSizeMax),
                               std::string{kMailExample});
    }
    subject.hash = sha1_of(subject.address);
    return subject;
}

MailSubject mail_of_hash(std::string_view digits) {
    return {lowered(digits), {}};
}

std::string mail_key(std::string_view hash) {
    std::string key(1, static_cast<char>(kMailHashSize));
    key += hash;
    return key;
}

bool is_mail_key(std::string_view key) noexcept {
    return key.size() == kMailKeySize && key.front() == static_cast<char>(kMailHashSize) &&
           dns::is_hash_label(key.substr(1));
}

std::string mail_entry_key(const MailSubject& subject) {
    std::string key = mail_key(subject.hash);
    key.push_back('\0');
    key += subject.address;
    return key;
}

bool is_mail_entry_key(std::string_view key) noexcept {
    return key.size() > kMailKeySize && key[kMailKeySize] == '\0' &&
           is_mail_key(key.substr(0, kMailKeySize));
}

std::string_view mail_address_in(std::string_view entry_key) noexcept {
    return entry_key.substr(kMailKeySize + 1);
}

MailSubject mail_from_entry_key(std::string_view entry_key) {
    return {std::string{entry_key.substr(1, kMailHashSize)},
            std::string{mail_address_in(entry_key)}};
}

std::string_view index_key_of(std::string_view entry_key) noexcept {
    return is_mail_entry_key(entry_key) ? entry_key.substr(0, kMailKeySize) : entry_key;
}

bool is_sound_mail_entry_key(std::string_view key) {
    if (!is_mail_entry_key(key) || !is_digits_of_hash(key.substr(1, kMailHashSize))) {
        return false;
    }
    const std::string_view address = mail_address_in(key);
    return address.empty() || (address.size() <= kMailAddressSizeMax &&
                               sha1_of(address) == key.substr(1, kMailHashSize));
}

}  // namespace ostrakon::policy
