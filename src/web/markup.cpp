#include "ostrakon/web/markup.hpp"

#include "utf8.hpp"

namespace ostrakon::web {
namespace {

void append_escaped(std::string& html, std::string_view plain) {
    for (const char c : only_utf8(plain)) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                html += c;
        }
    }
}

std::string opening(std::string_view tag, Attributes attributes) {
    std::string html = "<" + std::string(tag);
    for (const auto& [name, value] : attributes) {
        html += " " + std::string(name) + "=\"";
        append_escaped(html, value);
        html += '"';
    }
    return html + ">";
}

}  // namespace

Markup text(std::string_view plain) {
    std::string html;
    append_escaped(html, plain);
    return Markup::of_trusted_html(std::move(html));
}

Markup element(std::string_view tag, Attributes attributes, const Markup& content) {
    return Markup::of_trusted_html(opening(tag, attributes) + content.html() + "</" +
                                   std::string(tag) + ">");
}

Markup void_element(std::string_view tag, Attributes attributes) {
    return Markup::of_trusted_html(opening(tag, attributes));
}

}  // namespace ostrakon::web
