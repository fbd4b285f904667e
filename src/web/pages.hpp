// The pages, a function each, and the frame around them.
#pragma once

#include "site_state.hpp"

namespace ostrakon::web {

/// What stands around the content of a page.
struct Frame {
    Markup title, header, content, footer;
    std::string style;       ///< Where the style sheet is.
    std::string icon;        ///< Where the picture of the tab is.
    int reload_seconds = 0;  ///< After which the page loads itself again; 0: never.
};
http::Response framed(const Visit& visit, int status, const Frame& frame);

/// A page with this title and content.
http::Response page(const Visit& visit, int status, const Markup& title, const Markup& content);
/// A page that says what went wrong, with the phrases KEY.title and KEY.text.
http::Response problem(const Visit& visit, int status, std::string_view key);
/// A problem of status 429.
http::Response too_often(const Visit& visit, const Allowance& allowance);
/// "Look up" with its field.
Markup search_form(const Visit& visit, std::string_view query);
/// A form that is sent by GET loses what its address has behind the '?': this keeps the language.
Markup kept_in_form(const Visit& visit);
Markup paragraph(const Markup& content);

http::Response home_page(const Visit& visit);
http::Response search(const Visit& visit);
http::Response why_page(const Visit& visit, const std::string& query);
http::Response api_why(const Visit& visit, const std::string& query);
http::Response check_page(const Visit& visit);
http::Response request_form(const Visit& visit);
http::Response file_request(const Visit& visit);
http::Response request_status(const Visit& visit, const std::string& reference);
http::Response policy_page(const Visit& visit);

/// What every answer says to browsers.
void protect(http::Response& response);
/// A proxy may leave the prefix of the site in the path or take it away.
std::string without_prefix(const std::string& path, const std::string& prefix);
const Language& language_of(const http::Request& request, const Languages& languages);

/// Markdown as HTML, without what could do harm: no raw HTML, no script in links.
Markup of_markdown(const std::string& text);

}  // namespace ostrakon::web
