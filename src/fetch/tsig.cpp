#include "tsig.hpp"

#include <sha1.h>
#include <sha2.h>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <memory>

namespace ostrakon::fetch {
namespace {

constexpr std::uint16_t kFudgeSeconds = 300;   // RFC 8945 §10
constexpr unsigned kUnsignedMessagesMax = 99;  // §5.3.1: at least every hundredth is signed
constexpr std::uint16_t kClassAny = 255;

struct HashName {
    std::string_view name;
    TsigHash hash;
};
constexpr std::array<HashName, 4> kHashNames{{{"hmac-sha1", TsigHash::Sha1},
                                              {"hmac-sha256", TsigHash::Sha256},
                                              {"hmac-sha384", TsigHash::Sha384},
                                              {"hmac-sha512", TsigHash::Sha512}}};

Bytes hash_of(TsigHash kind, ByteSpan text) {
    Bytes digest(SHA512_DIGEST_LENGTH);
    if (kind == TsigHash::Sha1) {
        SHA1_CTX context;
        SHA1Init(&context);
        SHA1Update(&context, text.data(), text.size());
        SHA1Final(digest.data(), &context);
        digest.resize(SHA1_DIGEST_LENGTH);
        return digest;
    }
    SHA2_CTX context;
    if (kind == TsigHash::Sha256) {
        SHA256Init(&context);
        SHA256Update(&context, text.data(), text.size());
        SHA256Final(digest.data(), &context);
        digest.resize(SHA256_DIGEST_LENGTH);
    } else if (kind == TsigHash::Sha384) {
        SHA384Init(&context);
        SHA384Update(&context, text.data(), text.size());
        SHA384Final(digest.data(), &context);
        digest.resize(SHA384_DIGEST_LENGTH);
    } else {
        SHA512Init(&context);
        SHA512Update(&context, text.data(), text.size());
        SHA512Final(digest.data(), &context);
    }
    return digest;
}

void put(Bytes& bytes, ByteSpan more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void put_mac(Bytes& text, const Bytes& mac) {
    put_16(text, static_cast<std::uint16_t>(mac.size()));
    put(text, mac);
}

// Takes its time whatever differs.
bool is_equal_mac(ByteSpan a, ByteSpan b) {
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= static_cast<unsigned>(a[i] ^ b[i]);
    }
    return difference == 0;
}

bool is_same_name(ByteSpan a, ByteSpan b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](std::uint8_t x, std::uint8_t y) {
        return dns::lower(x) == dns::lower(y);
    });
}

// The message as it was before it was signed (RFC 8945 §4.3.2).
Bytes unsigned_form(ByteSpan message, const TsigRecord& tsig) {
    Bytes bytes{message.begin(), message.begin() + static_cast<std::ptrdiff_t>(tsig.begin)};
    bytes[0] = static_cast<std::uint8_t>(tsig.original_id >> 8);
    bytes[1] = static_cast<std::uint8_t>(tsig.original_id);
    const auto additional = static_cast<std::uint16_t>(read_16(bytes, 10) - 1);
    bytes[10] = static_cast<std::uint8_t>(additional >> 8);
    bytes[11] = static_cast<std::uint8_t>(additional);
    return bytes;
}

}  // namespace

std::string tsig_error_text(std::uint16_t error) {
    switch (error) {
        case 16:
            return "BADSIG: the secret is another one";
        case 17:
            return "BADKEY: it does not know this key";
        case 18:
            return "BADTIME: one of the clocks is wrong";
        case 22:
            return "BADTRUNC";
        default:
            return fmt::format("TSIG error {}", error);
    }
}

Bytes hmac(TsigHash hash, ByteSpan key, ByteSpan text) {
    const std::size_t block = hash == TsigHash::Sha1 || hash == TsigHash::Sha256
                                  ? SHA256_BLOCK_LENGTH
                                  : SHA512_BLOCK_LENGTH;
    Bytes padded = key.size() > block ? hash_of(hash, key) : Bytes{key.begin(), key.end()};
    padded.resize(block);
    Bytes inner = padded;
    Bytes outer = padded;
    std::for_each(inner.begin(), inner.end(), [](std::uint8_t& byte) { byte ^= 0x36; });
    std::for_each(outer.begin(), outer.end(), [](std::uint8_t& byte) { byte ^= 0x5C; });
    put(inner, text);
    put(outer, hash_of(hash, inner));
    return hash_of(hash, outer);
}

