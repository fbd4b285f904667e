// ostrakond: the authoritative DNS server. Its command line; all else is in server/.
#include "ostrakon/config/settings.hpp"
#include "ostrakon/server/daemon.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>

namespace {

int run(int argc, char** argv) {
    CLI::App app{
        "Answers DNSBL and RHSBL queries from the Ostrakon database, which it cannot change."};
    std::filesystem::path configuration = ostrakon::config::kDefaultFile;
    bool only_check = false;
    app.add_option("--config", configuration, "the configuration")
        ->type_name("FILE")
        ->default_str(ostrakon::config::kDefaultFile);
    app.add_flag("--check", only_check,
                 "say what is wrong with configuration, zones and database, and exit");
    app.set_version_flag("--version", "ostrakond " OSTRAKON_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? 0 : 1;
    }
    return only_check ? ostrakon::server::check_configuration(configuration)
                      : ostrakon::server::run_daemon(configuration);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& problem) {  // out of memory, and the like
        std::fprintf(stderr, "ostrakond: %s\n", problem.what());
        return 1;
    }
}
