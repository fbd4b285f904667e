// The man pages of the configuration's files, made of config/reference.hpp.
#include "manual.hpp"
#include "mdoc.hpp"
#include "ostrakon/config/reference.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

using config::KeyReference;
using config::TableForm;
using config::TableReference;

constexpr std::string_view kHowWritten =
    "Values are those of TOML: texts in quotes, numbers, true and false, lists in brackets. A "
    "duration is a text such as \"90s\", \"5m\", \"12h\", \"30d\", \"2w\", \"1y\" or, where "
    "nothing "
    "has to end, \"forever\"; a size such as \"64GiB\". Files and directories are relative to the "
    "file that names them. A key that is not known is an error, told with its line.";

constexpr std::string_view kHowTakenOver =
    "`ostrakond --check` and `ostrakon zone check` say what is wrong. `systemctl reload ostrakond` "
    "takes all of the configuration over, or nothing of it.";

// "A list of words; by default ["*"]. What it means."
std::string described(const KeyReference& key) {
    std::string type{key.type};
    type.front() = static_cast<char>(type.front() - 'a' + 'A');
    std::string text = type;
    if (key.by_default == "\"\"") {
        text += "; empty by default";
    } else if (!key.by_default.empty()) {
        text += fmt::format("; by default {}", key.by_default);
    }
    if (!key.example.empty()) {
        text += fmt::format("; as in {}", key.example);
    }
    return fmt::format("{}. {}", text, key.meaning);
}

void write_keys(Mdoc& page, std::span<const KeyReference> keys, bool has_own_words = false) {
    page.begin_list();
    for (const KeyReference& key : keys) {
        page.item(has_own_words ? "Ar" : "Ic", key.key, described(key));
    }
    page.end_list();
}

void write_tables(Mdoc& page, std::span<const TableReference> tables) {
    for (const TableReference& table : tables) {
        if (table.form == TableForm::Top) {
            page.subsection("Before the first table");
        } else {
            page.subsection(table.form == TableForm::Repeated ? fmt::format("[[{}]]", table.name)
                                                              : fmt::format("[{}]", table.name));
        }
        page.text(table.meaning);
        // They have a page of their own.
        if (table.name != "feed") {
            write_keys(page, table.keys, table.form == TableForm::OwnWords);
        }
    }
}

ManualPage settings_page(const std::string& date) {
    Mdoc page{"ostrakon.toml", 5, date, "configuration of ostrakond and ostrakon"};
    page.section("DESCRIPTION");
    page.text(
        "/etc/ostrakon/ostrakon.toml, or the file that --config names. `ostrakon init` writes "
        "a first one. What it does not say is at its default.");
    page.paragraph(kHowWritten);
    page.paragraph(kHowTakenOver);
    write_tables(page, config::settings_reference());
    page.section("FILES");
    page.begin_list();
    page.item("Pa", "/etc/ostrakon/ostrakon.toml", "The configuration.");
    page.end_list();
    page.section("EXAMPLES");
    page.literal(
        "[database]\n"
        "path = \"/var/lib/ostrakon\"\n"
        "\n"
        "[server]\n"
        "listen = [\"192.0.2.53:53\", \"[2001:db8::53]:53\"]\n"
        "\n"
        "[limits]\n"
        "responses_per_second = 200\n"
        "\n"
        "[protect]\n"
        "never = [\"private\", \"198.51.100.0/24\", \"example.org\"]\n");
    page.see_also("ostrakon 1 ostrakon-feed 5 ostrakon-formats 5 ostrakon-zone 5 ostrakond 8");
    return {"ostrakon.toml.5", page.take()};
}

void write_codes(Mdoc& page) {
    page.subsection("Codes by default");
    page.begin_list();
    for (const zone::BuiltInClass& built_in : zone::kBuiltInClasses) {
        page.item("Cm", mdoc_word(built_in.name), net::to_string(built_in.code));
    }
    page.end_list();
    page.paragraph(
        "What answers is the first of: the feed in [codes], the listing's own code, the "
        "feed's code, the class in [codes], the class in [classes] of ostrakon.toml.");
}

