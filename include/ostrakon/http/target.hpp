// The words of a path, a query and a form: percent-encoding (RFC 3986 §2.1) and
// application/x-www-form-urlencoded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::http {

/// Fields that a form may have; more make it none.
inline constexpr std::size_t kFormFieldsMax = 64;

/// Undoes percent-encoding. None for a '%' without two hex digits, and where NUL would come out.
std::optional<std::string> decode_percent(std::string_view text);

/// Percent-encodes all but letters, digits and "-._~", so that the result may stand anywhere in a
/// URL.
std::string encode_percent(std::string_view text);

/// The fields of a query or of a form's body, in their order: names and values, decoded ('+' is a
/// blank).
class Form {
public:
    /// None for what is wrongly encoded or has too many fields.
    static std::optional<Form> read(std::string_view text);
    /// The first field of this name; empty without one.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;

private:
    const std::string* find(std::string_view name) const;
    std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace ostrakon::http
