#include "pulling.hpp"

#include "arguments.hpp"
#include "database.hpp"
#include "ostrakon/policy/feed_refresh.hpp"

namespace ostrakon::tool {
namespace {

std::string user_agent(const config::Settings& settings) {
    const std::string program = "ostrakon/" OSTRAKON_VERSION;
    return settings.feeds_contact.empty() ? program
                                          : program + " (+" + settings.feeds_contact + ")";
}

Result<store::Environment> open_or_make(const config::Settings& settings,
                                        const CommonOptions& common, const std::string& command) {
    auto early = open_early(settings);
    if (!early) {
        return Unexpected{std::move(early.error())};
    }
    if (*early) {
        return std::move(**early);
    }
    auto made = open_for_writing(settings, common, command, store::Access::ReadWriteCreate);
    return made ? Result<store::Environment>{std::move(made->environment)}
                : Unexpected{std::move(made.error())};
}

Result<Done> adopt_settings(Pulling& pulling, const CommonOptions& common,
                            const std::string& command) {
    const auto is_adopted = policy::has_feed_settings(*pulling.environment, pulling.settings);
    if (!is_adopted) {
        return Unexpected{is_adopted.error()};
    }
    if (*is_adopted) {
        return Done{};
    }
    const auto lock = lock_for_writing(pulling.settings, common, command);
    return lock ? policy::adopt_feeds(*pulling.environment, pulling.settings,
                                      author_of(common, command))
                : Unexpected{lock.error()};
}

}  // namespace

Result<std::unique_ptr<Pulling>> begin_pulling(const CommonOptions& common,
                                               const std::vector<std::string>& feeds,
                                               const std::string& command) {
    auto pulling = std::make_unique<Pulling>();
    auto settings = read_settings(common);
    if (!settings) {
        return Unexpected{std::move(settings.error())};
    }
    pulling->settings = std::move(*settings);
    auto wanted = pull::wanted_feeds(pulling->settings, feeds);
    if (!wanted) {
        return Unexpected{std::move(wanted.error())};
    }
    pulling->feeds = std::move(*wanted);
    pulling->keys = pull::open_keys(pulling->feeds);
    auto environment = open_or_make(pulling->settings, common, command);
    if (!environment) {
        return Unexpected{std::move(environment.error())};
    }
    pulling->environment = std::move(*environment);
    auto lock = lock_for_pulling(pulling->settings, common, command);
    if (!lock) {
        return Unexpected{std::move(lock.error())};
    }
    pulling->lock = std::move(*lock);
    if (auto adopted = adopt_settings(*pulling, common, command); !adopted) {
        return Unexpected{std::move(adopted.error())};
    }
    return pulling;
}

pull::PullSite pull_site(Pulling& pulling, const CommonOptions& common,
                         const std::string& command) {
    return {.settings = pulling.settings,
            .environment = *pulling.environment,
            .author = author_of(common, command),
            .user_agent = user_agent(pulling.settings),
            .keys = pulling.keys,
            .lock =
                [&pulling, &common](const std::string& what) {
                    return lock_for_writing(pulling.settings, common, what);
                },
            .progress = {},
            .tell = {}};
}

}  // namespace ostrakon::tool
