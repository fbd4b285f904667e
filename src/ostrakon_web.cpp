// ostrakon-web: the page behind the link in a bounce. Its command line; all else is in web/.
#include "ostrakon/config/settings.hpp"
#include "ostrakon/web/program.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>

namespace {

int run(int argc, char** argv) {
    CLI::App app{
        "Serves the page behind the link in a bounce: what is listed, why, and what to do "
        "about it. It cannot change the database."};
    std::filesystem::path configuration = ostrakon::config::kDefaultFile;
    bool only_check = false;
    app.add_option("--config", configuration, "the configuration")
        ->type_name("FILE")
        ->default_str(ostrakon::config::kDefaultFile);
    app.add_flag("--check", only_check, "say what is wrong with the configuration, and exit");
    app.set_version_flag("--version", "ostrakon-web " OSTRAKON_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? 0 : 1;
    }
    return ostrakon::web::run_program(configuration, only_check);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& problem) {  // out of memory, and the like
        std::fprintf(stderr, "ostrakon-web: %s\n", problem.what());
        return 1;
    }
}
