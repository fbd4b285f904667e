// The whole way of a refused sender: from Postfix's refusal over its link to the page, to a
// request, to the operator's word, to the same message taken. All of it is real: ostrakond,
// unbound, Postfix, nginx with TLS as doc/web.md sets it up, ostrakon-web, and Debian's Chromium,
// which runs no scripts.
#include "mail/document.hpp"
#include "mail/mail_site.hpp"
#include "mail/postfix.hpp"
#include "mail/smtp_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kSkipped = 77;
constexpr std::chrono::seconds kCachesForget{30};
constexpr const char* kRecipient = "user@mx.example.com";
constexpr const char* kMessage = "Subject: Offer\r\n\r\nAs we agreed.";

constexpr std::string_view kProxy = R"(error_log stderr notice;
pid /run/nginx.pid;
events {{}}
http {{
access_log off;
{}
}}
)";

std::string proxy_of_the_document() {
    const Document document = read_document(fs::path{OSTRAKON_SOURCES} / "doc/web.md");
    const auto found = std::find_if(document.blocks.begin(), document.blocks.end(),
                                    [](const Block& block) { return block.language == "nginx"; });
    return found == document.blocks.end() ? "" : fmt::format(fmt::runtime(kProxy), found->text);
}

void make_certificate() {
    fs::create_directories("/etc/ssl");
    const ProcessResult made =
        run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
             "/CN=bl.example.org", "-keyout", "/etc/ssl/bl.example.org.key", "-out",
             "/etc/ssl/bl.example.org.pem"});
    if (made.status != 0) {
        throw std::runtime_error("openssl req: " + made.errors);
    }
}

class Walk : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
            GTEST_SKIP() << why_not;
        }
        const ProcessResult asked = visit({"can"});
        if (asked.status == kSkipped) {
            GTEST_SKIP() << asked.output;
        }
        ASSERT_EQ(asked.status, 0) << asked.output << asked.errors;
        write_machine_file("/etc/hosts", "127.0.0.1 localhost bl.example.org\n");
        site_ = std::make_unique<MailSite>("ttl = \"1s\"\nnegative_ttl = \"1s\"\n");
        site_->site().configure(
            {.listen = R"(["127.0.0.1:5353", "[::1]:5353"])",
             .more = "[web]\nlisten = \"127.0.0.1:8053\"\nurl = \"https://bl.example.org\"\n"});
    }

    void start() {
        site_->start();
        page_ = std::make_unique<Process>(ProcessOptions{
            .arguments = {program("ostrakon-web"), "--config", site_->site().configuration()}});
        ASSERT_TRUE(page_->wait_for_errors("serving on")) << page_->errors();
        make_certificate();
        write_machine_file("/etc/nginx/nginx.conf", proxy_of_the_document());
        proxy_ = std::make_unique<Process>(ProcessOptions{
            .arguments =
                with_its_children({"nginx", "-c", "/etc/nginx/nginx.conf", "-g", "daemon off;"})});
        ASSERT_TRUE(proxy_->wait_for_errors("start worker process ")) << proxy_->errors();
        postfix_ = std::make_unique<Postfix>(site_->tool({"client-config", "postfix"}));
    }

    /// What a visitor does in the browser; see walk.mjs.
    static ProcessResult visit(std::vector<std::string> words) {
        words.insert(words.begin(), {fs::path{OSTRAKON_BROWSER_TESTS} / "run", "walk.mjs"});
        return run(std::move(words));
    }
    static std::string seen(const std::vector<std::string>& words) {
        const ProcessResult result = visit(words);
        EXPECT_EQ(result.status, 0) << result.output << result.errors;
        return result.output;
    }
    /// Hands in the message as the server with this address: the last reply.
    static std::string deliver(const std::string& address) {
        SmtpClient client{Postfix::kSmtpd};
        client.introduce({.address = address});
        const std::string reply = client.ask("someone@example.com", kRecipient);
        return reply.starts_with("250") ? client.deliver(kMessage) : reply;
    }
    /// Hands it in again until it is taken: resolvers may remember the refusal for a moment.
    static std::string deliver_again(const std::string& address) {
        const auto end = std::chrono::steady_clock::now() + kCachesForget;
        std::string reply = deliver(address);
        while (!reply.starts_with("250") && std::chrono::steady_clock::now() < end) {
            reply = deliver(address);
        }
        return reply;
    }

    std::unique_ptr<MailSite> site_;
    std::unique_ptr<Process> page_, proxy_;
    std::unique_ptr<Postfix> postfix_;
};

TEST_F(Walk, LeadsFromARefusedMessageToTheSameMessageTaken) {
    site_->tool({"ban", "192.0.2.7", "--reason", "Spam to our traps since Monday"});
    start();
    const std::string refused = deliver("192.0.2.7");
    ASSERT_THAT(refused,
                AllOf(StartsWith("554 5.7.1 "), HasSubstr("https://bl.example.org/why/192.0.2.7"),
                      HasSubstr("Spam to our traps since Monday")));

    const std::string filed =
        seen({"ask", "<someone@example.com>: host mx.example.com said: " + refused});
    const std::string status = filed.substr(0, filed.find('\n'));
    EXPECT_THAT(status, StartsWith("https://bl.example.org/request/"));
    EXPECT_THAT(filed, AllOf(HasSubstr("It waits for a person"), HasSubstr("192.0.2.7")));

    EXPECT_THAT(site_->tool({"request", "list"}), HasSubstr("192.0.2.7"));
    EXPECT_THAT(site_->tool({"request", "show", "1"}),
                AllOf(HasSubstr("postmaster@example.com"), HasSubstr("The relay is closed."),
                      HasSubstr("blocked using bl.example.org")));
    EXPECT_THAT(seen({"look", status}), HasSubstr("It waits for a person"));
    site_->tool({"request", "accept", "1", "--reason", "We have seen that the relay is closed"});
    EXPECT_THAT(seen({"look", status}),
                AllOf(HasSubstr("Accepted"), HasSubstr("We have seen that the relay is closed")));
    EXPECT_THAT(deliver_again("192.0.2.7"), StartsWith("250 2.0.0"));
    EXPECT_THAT(seen({"look", "https://bl.example.org/why/192.0.2.7"}),
                HasSubstr("192.0.2.7 is not blocked"));
}

}  // namespace
}  // namespace ostrakon::test
