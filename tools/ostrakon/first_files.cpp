#include "first_files.hpp"

#include "ostrakon/config/settings.hpp"
#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>
#include <array>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kHostNameSizeMax = 256;

std::string host_name() {
    std::array<char, kHostNameSizeMax> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result + "\"";
}

// Where systemd does not make the directory of the default, the socket lies beside the database.
std::string control_line(const std::filesystem::path& database) {
    constexpr std::size_t kSocketPathSizeMax = 107;
    constexpr std::string_view kWhatFor = "# the socket on which `ostrakon top` finds the server";
    const std::string control = (database / "control").string();
    const bool is_usual = database == config::DatabaseSettings{}.path;
    return is_usual || control.size() > kSocketPathSizeMax
               ? fmt::format("# control = {}   {}", in_quotes(config::kDefaultControl), kWhatFor)
               : fmt::format("control = {}   {}", in_quotes(control), kWhatFor);
}

}  // namespace

FirstSite guess_first_site() {
    FirstSite site{"bl.example.org", "ns1.example.org", "hostmaster@example.org", "root"};
    const auto host = dns::parse_name(host_name());
    if (host && host->label_count() > 2) {
        site.host = dns::to_string(*host);
        const std::string domain = site.host.substr(site.host.find('.') + 1);
        site.origin = "bl." + domain;
        site.contact = "hostmaster@" + domain;
    }
    const std::string user = config::ServerSettings{}.user;
    if (getpwnam(user.c_str()) != nullptr) {
        site.user = user;
    }
    return site;
}

std::string config_text(const FirstSite& site, const std::filesystem::path& database) {
    return fmt::format(
        "# The configuration of ostrakond and ostrakon. What is not here is at its default.\n"
        "\n"
        "[database]\n"
        "path = {}\n"
        "\n"
        "[server]\n"
        "listen = [\"127.0.0.1:5353\", \"[::1]:5353\"]\n"
        "user = {}                 # what ostrakond, started as root, becomes\n"
        "{}\n"
        "\n"
        "[metrics]\n"
        "# listen = \"127.0.0.1:9153\"          # figures for Prometheus; without it there are "
        "none\n"
        "\n"
        "[web]\n"
        "# listen = \"127.0.0.1:8053\"          # the page behind the link in a bounce, by "
        "ostrakon-web\n"
        "# url = \"https://bl.example.org\"     # its public address, for {{url}} in texts\n"
        "\n"
        "[lifecycle]\n"
        "first = \"forever\"             # how long a first ban stands, where --for or --until "
        "does not say\n"
        "repeat = \"forever\"            # and a later one\n"
        "repeat_minimum = \"1y\"         # a repeated ban cannot be lifted sooner\n"
        "evidence_to_lift = true       # lifting a ban needs --evidence\n"
        "\n"
        "[protect]\n"
        "never = [\"private\"]           # add your own networks and domains: they can never be "
        "listed by accident\n",
        in_quotes(database.string()), in_quotes(site.user), control_line(database));
}

std::string zone_text(const FirstSite& site) {
    return fmt::format(
        "# The first zone. Put your own names here; what is not here is at its default.\n"
        "origin  = {}\n"
        "ns      = [{}]\n"
        "contact = {}\n"
        "ttl     = \"5m\"\n"
        "sources = [\"own\", \"*\"]        # own bans and all feeds\n"
        "\n"
        "[access]\n"
        "query   = [\"any\"]             # or prefixes, as in [\"127.0.0.0/8\", "
        "\"192.0.2.0/24\"]\n",
        in_quotes(site.origin), in_quotes(site.host), in_quotes(site.contact));
}

}  // namespace ostrakon::tool
