// Property: whatever is asked of the page, the answer is one that may be sent: a known status,
// well-formed headers and HTML with all that came from outside escaped, of bounded size, and with
// nothing in it that is not for visitors.
//
// An input is a request as it stands on the wire: "GET /why/192.0.2.7", header lines, an empty
// line, the body. "@TOKEN@" and "@COOKIE@" stand for those of a form that was got before.
#include "target.hpp"

#include "ostrakon/http/target.hpp"
#include "ostrakon/policy/request_box.hpp"
#include "support/page_site.hpp"

#include <algorithm>
#include <iterator>

namespace {

using namespace ostrakon;
using fuzz::require;

constexpr std::int64_t kSecondsBetween = 3600;  // so that no limit is met
constexpr std::size_t kBoxFilesMax = 50;
constexpr std::size_t kAnswerSizeMax = std::size_t{64} << 10;
constexpr std::size_t kGrowthMax = 64;  // of each byte that was sent

std::string_view taken_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

std::string filled(std::string_view text, const test::PageSite::Form& form) {
    std::string whole(text);
    for (const auto& [mark, value] :
         {std::pair<std::string_view, std::string>{"@TOKEN@", form.token},
          {"@COOKIE@", form.cookie}}) {
        if (const std::size_t at = whole.find(mark); at != std::string::npos) {
            whole.replace(at, mark.size(), value);
        }
    }
    return whole;
}

char in_lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// As it may come back: as it is and decoded as far as it can be, in small letters.
std::string reduced(std::string_view text) {
    std::string result;
    std::transform(text.begin(), text.end(), std::back_inserter(result), in_lower_case);
    result += '\n';
    while (!text.empty()) {
        const auto decoded =
            text.starts_with('%') ? http::decode_percent(text.substr(0, 3)) : std::nullopt;
        const std::string part = decoded.value_or(std::string(1, text.front()));
        std::transform(part.begin(), part.end(), std::back_inserter(result), in_lower_case);
        text.remove_prefix(decoded ? 3 : 1);
    }
    return result;
}

http::Request request_of(std::string_view text) {
    http::Request request;
    const std::string_view first = taken_line(text);
    const std::size_t blank = std::min(first.find(' '), first.size());
    const std::string_view method = first.substr(0, blank);
    request.method = method == "GET"    ? http::Method::Get
                     : method == "POST" ? http::Method::Post
                                        : http::Method::Other;
    const std::string_view target = first.substr(std::min(blank + 1, first.size()));
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    while (!text.empty()) {
        const std::string_view line = taken_line(text);
        if (line.empty()) {
            break;
        }
        const std::size_t colon = std::min(line.find(": "), line.size());
        request.headers.emplace_back(line.substr(0, colon),
                                     line.substr(std::min(colon + 2, line.size())));
    }
    request.body = text;
    return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static test::PageSite site;
    std::string_view text = fuzz::as_text(bytes, size);
    site.wait(kSecondsBetween);
    const bool has_form = text.find("@TOKEN@") != std::string_view::npos;
    const std::string whole = has_form ? filled(text, site.form()) : std::string(text);
    http::Request request = request_of(whole);
    if (size % 2 == 0) {
        request.client = net::Ipv4{0x7F000001};  // a proxy of ours
    }
    const auto response = site.answer(std::move(request));
    const std::string flaw = test::flaw_of(response);
    require(flaw.empty(), flaw);
    require(response.status != 503, "the database can be read, and the box has room");
    require(response.body.size() <= kAnswerSizeMax + kGrowthMax * size, "its size");
    const std::string known = reduced(whole);
    for (const std::string_view secret :
         {test::PageSite::kEvidence, test::PageSite::kAuthor, test::PageSite::kMail}) {
        require(known.find(reduced(secret).substr(0, secret.size())) != std::string::npos ||
                    response.body.find(secret) == std::string::npos,
                "what is not for visitors");
    }
    if (response.status == 303 && policy::waiting_requests(site.box()) > kBoxFilesMax) {
        site.empty_box();
    }
    return 0;
}
