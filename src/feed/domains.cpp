// domains: a domain a line, which stands for itself and all below it, in any of the spellings that
// block lists of domains have: example.com, .example.com, *.example.com (only what is below),
// ||example.com^ (adblock), address=/example.com/0.0.0.0 (dnsmasq), local-zone: "example.com"
// always_nxdomain (unbound). #, ;, ! and // begin comments. disposable-email-domains has the first.
//
// @@||example.com^ is an exception. Rules that hold for some pages or kinds of content only are
// rejected: they are about less than the domain.
#include "line_format.hpp"
#include "list_subject.hpp"

#include <algorithm>
#include <array>

namespace ostrakon::feed {
namespace {

// Options of adblock rules that take nothing away from them.
constexpr std::array<std::string_view, 4> kWholeOptions{"important", "all", "document", "doc"};
// Types of unbound's local zones that answer nothing, for the name and all below it.
constexpr std::array<std::string_view, 8> kDenyingZones{
    "always_nxdomain", "always_refuse", "always_deny", "always_null",
    "always_nodata",   "static",        "refuse",      "deny"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

struct DomainStatements {
    std::uint32_t ban;
    std::uint32_t exception;
};

class DomainLine {
public:
    DomainLine(std::uint32_t number, std::string_view text, Collector& collector)
        : number_(number), text_(text), collector_(collector) {}

    void read(const DomainStatements& statements) {
        if (text_.starts_with("@@||")) {
            read_adblock(text_.substr(4), statements.exception);
        } else if (text_.starts_with("||")) {
            read_adblock(text_.substr(2), statements.ban);
        } else if (text_.starts_with("@@")) {
            reject("is an exception for something other than a domain");
        } else if (text_.starts_with("local-zone:")) {
            read_unbound(statements.ban);
        } else if (text_.find('=') != std::string_view::npos) {
            read_dnsmasq(statements.ban);
        } else {
            read_name(statements.ban);
        }
    }

private:
    void reject(std::string_view why) { collector_.reject(number_, text_, why); }

    void read_adblock(std::string_view rule, std::uint32_t statement) {
        const std::size_t dollar = rule.find('$');
        if (dollar != std::string_view::npos &&
            !is_one_of(kWholeOptions, rule.substr(dollar + 1))) {
            reject("holds for some pages or kinds of content only");
            return;
        }
        const std::string_view name = rule.substr(0, dollar);
        if (!name.ends_with('^') || name.find_first_of("*/^|") != name.size() - 1) {
            reject("is a rule about more than a domain (whole domains are written ||example.com^)");
            return;
        }
        add_name(collector_, number_, name.substr(0, name.size() - 1), policy::NameScope::Tree,
                 statement);
    }

    void read_unbound(std::uint32_t statement) {
        std::string_view rest = trimmed(text_.substr(text_.find(':') + 1));
        std::string_view name = next_word(rest);
        const std::string_view type = next_word(rest);
        if (name.size() > 2 && name.front() == '"' && name.back() == '"') {
            name = name.substr(1, name.size() - 2);
        }
        if (!is_one_of(kDenyingZones, type)) {
            reject("is a local zone that is answered, not denied");
            return;
        }
        add_name(collector_, number_, name, policy::NameScope::Tree, statement);
    }

    // address=/NAME/ with nothing, #, 0.0.0.0 or :: behind; server=/NAME/ and local=/NAME/.
    void read_dnsmasq(std::uint32_t statement) {
        const std::string_view option = text_.substr(0, text_.find('='));
        std::string_view rest = text_.substr(option.size() + 1);
        const bool is_known = option == "address" || option == "server" || option == "local";
        const std::size_t end = rest.find('/', 1);
        if (!is_known || !rest.starts_with('/') || end == std::string_view::npos) {
            reject("is no domain (write one a line)");
            return;
        }
        const std::string_view answer = rest.substr(end + 1);
        const bool denies = answer.empty() || answer == "#" ||
                            (option == "address" && (answer == "0.0.0.0" || answer == "::" ||
                                                     answer == "127.0.0.1" || answer == "::1"));
        if (!denies) {
            reject("sends the name elsewhere, which is no block");
            return;
        }
        add_name(collector_, number_, rest.substr(1, end - 1), policy::NameScope::Tree, statement);
    }

    void read_name(std::uint32_t statement) {
        std::string_view rest = text_;
        const std::string_view word = next_word(rest);
        if (!rest.empty() && !rest.starts_with('#') && !rest.starts_with("//")) {
            reject("has more than one word (write one domain a line, and # before a comment)");
            return;
        }
        const ScopedName name = split_scope(word);
        add_name(collector_, number_, name.name, name.scope, statement);
    }

    std::uint32_t number_;
    std::string_view text_;
    Collector& collector_;
};

bool is_remark(std::string_view line) {
    return line.find_first_of("#;!") == 0 || line.starts_with("//") || line == "server:" ||
           line.starts_with("[Adblock");
}

}  // namespace

Result<Done> read_domains(const Document& document, Collector& collector) {
    policy::Statement exception;
    exception.is_exception = true;
    const DomainStatements statements{collector.statement({}), collector.statement(exception)};
    for_each_line(document, collector, [&](std::uint32_t number, std::string_view line) {
        if (!is_remark(line)) {
            DomainLine{number, line, collector}.read(statements);
        }
    });
    return Done{};
}

}  // namespace ostrakon::feed
