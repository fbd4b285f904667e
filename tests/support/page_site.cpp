#include "support/page_site.hpp"

#include "ostrakon/http/target.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/request_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHostileReason = "\"'><script>alert(1)</script><img src=x onerror=y>&";

struct Listed {
    const char *subject, *listing_class;
    std::string_view reason;
};
constexpr auto kListed = std::to_array<Listed>({
    {"192.0.2.7", "", kHostileReason},
    {"198.51.100.0/24", "isp", "spam"},
    {"203.0.113.77", "misconfigured", "no name"},
    {"2001:db8:1::/64", "", "spam"},
    {"spam.example", "", kHostileReason},
    {"=one.example", "", "spam"},
    {"rdns:*.adsl.example.net", "", "a line"},
    {PageSite::kMail.data(), "", "phishing"},
    {"198.51.100.20", "allow", "a partner"},
});

[[noreturn]] void give_up(const Error& error) {
    throw std::runtime_error(message(error));
}

template <class T>
T whole(Result<T> result) {
    if (!result) {
        give_up(result.error());
    }
    return std::move(*result);
}

diagnose::Diagnosis diagnosed(const net::Address& address) {
    diagnose::Diagnosis diagnosis;
    diagnosis.server.address = address;
    diagnosis.checks = {{.name = "reverse-dns",
                         .finding = diagnose::Finding::Failed,
                         .seen = "there is <none> & \xFF",
                         .brief = "no name",
                         .remedy = "ask \"your\" provider"}};
    return diagnosis;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// Reads a page from its begin to its end; the first flaw ends it.
class PageReader {
public:
    explicit PageReader(std::string_view page) : rest_(page) {}

    std::string flaw() {
        if (!take("<!DOCTYPE html>\n")) {
            return "no document type";
        }
        while (!rest_.empty() && flaw_.empty()) {
            if (rest_.front() == '<') {
                read_tag();
            } else {
                read_character();
            }
        }
        if (flaw_.empty() && !open_.empty()) {
            flaw_ = "never closed: " + open_.back();
        }
        return flaw_.empty() ? "" : fmt::format("{} before \"{}\"", flaw_, rest_.substr(0, 60));
    }

private:
    bool take(std::string_view expected) {
        if (!rest_.starts_with(expected)) {
            return false;
        }
        rest_.remove_prefix(expected.size());
        return true;
    }
    std::string word() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_letter);
        std::string taken(rest_.begin(), end);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    void read_character() {
        const auto c = static_cast<unsigned char>(rest_.front());
        if (c == '&') {
            const bool is_known =
                std::any_of(kEntities.begin(), kEntities.end(),
                            [this](std::string_view entity) { return take(entity); });
            flaw_ = is_known ? "" : "a bare &";
            return;
        }
        if (c == '>' || c == '"' || c == '\'') {
            flaw_ = c == '>' || is_in_value_ ? "not escaped" : "";
        } else if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7F) {
            flaw_ = "a control character";
        } else if (c >= 0x80) {
            read_utf8(c);
            return;
        }
        rest_.remove_prefix(1);
    }
    void read_utf8(unsigned char first) {
        const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        const bool is_whole = first >= 0xC2 && first <= 0xF4 && rest_.size() >= size &&
                              std::all_of(rest_.begin() + 1, rest_.begin() + size,
                                          [](char c) { return (c & 0xC0) == 0x80; });
        const std::string_view character = rest_.substr(0, is_whole ? size : 1);
        const bool turns_writing = (character >= "\xE2\x80\xAA" && character <= "\xE2\x80\xAE") ||
                                   (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9");
        flaw_ = !is_whole ? "no UTF-8" : turns_writing ? "turns the direction of writing" : "";
        rest_.remove_prefix(character.size());
    }
    void read_tag() {
        if (take("</")) {
            const std::string name = word();
            const bool fits = !open_.empty() && open_.back() == name && take(">");
            flaw_ = fits ? "" : "closed out of order: " + name;
            if (fits) {
                open_.pop_back();
            }
            return;
        }
        take("<");
        const std::string name = word();
        if (name.empty() || name == "script" || name == "iframe" || name == "img") {
            flaw_ = "an element " + name;
            return;
        }
        while (flaw_.empty() && take(" ")) {
            read_attribute();
        }
        if (flaw_.empty() && !take(">")) {
            flaw_ = "a tag that does not end";
        }
        if (std::find(kVoid.begin(), kVoid.end(), name) == kVoid.end()) {
            open_.push_back(name);
        }
    }
    void read_attribute() {
        const std::string name = word();
        if (name.empty() || name.starts_with("on") || name == "style" || !take("=\"")) {
            flaw_ = "an attribute " + name;
            return;
        }
        const bool is_link = name == "href" || name == "action" || name == "src";
        if (is_link && !rest_.starts_with("https://") &&
            (rest_.starts_with("//") || !(rest_.starts_with('/') || rest_.starts_with('#')))) {
            flaw_ = "leads elsewhere";
        }
        is_in_value_ = true;
        while (flaw_.empty() && !rest_.empty() && rest_.front() != '"') {
            if (rest_.front() == '<') {
                flaw_ = "not escaped";
            } else {
                read_character();
            }
        }
        is_in_value_ = false;
        if (flaw_.empty() && !take("\"")) {
            flaw_ = "a value that does not end";
        }
    }

    static constexpr auto kEntities =
        std::to_array<std::string_view>({"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"});
    static constexpr auto kVoid = std::to_array<std::string_view>({"meta", "link", "input", "br"});

    std::string_view rest_;
    std::string flaw_;
    std::vector<std::string> open_;
    bool is_in_value_ = false;
};

}  // namespace