void write_placeholders(Mdoc& page) {
    const std::pair<const char*, const char*> placeholders[]{
        {"{subject}", "What is listed; of a mail address no more than \"this address\"."},
        {"{query}", "The address, name or hash that was asked for."},
        {"{class}", "The class of the listing."},
        {"{source}", "Where the listing comes from: own, or the name of a feed."},
        {"{zone}", "The zone that was asked."},
        {"{reason}", "The reason of the listing."},
        {"{since}", "Since when it is listed."},
        {"{until}", "Until when it is listed."},
        {"{id}", "The number of the listing."},
        {"{url}", "The page about it: [web] url, /why/ and what was asked."},
        {"{removal}", "The publisher's own page for removals, else {url}."},
    };
    page.subsection("Placeholders in texts");
    page.begin_list();
    for (const auto& [name, meaning] : placeholders) {
        page.item("Li", name, meaning);
    }
    page.end_list();
    page.paragraph(
        "{{ and }} are braces. A part in [ ] is left out where a placeholder in it is "
        "empty; a text that comes out empty is none. Texts of more than 255 bytes are "
        "several strings in one record, at most four.");
}

ManualPage zone_page(const std::string& date) {
    Mdoc page{"ostrakon-zone", 5, date, "a zone of Ostrakon"};
    page.section("DESCRIPTION");
    page.text(
        "A file NAME.toml in /etc/ostrakon/zones is a zone: a DNS origin, what it serves, and "
        "how it spells that. What it does not say is at its default.");
    page.paragraph(kHowWritten);
    page.paragraph(kHowTakenOver);
    write_tables(page, config::zone_reference());
    write_codes(page);
    write_placeholders(page);
    page.section("FILES");
    page.begin_list();
    page.item("Pa", "/etc/ostrakon/zones/", "The zones.");
    page.end_list();
    page.section("EXAMPLES");
    page.text("A zone that serves everything:");
    page.literal(
        "origin  = \"bl.example.org\"\n"
        "ns      = [\"ns1.example.org\"]\n"
        "contact = \"hostmaster@example.org\"\n");
    page.text("A zone of exceptions, which mail servers ask first:");
    page.literal(
        "origin  = \"wl.example.org\"\n"
        "ns      = [\"ns1.example.org\"]\n"
        "contact = \"hostmaster@example.org\"\n"
        "sources = [\"own\"]\n"
        "classes = [\"allow\"]\n");
    page.see_also("ostrakon-zone 1 ostrakon.toml 5 ostrakond 8");
    return {"ostrakon-zone.5", page.take()};
}

ManualPage feed_page(const std::string& date) {
    Mdoc page{"ostrakon-feed", 5, date, "a list of others that Ostrakon pulls"};
    page.section("DESCRIPTION");
    page.text(
        "A file NAME.toml in /etc/ostrakon/feeds, or a table [[feed]] in ostrakon.toml, is a "
        "feed: an upstream list, pulled on a schedule. A name of the catalogue is enough: "
        "`ostrakon feeds add NAME` writes such a file, and every key that stands there counts "
        "before the catalogue's.");
    page.paragraph(kHowWritten);
    page.paragraph(
        "A version that is held waits for `ostrakon feeds accept NAME`; the one before "
        "is served meanwhile. The first version is held by none of the steps.");
    page.subsection("Keys");
    write_keys(page, config::feed_reference());
    page.section("FILES");
    page.begin_list();
    page.item("Pa", "/etc/ostrakon/feeds/", "The feeds.");
    page.item("Pa", "/usr/share/ostrakon/feeds.toml", "The catalogue.");
    page.end_list();
    page.section("EXAMPLES");
    page.literal(
        "name   = \"partners\"\n"
        "url    = \"https://lists.example.org/bad.txt\"\n"
        "format = \"iplist\"\n"
        "every  = \"1h\"\n");
    page.see_also(
        "ostrakon-feeds 1 ostrakon-import 1 ostrakon-pull 1 ostrakon.toml 5 ostrakon-formats 5");
    return {"ostrakon-feed.5", page.take()};
}

}  // namespace

std::vector<ManualPage> file_pages(const std::string& date) {
    return {settings_page(date), zone_page(date), feed_page(date)};
}

}  // namespace ostrakon::tool
