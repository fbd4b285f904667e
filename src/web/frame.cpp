#include "pages.hpp"
#include "trimmed.hpp"

namespace ostrakon::web {
namespace {

Markup navigation(const Visit& visit) {
    const auto entry = [&visit](std::string_view to, std::string_view key) {
        return element("li", element("a", {{"href", visit.link(to)}}, visit.say(key)));
    };
    return element("nav", {{"aria-label", visit.language.plain("frame.navigation")}},
                   element("ul", entry("/", "frame.home") + entry("/request", "frame.request") +
                                     entry("/policy", "frame.policy")));
}

// The same page in the other languages.
Markup other_languages(const Visit& visit) {
    Markup links;
    for (const Language& language : visit.site.options.languages.all()) {
        if (language.code() == visit.language.code()) {
            continue;
        }
        const bool can_be_got = visit.request.method == http::Method::Get;
        const std::string to =
            visit.link(can_be_got ? std::string_view{visit.path} : std::string_view{"/"}) +
            "?lang=" + language.code();
        links +=
            element("a", {{"href", to}, {"hreflang", language.code()}, {"lang", language.code()}},
                    text(language.plain("frame.language")));
    }
    return links;
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
        element("a", {{"class", "name"}, {"href", visit.link("/")}}, visit.say("frame.name"));
    return framed(
        visit, status,
        {.title = title,
         .header = name + navigation(visit),
         .content = content,
         .footer = paragraph(visit.say("frame.privacy")) + paragraph(other_languages(visit)),
         .style = visit.link("/style.css")});
}

http::Response problem(const Visit& visit, int status, std::string_view key) {
    const std::string name(key);
    return page(visit, status, visit.say(name + ".title"),
                element("h1", visit.say(name + ".title")) + paragraph(visit.say(name + ".text")) +
                    search_form(visit, ""));
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
                    {"action", visit.link("/search")},
                    {"class", "search"},
                    {"role", "search"}},
                   field + element("button", {{"type", "submit"}}, visit.say("search.button")));
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
