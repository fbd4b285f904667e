// From a path to its page: who asks, in which language, how often.
#include "ostrakon/web/site.hpp"

#include "pages.hpp"
#include "trimmed.hpp"

#include <algorithm>

namespace ostrakon::web {
namespace {

constexpr std::size_t kPathSizeMax = 2048;
constexpr std::string_view kForwarded = "X-Forwarded-For";
constexpr std::string_view kHtml = "text/html; charset=utf-8";

bool is_in(const std::vector<net::AddressRange>& ranges, const net::Address& address) {
    return std::any_of(ranges.begin(), ranges.end(), [&address](const net::AddressRange& range) {
        if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
            const auto* of_ipv4 = std::get_if<net::Ipv4Range>(&range);
            return of_ipv4 != nullptr && of_ipv4->contains(*ipv4);
        }
        const auto* of_ipv6 = std::get_if<net::Ipv6Range>(&range);
        return of_ipv6 != nullptr && of_ipv6->contains(std::get<net::Ipv6>(address));
    });
}

// "192.0.2.7", and as some proxies write it: "192.0.2.7:4711", "[2001:db8::1]:4711".
std::optional<net::Address> forwarded_address(std::string_view text) {
    if (text.starts_with('[')) {
        return net::parse_address(text.substr(1, std::min(text.find(']'), text.size()) - 1));
    }
    const std::size_t colon = text.find(':');
    const bool has_port = colon != std::string_view::npos && colon == text.rfind(':');
    return net::parse_address(has_port ? text.substr(0, colon) : text);
}

// The last address that a proxy of ours has added; those before it anybody can invent. A proxy may
// add a header of its own behind that of the client.
std::optional<net::Address> client_of(const http::Request& request,
                                      const config::WebSettings& web) {
    if (!request.client || !is_in(web.proxies, *request.client)) {
        return request.client;
    }
    const std::string list = request.header_list(kForwarded);
    std::string_view rest = list;
    while (!rest.empty()) {
        const std::size_t comma = rest.rfind(',');
        const std::string_view last =
            trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
        const auto address = forwarded_address(last);
        if (!address || !is_in(web.proxies, *address)) {
            return address ? address : request.client;
        }
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
    }
    return request.client;
}

// "https://bl.example.org/lists" → "/lists"
std::string path_of_url(const std::string& url) {
    const std::size_t authority = url.find("://");
    const std::size_t slash =
        authority == std::string::npos ? std::string::npos : url.find('/', authority + 3);
    std::string path = slash == std::string::npos ? std::string{} : url.substr(slash);
    while (path.ends_with('/')) {
        path.pop_back();
    }
    return path;
}

// "https://bl.example.org/lists" → "bl.example.org"
std::string host_of_url(const std::string& url) {
    const std::size_t start = url.find("://");
    return start == std::string::npos
               ? std::string{}
               : url.substr(start + 3, url.find_first_of("/:", start + 3) - start - 3);
}

const Language* chosen_language(const http::Request& request, const Languages& languages) {
    const auto words = http::Form::read(request.query);
    return words ? languages.find(words->get("lang")) : nullptr;
}

std::string kept_choice(const http::Request& request, const Languages& languages) {
    const Language* chosen = chosen_language(request, languages);
    return chosen != nullptr ? "lang=" + chosen->code() : std::string{};
}

std::optional<std::string> behind(const std::string& path, std::string_view start) {
    if (!path.starts_with(start)) {
        return std::nullopt;
    }
    return http::decode_percent(std::string_view(path).substr(start.size()));
}

http::Response file(std::string content_type, const std::string& body) {
    return {.content_type = std::move(content_type),
            .body = body,
            .headers = {{"Cache-Control", "public, max-age=3600"}}};
}

http::Response get(const Visit& visit) {
    if (visit.path == "/") {
        return home_page(visit);
    }
    if (visit.path == "/style.css") {
        return file("text/css; charset=utf-8", visit.site.options.style);
    }
    if (visit.path == "/icon.svg") {
        return file("image/svg+xml", visit.site.options.icon);
    }
    if (visit.path == "/policy") {
        return policy_page(visit);
    }
    if (visit.path == "/search") {
        return search(visit);
    }
    if (visit.path == "/request") {
        return request_form(visit);
    }
    if (const auto query = behind(visit.path, "/why/")) {
        return why_page(visit, *query);
    }
    if (const auto query = behind(visit.path, "/api/v1/why/")) {
        return api_why(visit, *query);
    }
    if (const auto reference = behind(visit.path, "/request/")) {
        return request_status(visit, *reference);
    }
    return problem(visit, 404, "missing");
}

http::Response not_so(const Visit& visit, std::string_view methods) {
    auto response = problem(visit, 405, "method");
    response.headers.emplace_back("Allow", methods);
    return response;
}

// Whoever says nothing of it means one.
bool is_form(const http::Request& request) {
    const std::string type = request.header_list("Content-Type");
    const std::string_view name = trimmed(std::string_view(type).substr(0, type.find(';')));
    constexpr std::string_view kForm = "application/x-www-form-urlencoded";
    return name.empty() || std::equal(name.begin(), name.end(), kForm.begin(), kForm.end(),
                                      [](char a, char b) { return (a | ' ') == (b | ' '); });
}

http::Response answer_visit(const Visit& visit) {
    const bool takes_forms = visit.path == "/request" || visit.path == "/check";
    if (visit.request.method == http::Method::Other ||
        (visit.request.method == http::Method::Post && !takes_forms)) {
        return not_so(visit, takes_forms ? "GET, HEAD, POST" : "GET, HEAD");
    }
    if (visit.request.path.size() + visit.request.query.size() > kPathSizeMax) {
        return problem(visit, 414, "too_long");
    }
    if (visit.request.method == http::Method::Post) {
        if (!is_form(visit.request)) {
            return problem(visit, 415, "media_type");
        }
        // A form makes this server look as much up as a question does.
        if (!visit.site.lookups.take(visit.client, visit.now)) {
            return too_often(visit, visit.site.lookups);
        }
        return visit.path == "/request" ? file_request(visit) : check_page(visit);
    }
    return visit.path == "/check" ? not_so(visit, "POST") : get(visit);
}

}  // namespace

