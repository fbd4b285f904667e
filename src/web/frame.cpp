#include "pages.hpp"
#include "trimmed.hpp"

#include <algorithm>

namespace ostrakon::web {
namespace {

Markup navigation(const Visit& visit) {
    const auto entry = [&visit](std::string_view to, std::string_view key) {
        const Markup name = visit.say(key);
        const std::string link = visit.link(to);
        return element("li", visit.path == to
                                 ? element("a", {{"href", link}, {"aria-current", "page"}}, name)
                                 : element("a", {{"href", link}}, name));
    };
    return element("nav", {{"aria-label", visit.language.plain("frame.navigation")}},
                   element("ul", entry("/", "frame.home") + entry("/request", "frame.request") +
                                     entry("/policy", "frame.policy")));
}

// What was asked behind the '?', but for the language.
std::string asked_besides(const std::string& query) {
    std::string besides;
    for (std::size_t at = 0; at < query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const std::string field = query.substr(at, end - at);
        at = end + 1;
        if (!field.empty() && !field.starts_with("lang=")) {
            besides += field + "&";
        }
    }
    return besides;
}

// "//example.com/" and "/\example.com/" lead a browser elsewhere, as does a path with a character
// that it leaves out.
bool stays_here(std::string_view path) {
    const bool has_odd = std::any_of(path.begin(), path.end(), [](char c) {
        return c <= ' ' || c == '\\' || static_cast<unsigned char>(c) >= 0x7F;
    });
    return path.starts_with('/') && !path.starts_with("//") && !has_odd;
}

// The same page in the other languages. What was sent with a form is not sent again for that.
Markup other_languages(const Visit& visit) {
    const bool can_be_got = (visit.request.method == http::Method::Get && stays_here(visit.path)) ||
                            visit.path == "/request";
    const std::string same = visit.place(can_be_got ? std::string_view{visit.path} : "/") + "?" +
                             asked_besides(can_be_got ? visit.request.query : std::string{});
    Markup links;
    for (const Language& language : visit.site.options.languages.all()) {
        if (language.code() == visit.language.code()) {
            continue;
        }
        links += element("a",
                         {{"href", same + "lang=" + language.code()},
                          {"hreflang", language.code()},
                          {"lang", language.code()}},
                         text(language.plain("frame.language")));
    }
    return links;
}

// Who says all this: the name of the list and its address.
Markup site_name(const Visit& visit) {
    const std::string& host = visit.site.host;
    return visit.say("frame.name") +
           (host.empty() ? Markup{} : text(" ") + element("span", text(host)));
}

// What a tab is called: the page, and whose it is.
Markup tab_title(const Visit& visit, const Markup& title) {
    const Markup whose = visit.site.host.empty() ? visit.say("frame.name") : text(visit.site.host);
    return title.html() == whose.html() ? title : title + text(" – ") + whose;
}

Markup head(const Frame& frame) {
    const std::string seconds = std::to_string(frame.reload_seconds);
    return element("head",
                   void_element("meta", {{"charset", "utf-8"}}) +
                       void_element("meta", {{"name", "viewport"},
                                             {"content", "width=device-width, initial-scale=1"}}) +
                       void_element("meta", {{"name", "color-scheme"}, {"content", "light dark"}}) +
                       void_element("meta", {{"name", "robots"}, {"content", "noindex"}}) +
                       element("title", frame.title) +
                       void_element("link", {{"rel", "icon"}, {"href", frame.icon}}) +
                       void_element("link", {{"rel", "stylesheet"}, {"href", frame.style}}) +
                       (frame.reload_seconds == 0 ? Markup{}
                                                  : void_element("meta", {{"http-equiv", "refresh"},
                                                                          {"content", seconds}})));
}

}  // namespace

Markup paragraph(const Markup& content) {
    return element("p", content);
}

http::Response framed(const Visit& visit, int status, const Frame& frame) {
    const Markup skip =
        element("a", {{"class", "skip"}, {"href", "#content"}}, visit.say("frame.skip"));
    const Markup body = skip + element("header", frame.header) +
                        element("main", {{"id", "content"}}, frame.content) +
                        element("footer", frame.footer);
    const Markup whole =
        element("html", {{"lang", visit.language.code()}}, head(frame) + element("body", body));
    return {.status = status,
            .content_type = "text/html; charset=utf-8",
            .body = "<!DOCTYPE html>\n" + whole.html() + "\n",
            .headers = {{"Content-Language", visit.language.code()}}};
}

http::Response page(const Visit& visit, int status, const Markup& title, const Markup& content) {
    const Markup name =
        element("a", {{"class", "name"}, {"href", visit.link("/")}}, site_name(visit));
    return framed(
        visit, status,
        {.title = tab_title(visit, title),
         .header = name + navigation(visit),
         .content = content,
         .footer = paragraph(visit.say("frame.privacy")) + paragraph(other_languages(visit)),
         .style = visit.place("/style.css"),
         .icon = visit.place("/icon.svg")});
}

http::Response problem(const Visit& visit, int status, std::string_view key) {
    const std::string name(key);
    return page(visit, status, visit.say(name + ".title"),
                element("h1", visit.say(name + ".title")) + paragraph(visit.say(name + ".text")) +
                    search_form(visit, ""));
}

Markup kept_in_form(const Visit& visit) {
    return visit.kept.empty()
               ? Markup{}
               : void_element(
                     "input",
                     {{"type", "hidden"}, {"name", "lang"}, {"value", visit.language.code()}});
}

http::Response too_often(const Visit& visit, const Allowance& allowance) {
    auto response = problem(visit, 429, "too_often");
    response.headers.emplace_back("Retry-After", std::to_string(allowance.wait_seconds()));
    return response;
}

Markup search_form(const Visit& visit, std::string_view query) {
    const Markup field =
        element("label", {{"for", "q"}}, visit.say("search.label")) +
        void_element("input", {{"id", "q"},
                               {"name", "q"},
                               {"type", "text"},
                               {"maxlength", "320"},
                               {"autocomplete", "off"},
                               {"autocapitalize", "none"},
                               {"spellcheck", "false"},
                               {"required", "required"},
                               {"aria-describedby", "q-hint"},
                               {"value", query}}) +
        element("p", {{"id", "q-hint"}, {"class", "hint"}}, visit.say("search.hint"));
    return element("form",
                   {{"method", "get"},
                    {"action", visit.place("/search")},
                    {"class", "search"},
                    {"role", "search"}},
                   kept_in_form(visit) + field +
                       element("button", {{"type", "submit"}}, visit.say("search.button")));
}

http::Response home_page(const Visit& visit) {
    return page(visit, 200, visit.say("frame.name"),
                element("h1", visit.say("home.title")) + paragraph(visit.say("home.text")) +
                    search_form(visit, "") +
                    paragraph(visit.say("home.more",
                                        {{"policy", element("a", {{"href", visit.link("/policy")}},
                                                            visit.say("frame.policy"))}})));
}

http::Response search(const Visit& visit) {
    const auto words = http::Form::read(visit.request.query);
    const std::string query(trimmed(words ? words->get("q") : std::string_view{}));
    if (query.empty()) {
        return problem(visit, 400, "no_query");
    }
    return {.status = 303, .body = "", .headers = {{"Location", visit.why_link(query)}}};
}

}  // namespace ostrakon::web
