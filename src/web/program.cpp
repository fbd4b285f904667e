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
#include "readable_database.hpp"
#include "socket_metrics.hpp"
#include "watch.hpp"

#include <signal.h>

#include <fmt/format.h>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace ostrakon::web {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextFileSizeMax = std::size_t{1} << 20;
constexpr std::size_t kThreads = 4;
/// Forms of the largest size, forty at a time, and the pages that answer them.
constexpr std::size_t kHeldSizeMax = std::size_t{128} << 20;
constexpr http::Limits kLimits{.connections_max = 256,
                               .connections_per_network_max = 16,
                               .body_size_max = kFormSizeMax,
                               .held_size_max = kHeldSizeMax,
                               .waiting_max = 64};
constexpr std::size_t kOperatorThreads = 2;
constexpr http::Limits kOperatorLimits{.connections_max = 32, .waiting_max = 16};
// A page that shows that the server does not answer shall not be late.
constexpr std::chrono::seconds kServerPatience{3};

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

// What lies beside policy.md as policy.es.md.
Result<std::map<std::string, std::string>> read_translations(const fs::path& file,
                                                             const Languages& languages) {
    std::map<std::string, std::string> translations;
    for (const Language& language : languages.all()) {
        fs::path translated = file;
        translated.replace_extension("." + language.code() + file.extension().string());
        std::error_code error;
        if (!fs::exists(translated, error)) {
            continue;
        }
        auto text = config::read_data_file(translated, kTextFileSizeMax);
        if (!text) {
            return Unexpected{std::move(text.error())};
        }
        translations.emplace(language.code(), std::move(*text));
    }
    return translations;
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
    auto status_style =
        config::read_data_file(config::shipped_file(*settings, "web/status.css"), kTextFileSizeMax);
    if (!status_style) {
        return Unexpected{std::move(status_style.error())};
    }
    const fs::path policy_file = settings->web.policy_file.empty()
                                     ? config::shipped_file(*settings, "web/policy.md")
                                     : fs::path{settings->web.policy_file};
    auto policy = config::read_data_file(policy_file, kTextFileSizeMax);
    if (!policy) {
        return Unexpected{std::move(policy.error())};
    }
    auto icon =
        config::read_data_file(config::shipped_file(*settings, "web/icon.svg"), kTextFileSizeMax);
    if (!icon) {
        return Unexpected{std::move(icon.error())};
    }
    auto policies = read_translations(policy_file, *languages);
    if (!policies) {
        return Unexpected{std::move(policies.error())};
    }
    auto diagnose = diagnosing(*settings);
    return SiteOptions{.settings = std::move(*settings),
                       .zones = std::move(zones->zones),
                       .languages = std::move(*languages),
                       .style = std::move(*style),
                       .policy = std::move(*policy),
                       .diagnose = std::move(diagnose),
                       .now = &ostrakon::now,
                       .status_style = std::move(*status_style),
                       .icon = std::move(*icon),
                       .policies = std::move(*policies)};
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

// Where figures lie from one run to the next; empty where the system has no place for them.
fs::path history_file() {
    const char* const directories = std::getenv("STATE_DIRECTORY");
    const std::string first = directories == nullptr ? "" : directories;
    return first.empty() ? fs::path{} : fs::path{first.substr(0, first.find(':'))} / "history";
}

/// One socket that is served. Its counters may be read when others are still being started.
struct Serving {
    std::unique_ptr<http::Server> server;
    std::atomic<const http::ServerCounters*> counters{nullptr};
};

using Answering = http::Response (Site::*)(const http::Request&) const;

/// Serves; swaps the site for another at SIGHUP.
class Program {
public:
    explicit Program(fs::path configuration) : configuration_(std::move(configuration)) {}

    Result<Done> start() {
        auto options = read_site(configuration_);
        if (!options) {
            return Unexpected{std::move(options.error())};
        }
        const config::WebSettings web = options->settings.web;
        if (!web.listen && !web.status) {
            return Unexpected{
                Error{ErrorCode::Usage, "serve pages",
                      "neither [web] listen nor [web] status is set in " + configuration_.string(),
                      "write listen = \"127.0.0.1:8053\" there for visitors, or status = "
                      "\"127.0.0.1:8054\" for yourself"}};
        }
        const auto identity = server::identity_to_become(options->settings.server.user);
        if (!identity) {
            return Unexpected{identity.error()};
        }
        FileDescriptor visitors, operators;
        if (auto bound = bind(web.listen, "", visitors); !bound) {
            return bound;
        }
        if (auto bound = bind(web.status, "/status", operators); !bound) {
            return bound;
        }
        if (auto done = server::give_up_privileges(*identity); !done) {
            return done;
        }
        make_box(options->settings);
        take_over(std::move(*options));
        if (auto serving = serve(std::move(visitors), &Site::answer, kLimits, kThreads, visitors_);
            !serving) {
            return serving;
        }
        auto serving = serve(std::move(operators), &Site::answer_operator, kOperatorLimits,
                             kOperatorThreads, operators_);
        if (serving && watch_) {
            watch_->start();
        }
        return serving;
    }

    void read_again() {
        auto options = read_site(configuration_);
        if (!options) {
            say("nothing has changed: " + message(options.error()));
            return;
        }
        take_over(std::move(*options));
        say("read " + configuration_.string() + " again");
    }
    const std::string& where() const { return where_; }

private:
    Result<Done> bind(const std::optional<config::Endpoint>& endpoint, const char* path,
                      FileDescriptor& socket) {
        if (!endpoint) {
            return Done{};
        }
        auto listening = http::listen_on(endpoint->address, endpoint->port);
        if (!listening) {
            return Unexpected{std::move(listening.error())};
        }
        where_ +=
            fmt::format("{}http://{}{}", where_.empty() ? "" : " and ",
                        to_string(config::Endpoint{endpoint->address, listening->port}), path);
        socket = std::move(listening->socket);
        has_operator_ = has_operator_ || *path != '\0';
        return Done{};
    }

    void take_over(SiteOptions options) {
        control_.store(std::make_shared<const fs::path>(options.settings.server.control));
        if (has_operator_ && watch_ == nullptr) {
            watch_ = std::make_shared<Watch>(WatchOptions{
                .ask = [this] { return figures::ask_server(*control_.load(), kServerPatience); },
                .now = &ostrakon::now,
                .file = history_file(),
                .say = &say});
        }
        options.watch = watch_;
        // The site before this one may still answer somebody: both read through one opening.
        if (!database_ || database_path_ != options.settings.database.path) {
            database_path_ = options.settings.database.path;
            database_ = std::make_shared<ReadableDatabase>(options.settings.database);
        }
        options.database = database_;
        options.metrics = [this] {
            return socket_metrics({visitors_.counters.load(), operators_.counters.load()});
        };
        site_.store(std::make_shared<const Site>(std::move(options)));
    }

    Result<Done> serve(FileDescriptor socket, Answering answer, const http::Limits& limits,
                       std::size_t threads, Serving& serving) {
        if (!socket.is_open()) {
            return Done{};
        }
        auto server = http::Server::start({.socket = std::move(socket),
                                           .handler =
                                               [this, answer](const http::Request& request) {
                                                   return (*site_.load().*answer)(request);
                                               },
                                           .limits = limits,
                                           .threads = threads});
        if (!server) {
            return Unexpected{std::move(server.error())};
        }
        serving.counters.store(&(*server)->counters());
        serving.server = std::move(*server);
        return Done{};
    }

    fs::path configuration_;
    std::string where_;
    bool has_operator_ = false;
    fs::path database_path_;
    std::shared_ptr<ReadableDatabase> database_;
    // What is below uses what is above it.
    std::atomic<std::shared_ptr<const fs::path>> control_;
    std::shared_ptr<Watch> watch_;
    std::atomic<std::shared_ptr<const Site>> site_;
    Serving visitors_, operators_;
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
