// HTML that cannot be broken by what is put into it: plain text becomes markup only by text(),
// which escapes it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ostrakon::web {

/// A well-formed piece of HTML.
class Markup {
public:
    Markup() = default;
    const std::string& html() const { return html_; }
    bool empty() const { return html_.empty(); }
    Markup& operator+=(const Markup& other) {
        html_ += other.html_;
        return *this;
    }
    friend Markup operator+(Markup a, const Markup& b) { return std::move(a += b); }

    /// What a library that makes HTML has made, with all that is dangerous left out by it.
    static Markup of_trusted_html(std::string html) { return Markup{std::move(html)}; }

private:
    explicit Markup(std::string html) : html_(std::move(html)) {}
    std::string html_;
};

/// Plain text; bytes that are not UTF-8 and control characters but line ends are replaced.
Markup text(std::string_view plain);

/// Names are written in the sources; values may be anything.
using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// <tag …>content</tag>
Markup element(std::string_view tag, Attributes attributes, const Markup& content);
inline Markup element(std::string_view tag, const Markup& content) {
    return element(tag, {}, content);
}
/// <tag …>, which has no content: input, link, meta, br.
Markup void_element(std::string_view tag, Attributes attributes);

}  // namespace ostrakon::web
