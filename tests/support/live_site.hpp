// A site of its own for one test: configuration, zones and database in a temporary directory, and
// ostrakond serving it.
#pragma once

#include "support/dns_client.hpp"
#include "support/notify_receiver.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

/// What a test wants in ostrakon.toml; each string is TOML as written there.
struct SiteOptions {
    std::string listen = R"(["127.0.0.1:0"])";
    std::string server = {};  ///< More lines for [server].
    std::string more = {};    ///< Further sections.
    std::string user = "root";
    unsigned database_mib = 1024;  ///< [database] size.
};

/// The files of a site.
class LiveSite {
public:
    /// Writes a configuration, the zone bl.example.org and an empty database.
    explicit LiveSite(const SiteOptions& options = {});

    std::filesystem::path directory() const { return directory_.path(); }
    std::filesystem::path configuration() const { return directory() / "ostrakon.toml"; }
    std::filesystem::path database() const { return directory() / "db"; }

    void configure(const SiteOptions& options) const;
    /// Writes zones/NAME.toml for this origin; `more` is TOML.
    void write_zone(const std::string& origin, const std::string& more = {}) const;
    /// Writes any file below the directory.
    void write(const std::filesystem::path& relative, std::string_view text) const {
        directory_.write(relative, text);
    }
    /// Bans, or with class "allow" allows.
    void ban(const std::string& subject, const std::string& listing_class = {}) const;

    /// Adds that many addresses from 198.18.0.0 on as own bans, through a map of this size.
    void fill(std::uint32_t addresses, unsigned database_mib) const;

private:
    TemporaryDirectory directory_;
    unsigned database_mib_;
};

/// Where the programs of this build lie.
std::filesystem::path program(std::string_view name);

/// How ostrakond is started.
struct ServerOptions {
    /// Descriptors that it may have open, which root cannot raise either; 0: as many as this
    /// process.
    unsigned descriptors_max = 0;
};

/// A running ostrakond.
class LiveServer {
public:
    /// Starts it and waits until it says that it is ready; throws std::runtime_error with what it
    /// said when it does not.
    explicit LiveServer(const LiveSite& site, const ServerOptions& options = {});

    /// The endpoints it says to listen on, in the order of the configuration.
    std::vector<ServerAddress> endpoints() const;
    ServerAddress address() const { return endpoints().at(0); }

    Process& process() { return *process_; }
    NotifyReceiver& notifications() { return *notifications_; }
    /// Sends SIGHUP and waits until it is ready again; returns what it has logged meanwhile.
    std::string reload();
    /// Sends SIGTERM and waits for the end.
    ProcessResult stop();

private:
    std::unique_ptr<NotifyReceiver> notifications_;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
