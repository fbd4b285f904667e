// ostrakon client-config: the settings by which others ask the zones.
#include "arguments.hpp"
#include "client_settings.hpp"
#include "ostrakon/base/suggestion.hpp"
#include "ostrakon/json/document.hpp"
#include "zone_site.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace ostrakon::tool {

using namespace json;

namespace {

struct Client {
    std::string_view name;
    std::string_view meaning;
    std::string (*settings)(const ClientSite&);
};

constexpr std::array<Client, 8> kClients{{
    {"postfix", "smtpd and postscreen, for main.cf", postfix_settings},
    {"exim", "conditions for the ACL of RCPT", exim_settings},
    {"spamassassin", "rules for local.cf", spamassassin_settings},
    {"rspamd", "rules of its module rbl, for rspamd.conf.local", rspamd_settings},
    {"unbound", "a stub zone, for unbound.conf.d", unbound_settings},
    {"bind", "a forward zone, for named.conf.local", bind_settings},
    {"powerdns", "the recursor's forward-zones, for recursor.d", powerdns_settings},
    {"dnsmasq", "its servers, for dnsmasq.d", dnsmasq_settings},
}};

Result<const Client*> client_called(const std::string& name) {
    const auto found = std::find_if(kClients.begin(), kClients.end(),
                                    [&name](const Client& client) { return client.name == name; });
    if (found == kClients.end()) {
        std::vector<std::string> names;
        names.reserve(kClients.size());
        for (const Client& client : kClients) {
            names.emplace_back(client.name);
        }
        const auto meant = suggestion(name, names);
        return wrong_usage("client " + name, "no such client is known",
                           meant ? fmt::format("did you mean {}?", *meant)
                                 : "`ostrakon client-config --help` names those that are");
    }
    return &*found;
}

class ClientConfigCommand : public Command {
public:
    Description describe() const override {
        std::vector<Term> terms;
        terms.reserve(kClients.size());
        for (const Client& client : kClients) {
            terms.push_back({std::string{client.name}, std::string{client.meaning}});
        }
        return {
            .name = "client-config",
            .summary = "the settings for a mail server, a filter or a resolver",
            .details =
                "Prints what a client of the zones has in its configuration, with comments: made "
                "from the zones' codes, kinds and classes, from the codes of single listings and "
                "lists, and from [server] listen. It changes nothing. Print it again when one of "
                "these has changed.",
            .terms_title = "Clients",
            .terms = std::move(terms),
            .examples = {"ostrakon client-config postfix",
                         "ostrakon client-config unbound --zone bl.example.org"}};
    }
    void declare(OptionSet& options) override {
        std::vector<std::string_view> names;
        names.reserve(kClients.size());
        for (const Client& client : kClients) {
            names.push_back(client.name);
        }
        options.operand(fmt::format("{}", fmt::join(names, "|")), client_, "who asks; see below");
        options.value("--zone", "NAME", zone_, "this zone alone; else all of them");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto client = client_called(client_);
        if (!client) {
            return Unexpected{client.error()};
        }
        const auto zones = read_zone_site(common);
        if (!zones) {
            return Unexpected{zones.error()};
        }
        const auto site = make_client_site(*zones, zone_);
        if (!site) {
            return Unexpected{site.error()};
        }
        const std::string text = (*client)->settings(*site);
        if (common.json) {
            return Outcome{0, document(Json{{"client", client_}, {"text", text}})};
        }
        return Outcome{0, text};
    }

private:
    std::string client_;
    std::optional<std::string> zone_;
};

}  // namespace

std::unique_ptr<Command> make_client_config() {
    return std::make_unique<ClientConfigCommand>();
}

}  // namespace ostrakon::tool
