// Builds queries byte by byte, so that tests can also send what no DNS library would.
#pragma once

#include "support/wire_labels.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::test {

using Bytes = std::vector<std::uint8_t>;

/// An OPT record as a client would send it.
struct OptSpec {
    std::uint16_t payload_bytes = 1232;
    std::uint8_t version = 0;
    bool dnssec_ok = false;
    std::vector<std::pair<std::uint16_t, std::string>> options = {};
};

/// A query; the default is a plain A query with RD.
struct QuerySpec {
    std::string name = {};  ///< Dotted, as wire_labels reads it.
    std::uint16_t type = 1;
    std::uint16_t record_class = 1;
    std::uint16_t id = 0x1234;
    std::uint16_t flags = 0x0100;
    std::optional<OptSpec> opt = std::nullopt;
};

inline void append_u16(Bytes& bytes, unsigned value) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

inline void append(Bytes& bytes, std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
}

inline void append_opt(Bytes& bytes, const OptSpec& opt,
                       std::string_view owner = std::string_view{"\0", 1}) {
    append(bytes, owner);
    append_u16(bytes, 41);
    append_u16(bytes, opt.payload_bytes);
    append_u16(bytes, opt.version);
    append_u16(bytes, opt.dnssec_ok ? 0x8000 : 0);
    Bytes data;
    for (const auto& [code, text] : opt.options) {
        append_u16(data, code);
        append_u16(data, static_cast<unsigned>(text.size()));
        append(data, text);
    }
    append_u16(bytes, static_cast<unsigned>(data.size()));
    bytes.insert(bytes.end(), data.begin(), data.end());
}

inline Bytes build_query(const QuerySpec& spec) {
    Bytes bytes;
    append_u16(bytes, spec.id);
    append_u16(bytes, spec.flags);
    append_u16(bytes, 1);
    append_u16(bytes, 0);
    append_u16(bytes, 0);
    append_u16(bytes, spec.opt ? 1 : 0);
    append(bytes, wire_name(spec.name));
    append_u16(bytes, spec.type);
    append_u16(bytes, spec.record_class);
    if (spec.opt) {
        append_opt(bytes, *spec.opt);
    }
    return bytes;
}

}  // namespace ostrakon::test
