// The page of a small database, asked in this process: for tests and fuzz targets that bring
// hostile requests.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/http/message.hpp"
#include "ostrakon/web/site.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::test {

class PageSite {
public:
    /// What no visitor may see: evidence, and who has decided.
    static constexpr std::string_view kEvidence = "EvidenceOfOthers";
    static constexpr std::string_view kAuthor = "secretive-author";
    /// A banned mail address, and the hash that a question about it has.
    static constexpr std::string_view kMail = "hidden.person@example.com";
    static const std::string& mail_hash();

    /// With bans of each kind, some with a reason that is full of markup.
    PageSite();
    ~PageSite();

    /// Without a client it comes from 203.0.113.9.
    http::Response answer(http::Request request);
    http::Response get(const std::string& target, net::Address client = net::Ipv4{0xCB007109});
    void wait(std::int64_t seconds) { now_.seconds += seconds; }
    /// The token of a form that was got now, and the cookie that came with it.
    struct Form {
        std::string token, cookie;
    };
    Form form();

    UnixTime now() const { return now_; }
    std::filesystem::path box() const;
    void empty_box() const;

private:
    std::unique_ptr<web::Site> make_site();  // It reads this object's clock.

    const TemporaryDirectory directory_;
    config::Settings settings_ = config::default_settings();
    UnixTime now_{1'800'000'000};
    std::unique_ptr<web::Site> site_;
};

/// The value of a header; empty without one.
std::string header_of(const http::Response& response, std::string_view name);

/// What is wrong with a page, empty where nothing is: elements that are not closed in their order,
/// characters that are not escaped, bytes that are not UTF-8 or that nobody sees. Knows the HTML
/// that this project writes, and no more of it.
std::string flaw_of_html(std::string_view page);

/// What is wrong with an answer: its status, its headers, its page.
std::string flaw_of(const http::Response& response);

}  // namespace ostrakon::test
