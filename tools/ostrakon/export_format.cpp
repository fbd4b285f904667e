#include "export_format.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/mail_address.hpp"

#include <algorithm>
#include <array>

namespace ostrakon::tool {
namespace {

constexpr std::array<ExportFormat, 9> kExportFormats{{
    {"plain", "one subject a line", "#", false, false, export_plain},
    {"csv", "subject,class,code,reason,until", "", false, true, export_csv},
    {"json", "what `ostrakon list --json` prints", "", false, true, export_json},
    {"rbldnsd", "a combined data set of rbldnsd", "#", true, true, export_rbldnsd},
    {"bind", "a master file (RFC 1035), as a transfer would give it", ";", true, true, export_bind},
    {"rpz", "a response policy zone, for resolvers", ";", true, false, export_rpz},
    {"postfix-cidr", "a cidr table, for check_client_access", "#", true, true, export_postfix_cidr},
    {"postfix-access", "domains and mail addresses, for check_sender_access and `postmap`", "#",
     true, true, export_postfix_access},
    {"nftables", "a table with a set of each family, for `nft -f`", "#", true, false,
     export_nftables},
}};

}  // namespace

std::span<const ExportFormat> export_formats() {
    return kExportFormats;
}

std::string mail_address_of(const transfer::Contents& contents, std::string_view key) {
    const std::string_view hash = key.substr(1);
    for (const store::Listing& listing : policy::read_listings_of(contents.transaction(), hash)) {
        const auto subject = policy::parse_subject(listing.subject);
        const auto* mail = subject ? std::get_if<policy::MailSubject>(&*subject) : nullptr;
        if (mail != nullptr && !mail->address.empty()) {
            return mail->address;
        }
    }
    store::Cursor entries{contents.transaction(), store::Table::EntriesName};
    for (const policy::Layer& layer : contents.catalogue().layers()) {
        const std::string prefix = policy::name_entry_key(layer.id, key);
        for (bool more = entries.seek(prefix); more && entries.key().starts_with(prefix);
             more = entries.next()) {
            const std::string_view entry_key = entries.key().substr(sizeof(policy::LayerId));
            if (policy::is_mail_entry_key(entry_key) &&
                !policy::mail_address_in(entry_key).empty()) {
                return std::string{policy::mail_address_in(entry_key)};
            }
        }
    }
    return {};
}

std::string subject_of(const transfer::Contents& contents, const transfer::ListedName& name) {
    const std::string spelled = dns::to_string(dns::name_from_key(name.key));
    if (name.is_mail) {
        const std::string address = mail_address_of(contents, name.key);
        return address.empty() ? spelled : address;
    }
    return (name.self && name.below ? "" : name.self ? "=" : "*.") + spelled;
}

std::string first_text(const transfer::AnswerPtr& answer) {
    std::string text = answer && !answer->texts.empty() ? answer->texts.front() : "";
    std::replace_if(
        text.begin(), text.end(),
        [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, ' ');
    return text;
}

}  // namespace ostrakon::tool
