#include "support/live_site.hpp"

#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"

#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cstdlib>
#include <stdexcept>

namespace ostrakon::test {
namespace {

template <class T>
T value_of(Result<T> result) {
    if (!result) {
        throw std::runtime_error(message(result.error()));
    }
    return std::move(*result);
}

store::Environment open_database(const std::filesystem::path& directory, unsigned mib) {
    return value_of(store::Environment::open({.directory = directory,
                                              .access = store::Access::ReadWriteCreate,
                                              .size_bytes = std::uint64_t{mib} << 20}));
}

// The command in front of a program that holds it to the limits.
std::vector<std::string> limits(const ServerOptions& options) {
    if (options.descriptors_max == 0) {
        return {};
    }
    std::vector<std::string> words{"prlimit",
                                   fmt::format("--nofile={0}:{0}", options.descriptors_max)};
    if (::geteuid() == 0) {
        words.insert(words.end(), {"setpriv", "--bounding-set=-sys_resource"});
    }
    return words;
}

// AddressSanitizer keeps 256 MiB of freed memory if it is not told otherwise, which looks like a
// leak.
std::string sanitizer_options() {
    const char* given = std::getenv("ASAN_OPTIONS");
    return std::string("quarantine_size_mb=8:") + (given == nullptr ? "" : given);
}

}  // namespace

LiveSite::LiveSite(const SiteOptions& options) : database_mib_(options.database_mib) {
    std::filesystem::create_directories(database());
    std::filesystem::create_directories(directory() / "zones");
    configure(options);
    write_zone("bl.example.org");
    open_database(database(), database_mib_);
}

void LiveSite::configure(const SiteOptions& options) const {
    // Without one that a server of this machine may have.
    const bool has_control = options.server.find("control") != std::string::npos;
    directory_.write(
        "ostrakon.toml",
        fmt::format("[database]\npath = \"{}\"\nsize = \"{}MiB\"\n"
                    "[server]\nlisten = {}\nuser = \"{}\"\n{}{}\n{}\n",
                    database().string(), database_mib_, options.listen, options.user,
                    has_control ? "" : "control = \"\"\n", options.server, options.more));
}

void LiveSite::write_zone(const std::string& origin, const std::string& more) const {
    directory_.write("zones/" + origin + ".toml",
                     fmt::format("origin = \"{}\"\nns = [\"ns1.example.net\"]\n"
                                 "contact = \"hostmaster@example.org\"\n{}\n",
                                 origin, more));
}

void LiveSite::ban(const std::string& subject, const std::string& listing_class) const {
    store::Environment environment = open_database(database(), database_mib_);
    policy::Ban ban;
    ban.subjects = {value_of(policy::parse_subject(subject))};
    ban.listing_class = listing_class;
    ban.reason = "spam";
    ban.override_never = true;
    ban.confirmed = true;
    value_of(policy::ban(environment, config::default_settings(), ban, {"test", "ban", now()}));
}

void LiveSite::fill(std::uint32_t addresses, unsigned database_mib) const {
    constexpr std::uint32_t kFirst = 0xC6120000;
    store::Environment environment = open_database(database(), database_mib);
    policy::Import import;
    import.confirmed = true;
    import.reason = "spam";
    const std::uint32_t nothing_more = import.list.state({});
    for (std::uint32_t i = 0; i < addresses; ++i) {
        const net::Ipv4 address{kFirst + i};
        import.list.add(net::Ipv4Range{address, address}, nothing_more, i + 1);
    }
    value_of(policy::import(environment, config::default_settings(), std::move(import),
                            {"test", "import", now()}));
}

std::filesystem::path program(std::string_view name) {
    return std::filesystem::path(OSTRAKON_PROGRAM_DIRECTORY) / name;
}

LiveServer::LiveServer(const LiveSite& site, const ServerOptions& options)
    : notifications_(std::make_unique<NotifyReceiver>()) {
    std::vector<std::string> arguments = limits(options);
    arguments.insert(arguments.end(), {program("ostrakond"), "--config", site.configuration()});
    process_ = std::make_unique<Process>(
        ProcessOptions{.arguments = std::move(arguments),
                       .environment = {{"NOTIFY_SOCKET", notifications_->address()},
                                       {"ASAN_OPTIONS", sanitizer_options()}}});
    if (!process_->wait_for_errors("serving ") || notifications_->wait_for("READY=1").empty()) {
        throw std::runtime_error("ostrakond did not become ready: " + process_->errors());
    }
}

std::vector<ServerAddress> LiveServer::endpoints() const {
    constexpr std::string_view kBefore = "listening on ";
    std::vector<ServerAddress> result;
    const std::string log = process_->errors();
    for (std::size_t at = log.find(kBefore); at != std::string::npos; at = log.find(kBefore, at)) {
        at += kBefore.size();
        const std::string endpoint = log.substr(at, log.find('\n', at) - at);
        const std::size_t colon = endpoint.rfind(':');
        std::string address = endpoint.substr(0, colon);
        if (address.front() == '[') {
            address = address.substr(1, address.size() - 2);
        }
        result.push_back(
            {address, static_cast<std::uint16_t>(std::stoi(endpoint.substr(colon + 1)))});
    }
    return result;
}

std::string LiveServer::reload() {
    const std::size_t before = process_->errors().size();
    process_->signal(SIGHUP);
    if (notifications_->wait_for("READY=1").empty()) {
        throw std::runtime_error("ostrakond did not become ready again: " + process_->errors());
    }
    // Both outcomes end with a line that says this; it comes through another pipe than READY=1.
    process_->wait_for_errors("taken over: serving", before);
    return process_->errors().substr(before);
}

ProcessResult LiveServer::stop() {
    process_->signal(SIGTERM);
    return process_->wait();
}

}  // namespace ostrakon::test
