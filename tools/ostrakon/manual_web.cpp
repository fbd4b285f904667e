// ostrakon-web(8).
#include "manual.hpp"
#include "mdoc.hpp"

namespace ostrakon::tool {

ManualPage web_page(const std::string& date) {
    Mdoc page{"ostrakon-web", 8, date, "the page behind the link in a bounce"};
    page.section("SYNOPSIS");
    page.macro("Nm");
    page.macro("Op Fl -config Ar FILE");
    page.macro("Op Fl -check");
    page.macro("Op Fl -version");
    page.section("DESCRIPTION");
    page.text(
        "Serves pages over HTTP, on [web] listen: what is listed and why, what to do about it, and "
        "a form that asks for removal or for an exception. The database is read-only to it: what "
        "is asked for becomes a file in the directory requests of the database, until ostrakon "
        "request takes it in.");
    page.paragraph(
        "On [web] status, a socket of its own, it serves the operator's page, /status: how the "
        "server stands, what it is asked now and over time, feeds, requests that wait, the map. "
        "/status.json has the same for scripts, /metrics what the two sockets are asked. Whoever "
        "reaches this socket sees all of it; visitors never do. Either of the two may be set "
        "alone.");
    page.paragraph(
        "It runs in the foreground and writes to stderr. Started as root it becomes [server] user "
        "once its sockets are bound. It speaks no TLS: a proxy before it does.");
    page.begin_list();
    page.item("Fl", "-config Ar FILE", "The configuration; else /etc/ostrakon/ostrakon.toml.");
    page.item("Fl", "-check",
              "Say what is wrong with configuration, zones and texts, and exit with 0 or 1.");
    page.item("Fl", "-version", "Say which version this is.");
    page.item("Fl", "-help", "Say how it is used.");
    page.end_list();
    page.section("SIGNALS");
    page.begin_list();
    page.item("Dv", "SIGHUP",
              "Read configuration, zones and texts again, all or nothing: a mistake is told and "
              "leaves everything as it was.");
    page.item("Dv", "SIGTERM", "End with status 0.");
    page.end_list();
    page.section("FILES");
    page.begin_list();
    page.item("Pa", "/etc/ostrakon/ostrakon.toml", "The configuration.");
    page.item("Pa", "/var/lib/ostrakon/requests/", "Requests that nobody has taken in yet.");
    page.item("Pa", "/var/lib/ostrakon-web/history",
              "What was counted each minute of a day and each hour of a month, for the operator's "
              "page. STATE_DIRECTORY names the directory, as systemd sets it; without that the "
              "figures are in memory alone.");
    page.item("Pa", "/usr/share/ostrakon/web/", "Texts, colours and a policy.");
    page.end_list();
    page.section("EXIT STATUS");
    page.text("0 after SIGTERM, 1 where it could not start, with a line that says why.");
    page.see_also("ostrakon-request 1 ostrakon.toml 5 ostrakond 8");
    return {"ostrakon-web.8", page.take()};
}

}  // namespace ostrakon::tool