const std::string& PageSite::mail_hash() {
    static const std::string hash =
        std::get<policy::MailSubject>(*policy::parse_subject(kMail)).hash;
    return hash;
}

PageSite::PageSite() {
    settings_.database.path = directory_.path();
    settings_.web.url = "https://bl.example.org";
    fs::create_directory(box());
    auto environment = whole(store::Environment::open({.directory = directory_.path(),
                                                       .access = store::Access::ReadWriteCreate,
                                                       .size_bytes = std::uint64_t{1} << 26}));
    for (const Listed& listed : kListed) {
        policy::Ban ban;
        ban.subjects = {whole(policy::parse_subject(listed.subject))};
        ban.reason = listed.reason;
        ban.listing_class = listed.listing_class;
        ban.evidence = kEvidence;
        ban.confirmed = true;
        whole(policy::ban(environment, settings_, ban,
                          {std::string(kAuthor), "ban", UnixTime{now_.seconds - 86400}}));
    }
}

PageSite::~PageSite() = default;

fs::path PageSite::box() const {
    return policy::request_box(directory_.path());
}

void PageSite::empty_box() const {
    fs::remove_all(box());
    fs::create_directory(box());
}

std::unique_ptr<web::Site> PageSite::make_site() {
    return std::make_unique<web::Site>(web::SiteOptions{
        .settings = settings_,
        .zones = {config::default_zone()},
        .languages = whole(web::Languages::read(OSTRAKON_WEB_TEXTS)),
        .style = "body{}",
        .policy = "# Ours\n\n*so* [a](https://www.example.org/)\n",
        .diagnose = [](const net::Address& address) -> Result<diagnose::Diagnosis> {
            return diagnosed(address);
        },
        .now = [this] { return now_; }});
}

http::Response PageSite::answer(http::Request request) {
    if (!site_) {
        site_ = make_site();
    }
    if (!request.client) {
        request.client = net::Ipv4{0xCB007109};
    }
    return site_->answer(request);
}

http::Response PageSite::get(const std::string& target, net::Address client) {
    http::Request request;
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    request.client = client;
    return answer(std::move(request));
}

PageSite::Form PageSite::form() {
    const auto response = get("/request");
    const std::string cookie = header_of(response, "Set-Cookie");
    const std::string start = "name=\"token\" value=\"";
    const std::size_t at = response.body.find(start) + start.size();
    return {response.body.substr(at, response.body.find('"', at) - at),
            cookie.substr(0, cookie.find(';'))};
}

std::string header_of(const http::Response& response, std::string_view name) {
    for (const auto& [known, value] : response.headers) {
        if (known == name) {
            return value;
        }
    }
    return {};
}

std::string flaw_of_html(std::string_view page) {
    if (page.ends_with('\n')) {
        page.remove_suffix(1);
    }
    return PageReader(page).flaw();
}

std::string flaw_of(const http::Response& response) {
    constexpr auto kStatuses =
        std::to_array({200, 303, 304, 400, 404, 405, 414, 415, 422, 429, 503});
    if (std::find(kStatuses.begin(), kStatuses.end(), response.status) == kStatuses.end()) {
        return fmt::format("status {}", response.status);
    }
    for (const auto& [name, value] : response.headers) {
        const bool is_shown =
            std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
        if (!std::all_of(name.begin(), name.end(), is_letter) || !is_shown) {
            return "header " + name;
        }
    }
    const std::string location = header_of(response, "Location");
    if ((response.status == 303) != location.starts_with('/') || location.starts_with("//")) {
        return "location " + location;
    }
    if (response.content_type.starts_with("text/html") && !response.body.empty()) {
        return flaw_of_html(response.body);
    }
    return response.body.find_first_of(std::string_view("\0\x1B\x7F", 3)) == std::string::npos
               ? ""
               : "a control character";
}

}  // namespace ostrakon::test
