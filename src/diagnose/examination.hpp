// What the checks of one mail server share, and the checks. Included by this module's sources only.
#pragma once

#include "ostrakon/diagnose/diagnosis.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::diagnose {

class Examination {
public:
    Examination(Resolver& resolver, const MailServer& server,
                const config::ProtectSettings& protect)
        : resolver_(resolver), server_(server), protect_(protect) {}

    const MailServer& server() const { return server_; }
    const config::ProtectSettings& protect() const { return protect_; }
    const Answer& ask(const dns::Name& name, RecordType type) { return resolver_.ask(name, type); }

    void pass(std::string_view check, std::string seen) {
        checks_.push_back({check, Finding::Passed, std::move(seen), {}, {}});
    }
    void fail(std::string_view check, std::string brief, std::string seen, std::string remedy) {
        checks_.push_back(
            {check, Finding::Failed, std::move(seen), std::move(brief), std::move(remedy)});
    }
    void leave_open(std::string_view check, std::string why) {
        checks_.push_back({check, Finding::Unknown, std::move(why), {}, {}});
    }
    std::vector<Check> take() { return std::move(checks_); }

private:
    Resolver& resolver_;
    const MailServer& server_;
    const config::ProtectSettings& protect_;
    std::vector<Check> checks_;
};

/// Both kinds of addresses of a name: Found where there is one of either, Unknown where there is
/// none as far as could be found out.
Answer addresses_of(Examination& examination, const dns::Name& name);

/// The type of the records that hold addresses of this family.
RecordType address_type(const net::Address& address);

bool holds(const Answer& answer, const net::Address& address);

/// "192.0.2.7, 2001:db8::7", cut off where there are many.
std::string spelled(const std::vector<net::Address>& addresses);

/// Whether no mail from elsewhere can reach this address: it is a private one, a loopback, ….
bool is_private(const net::Address& address);

/// Whether it is the name of a dynamic line is not looked at without `dynamic_names`.
void check_reverse(Examination& examination, const pattern::NameClassifier* dynamic_names);
/// Returns the HELO name, where it is one.
std::optional<dns::Name> check_helo(Examination& examination);
/// Returns the sender's domain, where there is one. Whether its top-level domain is known is not
/// looked at without the list of them.
std::optional<dns::Name> check_sender(Examination& examination,
                                      const zone::TopLevelDomains* top_level_domains);
void check_spf(Examination& examination, const dns::Name& domain);

}  // namespace ostrakon::diagnose