std::optional<TsigKey> read_tsig_key(const ldns::Library& ldns, std::string_view text) {
    std::string_view algorithm = "hmac-sha256";
    std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && text.find(':', colon + 1) != std::string_view::npos) {
        algorithm = text.substr(0, colon);
        text.remove_prefix(colon + 1);
        colon = text.find(':');
    }
    const auto known = std::find_if(kHashNames.begin(), kHashNames.end(),
                                    [&](const HashName& named) { return named.name == algorithm; });
    if (colon == std::string_view::npos || known == kHashNames.end()) {
        return std::nullopt;
    }
    const auto name = dns::parse_name(text.substr(0, colon));
    const auto algorithm_name = dns::parse_name(algorithm);
    if (!name || !algorithm_name) {
        return std::nullopt;
    }
    ldns_rdf* raw = nullptr;
    if (ldns.base64_to_rdf(&raw, std::string{text.substr(colon + 1)}.c_str()) != LDNS_STATUS_OK) {
        return std::nullopt;
    }
    const std::unique_ptr<ldns_rdf, decltype(&ldns_rdf_deep_free)> owned{raw, ldns.rdf_free};
    Bytes secret{ldns.rdf_data(raw), ldns.rdf_data(raw) + ldns.rdf_size(raw)};
    if (secret.empty()) {
        return std::nullopt;
    }
    const auto bytes = [](std::string_view wire) { return Bytes{wire.begin(), wire.end()}; };
    return TsigKey{known->hash, bytes(algorithm_name->wire()), bytes(name->wire()), secret};
}

void TsigSession::put_variables(Bytes& text, std::uint64_t time, std::uint16_t fudge,
                                std::uint16_t error, ByteSpan other) const {
    put(text, key_.name);
    put_16(text, kClassAny);
    put_16(text, 0);  // the TTL, 0
    put_16(text, 0);
    put(text, key_.algorithm);
    put_48(text, time);
    put_16(text, fudge);
    put_16(text, error);
    put_16(text, static_cast<std::uint16_t>(other.size()));
    put(text, other);
}

void TsigSession::sign(Bytes& question, std::uint64_t time) {
    Bytes text = question;
    put_variables(text, time, kFudgeSeconds, 0, {});
    prior_mac_ = hmac(key_.hash, key_.secret, text);
    Bytes data = key_.algorithm;
    put_48(data, time);
    put_16(data, kFudgeSeconds);
    put_mac(data, prior_mac_);
    put_16(data, read_16(question, 0));
    put_16(data, 0);
    put_16(data, 0);
    put(question, key_.name);
    put_16(question, kTypeTsig);
    put_16(question, kClassAny);
    put_16(question, 0);
    put_16(question, 0);
    put_16(question, static_cast<std::uint16_t>(data.size()));
    put(question, data);
    question[11] = 1;
}

std::string TsigSession::take(ByteSpan message, const MessageOutline& outline, std::uint64_t time) {
    if (!outline.tsig) {
        if (!is_begun_) {
            return "its answer is not signed";
        }
        if (++unsigned_count_ > kUnsignedMessagesMax) {
            return fmt::format("more than {} messages together are not signed",
                               kUnsignedMessagesMax);
        }
        put(pending_, message);
        return {};
    }
    const TsigRecord& tsig = *outline.tsig;
    if (!is_same_name(tsig.name, key_.name) || !is_same_name(tsig.algorithm, key_.algorithm)) {
        return "its answer is signed with another key";
    }
    if (tsig.error != 0) {
        return "the server says " + tsig_error_text(tsig.error);
    }
    Bytes text;
    put_mac(text, prior_mac_);
    put(text, pending_);
    put(text, unsigned_form(message, tsig));
    if (is_begun_) {
        put_48(text, tsig.time);
        put_16(text, tsig.fudge);
    } else {
        put_variables(text, tsig.time, tsig.fudge, tsig.error, tsig.other);
    }
    const Bytes mac = hmac(key_.hash, key_.secret, text);
    if (!is_equal_mac(mac, tsig.mac)) {
        return "its signature is wrong";
    }
    const std::uint64_t apart = time > tsig.time ? time - tsig.time : tsig.time - time;
    if (apart > tsig.fudge) {
        return "its signature is too old, or a clock is wrong";
    }
    prior_mac_ = mac;
    pending_.clear();
    unsigned_count_ = 0;
    is_begun_ = true;
    return {};
}

}  // namespace ostrakon::fetch
