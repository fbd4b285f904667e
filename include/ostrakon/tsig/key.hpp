// A key that two servers share.
#pragma once

#include "ostrakon/dns/name.hpp"
#include "ostrakon/tsig/hmac.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::tsig {

/// Bytes that a secret may have; more than a block of the hash is of no use.
inline constexpr std::size_t kSecretSizeMax = 512;

struct Key {
    dns::Name name;
    Algorithm algorithm = Algorithm::Sha256;
    std::string secret;  ///< The bytes themselves; in no error and no log.
    Bytes secret_bytes() const noexcept {
        return {reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size()};
    }
};

/// Reads "hmac-sha256" and its like.
std::optional<Algorithm> algorithm_named(std::string_view text) noexcept;
/// The algorithm's name in wire form.
std::string_view wire_name(Algorithm algorithm) noexcept;

/// A key's name, of labels of any bytes between dots; the last dot does not matter.
std::optional<dns::Name> key_name(std::string_view text);

/// The bytes of a secret that is written in base64, blanks between them ignored; nothing where it
/// is none, or of no or more than kSecretSizeMax bytes.
std::optional<std::string> decode_secret(std::string_view base64);

}  // namespace ostrakon::tsig