std::string without_prefix(const std::string& path, const std::string& prefix) {
    const bool has_prefix = !prefix.empty() && path.starts_with(prefix) &&
                            (path.size() == prefix.size() || path[prefix.size()] == '/');
    std::string rest = has_prefix ? path.substr(prefix.size()) : path;
    return rest.empty() ? "/" : rest;
}

const Language& language_of(const http::Request& request, const Languages& languages) {
    const Language* chosen = chosen_language(request, languages);
    return chosen != nullptr ? *chosen : languages.choose(request.header("Accept-Language"));
}

void protect(http::Response& response) {
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri "
        "'none'; frame-ancestors 'none'");
    if (response.content_type == kHtml) {
        response.headers.emplace_back("Vary", "Accept-Language");
        response.headers.emplace_back("Cache-Control", "no-store");
    }
}

Site::Site(SiteOptions options) : state_(std::make_unique<State>(std::move(options))) {
    state_->policy = of_markdown(state_->options.policy);
    for (const auto& [code, markdown] : state_->options.policies) {
        state_->policies.emplace(code, of_markdown(markdown));
    }
    state_->prefix = path_of_url(state_->options.settings.web.url);
    state_->host = host_of_url(state_->options.settings.web.url);
}

Site::~Site() = default;

http::Response Site::answer(const http::Request& request) const {
    const auto& settings = state_->options.settings;
    const Visit visit{*state_,
                      request,
                      language_of(request, state_->options.languages),
                      client_of(request, settings.web),
                      without_prefix(request.path, state_->prefix),
                      state_->options.now(),
                      kept_choice(request, state_->options.languages)};
    http::Response response = answer_visit(visit);
    protect(response);
    return response;
}

}  // namespace ostrakon::web
