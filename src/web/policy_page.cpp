#include "pages.hpp"

#include <cmark.h>

#include <cstdlib>
#include <memory>

namespace ostrakon::web {

Markup of_markdown(const std::string& text) {
    const std::unique_ptr<char, void (*)(void*)> html(
        cmark_markdown_to_html(text.data(), text.size(), CMARK_OPT_VALIDATE_UTF8), &std::free);
    return Markup::of_trusted_html(html == nullptr ? std::string{} : std::string{html.get()});
}

http::Response policy_page(const Visit& visit) {
    const auto translated = visit.site.policies.find(visit.language.code());
    const Markup& policy =
        translated == visit.site.policies.end() ? visit.site.policy : translated->second;
    return page(visit, 200, visit.say("frame.policy"), element("article", policy));
}

}  // namespace ostrakon::web
