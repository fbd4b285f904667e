#include "tsig_key.hpp"

#include <fmt/format.h>

namespace ostrakon::fetch {

std::optional<tsig::Key> read_tsig_key(std::string_view text) {
    std::string_view algorithm_text = "hmac-sha256";
    std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && text.find(':', colon + 1) != std::string_view::npos) {
        algorithm_text = text.substr(0, colon);
        text.remove_prefix(colon + 1);
        colon = text.find(':');
    }
    const auto algorithm = tsig::algorithm_named(algorithm_text);
    if (colon == std::string_view::npos || !algorithm) {
        return std::nullopt;
    }
    const auto name = dns::parse_name(text.substr(0, colon));
    auto secret = tsig::decode_secret(text.substr(colon + 1));
    if (!name || !secret) {
        return std::nullopt;
    }
    return tsig::Key{*name, *algorithm, std::move(*secret)};
}

std::string tsig_error_text(std::uint16_t error) {
    switch (tsig::TsigError{error}) {
        case tsig::TsigError::BadSig:
            return "BADSIG: the secret is another one";
        case tsig::TsigError::BadKey:
            return "BADKEY: it does not know this key";
        case tsig::TsigError::BadTime:
            return "BADTIME: one of the clocks is wrong";
        case tsig::TsigError::BadTrunc:
            return "BADTRUNC";
        default:
            return fmt::format("TSIG error {}", error);
    }
}

std::string doubt_text(tsig::Doubt doubt, std::uint16_t told_error) {
    switch (doubt) {
        case tsig::Doubt::None:
            return {};
        case tsig::Doubt::NotSigned:
            return "its answer is not signed";
        case tsig::Doubt::TooManyUnsigned:
            return fmt::format("more than {} messages together are not signed",
                               tsig::kUnsignedMessagesMax);
        case tsig::Doubt::OtherKey:
            return "its answer is signed with another key";
        case tsig::Doubt::ToldError:
            return "the server says " + tsig_error_text(told_error);
        case tsig::Doubt::WrongMac:
            return "its signature is wrong";
        case tsig::Doubt::WrongTime:
            return "its signature is too old, or a clock is wrong";
    }
    return {};
}

}  // namespace ostrakon::fetch
