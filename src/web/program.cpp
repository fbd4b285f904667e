#include "ostrakon/web/program.hpp"

#include "ostrakon/config/name_rules_file.hpp"
#include "ostrakon/config/shipped_file.hpp"
#include "ostrakon/config/tld_file.hpp"
#include "ostrakon/http/listening.hpp"
#include "ostrakon/http/server.hpp"
#include "ostrakon/policy/request_box.hpp"
#include "ostrakon/server/privileges.hpp"
#include "ostrakon/server/readiness.hpp"
#include "ostrakon/web/site.hpp"

#include <signal.h>

#include <fmt/format.h>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace ostrakon::web {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextFileSizeMax = std::size_t{1} << 20;
constexpr std::size_t kThreads = 4;
constexpr http::Limits kLimits{.connections_max = 256,
                               .connections_per_network_max = 16,
                               .body_size_max = kFormSizeMax,
                               .waiting_max = 64};

void say(const std::string& what) {
    std::fprintf(stderr, "ostrakon-web: %s\n", what.c_str());
}

/// What names say by themselves, kept as long as the site that looks into servers.
struct NameFiles {
    std::optional<pattern::NameClassifier> dynamic_names;
    std::optional<zone::TopLevelDomains> top_level_domains;
};

NameFiles read_name_files(const config::Settings& settings) {
    NameFiles files;
    if (auto rules = config::read_name_rules(settings)) {
        files.dynamic_names = pattern::NameClassifier::compile(std::move(*rules));
    }
    if (auto list = config::read_top_level_domains(settings)) {
        files.top_level_domains = std::move(*list);
    }
    return files;
}

std::function<Result<diagnose::Diagnosis>(const net::Address&)> diagnosing(
    const config::Settings& settings) {
    return [settings, files = std::make_shared<const NameFiles>(read_name_files(settings))](
               const net::Address& address) -> Result<diagnose::Diagnosis> {
        auto resolver = diagnose::Resolver::open(settings.diagnose.resolver, {});
        if (!resolver) {
            return Unexpected{std::move(resolver.error())};
        }
        const diagnose::NameKnowledge names{
            files->dynamic_names ? &*files->dynamic_names : nullptr,
            files->top_level_domains ? &*files->top_level_domains : nullptr};
        return diagnose::diagnose(*resolver, {address, std::nullopt, std::nullopt},
                                  settings.protect, now(), names);
    };
}

Result<SiteOptions> read_site(const fs::path& configuration) {
    auto settings = config::read_settings(configuration);
    if (!settings) {
        return Unexpected{std::move(settings.error())};
    }
    auto zones = config::read_zones(*settings);
    if (!zones) {
        return Unexpected{std::move(zones.error())};
    }
    auto languages = Languages::read(config::shipped_file(*settings, "web/en.toml").parent_path());
    if (!languages) {
        return Unexpected{std::move(languages.error())};
    }
    auto style =
        config::read_data_file(config::shipped_file(*settings, "web/style.css"), kTextFileSizeMax);
    if (!style) {
        return Unexpected{std::move(style.error())};
    }
    const fs::path policy_file = settings->web.policy_file.empty()
                                     ? config::shipped_file(*settings, "web/policy.md")
                                     : fs::path{settings->web.policy_file};
    auto policy = config::read_data_file(policy_file, kTextFileSizeMax);
    if (!policy) {
        return Unexpected{std::move(policy.error())};
    }
    auto diagnose = diagnosing(*settings);
    return SiteOptions{std::move(*settings), std::move(zones->zones), std::move(*languages),
                       std::move(*style),    std::move(*policy),      std::move(diagnose),
                       &ostrakon::now};
}

// Requests are filed there; whoever reads them may be of the same group.
void make_box(const config::Settings& settings) {
    const fs::path box = policy::request_box(settings.database.path);
    std::error_code error;
    if (!fs::exists(box, error) && fs::create_directory(box, error)) {
        fs::permissions(box, fs::perms::owner_all | fs::perms::group_all, error);
    }
    if (error) {
        say(fmt::format("make {}: {} (nobody can file a request)", box.string(), error.message()));
    }
}

class Signals {
public:
    Signals() {
        ::sigemptyset(&watched_);
        for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
            ::sigaddset(&watched_, number);
        }
        // Before any thread is started, which all have it from here.
        ::pthread_sigmask(SIG_BLOCK, &watched_, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
    }
    int wait() const {
        int number = 0;
        return ::sigwait(&watched_, &number) == 0 ? number : SIGTERM;
    }

private:
    sigset_t watched_{};
};

/// Serves; swaps the site for another at SIGHUP.
class Program {
public:
    explicit Program(fs::path configuration) : configuration_(std::move(configuration)) {}

    Result<Done> start() {
        auto options = read_site(configuration_);
        if (!options) {
            return Unexpected{std::move(options.error())};
        }
        const auto listen = options->settings.web.listen;
        if (!listen) {
            return Unexpected{Error{ErrorCode::Usage, "serve pages",
                                    "[web] listen is not set in " + configuration_.string(),
                                    "write listen = \"127.0.0.1:8053\" there"}};
        }
        const auto identity = server::identity_to_become(options->settings.server.user);
        if (!identity) {
            return Unexpected{identity.error()};
        }
        auto listening = http::listen_on(listen->address, listen->port);
        if (!listening) {
            return Unexpected{std::move(listening.error())};
        }
        if (auto done = server::give_up_privileges(*identity); !done) {
            return done;
        }
        make_box(options->settings);
        where_ =
            fmt::format("http://{}", to_string(config::Endpoint{listen->address, listening->port}));
        site_.store(std::make_shared<const Site>(std::move(*options)));
        auto server = http::Server::start(
            {.socket = std::move(listening->socket),
             .handler =
                 [this](const http::Request& request) { return site_.load()->answer(request); },
             .limits = kLimits,
             .threads = kThreads});
        if (!server) {
            return Unexpected{std::move(server.error())};
        }
        server_ = std::move(*server);
        return Done{};
    }

    void read_again() {
        auto options = read_site(configuration_);
        if (!options) {
            say("nothing has changed: " + message(options.error()));
            return;
        }
        site_.store(std::make_shared<const Site>(std::move(*options)));
        say("read " + configuration_.string() + " again");
    }
    const std::string& where() const { return where_; }

private:
    fs::path configuration_;
    std::string where_;
    std::atomic<std::shared_ptr<const Site>> site_;
    std::unique_ptr<http::Server> server_;
};

int check(const fs::path& configuration) {
    const auto options = read_site(configuration);
    if (!options) {
        say(message(options.error()));
        return 1;
    }
    return 0;
}

}  // namespace

int run_program(const fs::path& configuration, bool only_check) {
    if (only_check) {
        return check(configuration);
    }
    const Signals signals;
    Program program(configuration);
    if (auto done = program.start(); !done) {
        say(message(done.error()));
        return 1;
    }
    say("serving on " + program.where());
    server::notify_ready("serving on " + program.where());
    for (;;) {
        if (signals.wait() != SIGHUP) {
            server::notify_stopping();
            return 0;
        }
        server::notify_reloading();
        program.read_again();
        server::notify_ready("serving on " + program.where());
    }
}

}  // namespace ostrakon::web
