// ostrakon-formats(5) and ostrakond(8).
#include "manual.hpp"
#include "mdoc.hpp"
#include "ostrakon/config/reference.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::tool {
namespace {

void write_import_formats(Mdoc& page, const Declarations& declarations) {
    const auto import = std::find_if(
        declarations.declared.begin(), declarations.declared.end(),
        [](const DeclaredCommand& command) { return command.description.name == "import"; });
    page.subsection("Lists");
    page.text(
        "What `ostrakon import --format` and the format of a feed name. A list may be packed "
        "with gzip, xz, zstd, bzip2, or zip where it holds just one file.");
    page.begin_list();
    for (const Term& term : import->description.terms) {
        page.item("Cm", mdoc_word(term.name), term.meaning + ".");
    }
    page.end_list();
    page.paragraph(
        "The columns of csv: subject, which is needed; class, where `allow` makes an "
        "exception; code, an address in 127.0.0.0/8; reason; until, a date; evidence. "
        "Values may stand in double quotes, within which two stand for one.");
    page.literal(
        "subject,class,reason,until\n"
        "192.0.2.7,ip,\"spam, seen today\",2027-01-31\n"
        "partner.example,allow,our partner,\n");
}

void write_catalogue(Mdoc& page) {
    page.subsection("feeds.toml");
    page.text(
        "The catalogue of feeds: tables [[feed]] with the keys of ostrakon-feed(5), save "
        "publisher_agreed, key_file, ca_file and code, and with these:");
    page.begin_list();
    for (const config::KeyReference& key : config::catalogue_reference()) {
        page.item("Ic", key.key,
                  fmt::format("{} As in {}.", key.meaning,
                              key.example.empty() ? key.by_default : key.example));
    }
    page.end_list();
}

void write_rules(Mdoc& page) {
    page.subsection("dynamic-names.conf");
    page.text(
        "The rules of the source dynamic-names: which names say that their line is dynamic. A "
        "line has a kind and words or /regular expressions/ of RE2. A word stands for itself "
        "between anything that is no letter, and * in it is any letters; regular expressions "
        "are searched in the whole name. # begins a comment.");
    page.begin_list();
    page.item("Ic", "digits", "Part of an address, or a number as lines have it.");
    page.item("Ic", "dynamic", "What lines are called that change hands.");
    page.item("Ic", "address", "A whole address.");
    page.item("Ic", "customer", "What customers' lines are called with it.");
    page.item("Ic", "name", "A name that is dynamic by itself.");
    page.item("Ic", "except", "A name that is not, whatever else it has.");
    page.end_list();
    page.paragraph(
        "A name is dynamic where digits and dynamic match it, or address and customer, "
        "or name, and except does not.");
    page.subsection("tlds-alpha-by-domain.txt");
    page.text(
        "IANA's list of top-level domains, as it is published, for the source unknown-tld. "
        "One that is more than a year old is not used.");
}

void write_secrets(Mdoc& page) {
    page.subsection("Files with secrets");
    page.text(
        "They have mode 0600 or tighter, and belong to the user that ostrakond runs as; the key "
        "to a feed may be read by a group.");
    page.begin_list();
    page.item(
        "Ic", "keys_file",
        "Keys of partners: a line \"NAME KEY\" each, \"NAME !KEY\" for one that is revoked. A "
        "key is 20 to 63 letters and digits, one of them beyond f.");
    page.item("Ic", "secret_file", "The secret of a TSIG key in base64.");
    page.item("Ic", "cookie_secret_file",
              "One or two lines of 32 hexadecimal digits: the first makes cookies, both are "
              "believed.");
    page.item("Ic", "key_file", "The key to a feed, as its publisher gave it, in one line.");
    page.end_list();
}

void write_signals(Mdoc& page) {
    page.section("SIGNALS");
    page.begin_list();
    page.item("Dv", "SIGHUP",
              "Read configuration and zones again, all or nothing: a mistake is logged and leaves "
              "everything as it was. Log files are opened again.");
    page.item("Dv", "SIGTERM", "Answer what has been received, and end with status 0.");
    page.end_list();
}

}  // namespace

ManualPage formats_page(const Declarations& declarations, const std::string& date) {
    Mdoc page{"ostrakon-formats", 5, date, "lists and other files that Ostrakon reads"};
    page.section("DESCRIPTION");
    page.text(
        "Files that are not configuration: lists that can be imported or pulled, the data that "
        "comes with the program, and secrets.");
    write_import_formats(page, declarations);
    page.paragraph(
        "What comes with the program lies in /usr/share/ostrakon; a file of the same name "
        "beside ostrakon.toml is taken in its place.");
    write_catalogue(page);
    write_rules(page);
    write_secrets(page);
    page.section("FILES");
    page.begin_list();
    page.item("Pa", "/usr/share/ostrakon/", "What comes with the program.");
    page.end_list();
    page.see_also("ostrakon-export 1 ostrakon-import 1 ostrakon.toml 5 ostrakon-feed 5");
    return {"ostrakon-formats.5", page.take()};
}

ManualPage server_page(const std::string& date) {
    Mdoc page{"ostrakond", 8, date, "authoritative DNS server for block lists"};
    page.section("SYNOPSIS");
    page.macro("Nm");
    page.macro("Op Fl -config Ar FILE");
    page.macro("Op Fl -check");
    page.macro("Op Fl -version");
    page.section("DESCRIPTION");
    page.text(
        "Answers DNSBL and RHSBL questions over UDP and TCP from the database that ostrakon(1) "
        "writes. It opens the database read-only and fetches nothing: what faces the network "
        "cannot change what is served. What ostrakon has reported as done is in the next "
        "answer, without a reload.");
    page.paragraph(
        "It runs in the foreground and logs to stderr, or to the journal where systemd "
        "has started it, which it tells when it is ready. Started as root it becomes "
        "[server] user once its sockets are bound.");
    page.begin_list();
    page.item("Fl", "-config Ar FILE", "The configuration; else /etc/ostrakon/ostrakon.toml.");
    page.item("Fl", "-check",
              "Say what is wrong with configuration, zones and database, each with file and line, "
              "and exit with 0 or 1. Warnings do not change that.");
    page.item("Fl", "-version", "Say which version this is.");
    page.item("Fl", "-help", "Say how it is used.");
    page.end_list();
    write_signals(page);
    page.section("FILES");
    page.begin_list();
    page.item("Pa", "/etc/ostrakon/ostrakon.toml", "The configuration.");
    page.item("Pa", "/etc/ostrakon/zones/", "The zones.");
    page.item("Pa", "/var/lib/ostrakon/", "The database.");
    page.end_list();
    page.section("EXIT STATUS");
    page.text("0 after SIGTERM, 1 where it could not start, with a line that says why.");
    page.section("EXAMPLES");
    page.text("Listed addresses are asked for backwards, below the origin of a zone:");
    page.literal("dig @127.0.0.1 -p 5353 +short 7.2.0.192.bl.example.org TXT\n");
    page.see_also("ostrakon 1 ostrakon.toml 5 ostrakon-zone 5");
    page.section("STANDARDS");
    page.text("RFC 5782 says how DNS block lists are asked.");
    return {"ostrakond.8", page.take()};
}

}  // namespace ostrakon::tool
