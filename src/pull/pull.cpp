#include "ostrakon/pull/pull.hpp"

#include "feed_job.hpp"
#include "ostrakon/config/feed_catalogue.hpp"
#include "ostrakon/fetch/fetch.hpp"
#include "ostrakon/policy/pull_state.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <random>

namespace ostrakon::pull {
namespace {

constexpr std::size_t kJobsMax = 6;  // at the same time
constexpr int kSilenceMilliseconds = 2000;

// A feed's state; one that is about another url or format begins anew.
policy::PullState state_for(const config::FeedSettings& feed,
                            const std::map<std::string, policy::PullState>& states) {
    const auto known = states.find(feed.name);
    policy::PullState state = known == states.end() ? policy::PullState{} : known->second;
    const std::string url = fetch::without_secrets(feed.url);
    if (state.url != url || state.format != feed.format) {
        state.url = url;
        state.format = feed.format;
        state.next.reset();
        state.failures = 0;
        state.is_stopped = false;
        state.missing_since.reset();
        state.failure.clear();
        state.etag.clear();
        state.last_modified.clear();
    }
    return state;
}

FeedReport not_due(const config::FeedSettings& feed, const policy::PullState& state,
                   std::string why) {
    FeedReport report;
    report.name = feed.name;
    report.result = FeedResult::NotDue;
    report.before = report.after = state.served() == nullptr ? 0 : state.served()->entries;
    report.message = std::move(why);
    report.next = state.next;
    return report;
}

// Why a feed is left alone now; empty where it is not.
std::string left_alone(const config::FeedSettings& feed, const policy::PullState& state,
                       const PullRequest& request, UnixTime at) {
    if (!request.force) {
        if (state.is_stopped) {
            return fmt::format("{}; given up until `ostrakon pull --force {}`", state.failure,
                               feed.name);
        }
        return is_due(state, at) ? std::string{} : fmt::format("next {}", to_string(*state.next));
    }
    const auto until = too_early_until(feed, state, at);
    return until && !request.is_sure
               ? fmt::format(
                     "its publisher asks for {} between two pulls, so not before {}; "
                     "--i-know asks all the same",
                     to_string(feed.every_least), to_string(*until))
               : std::string{};
}

class Puller {
public:
    Puller(const PullSite& site, const PullRequest& request) : site_(site), request_(request) {}

    Result<std::vector<FeedReport>> run() {
        const auto feeds = wanted_feeds(site_.settings, request_.feeds);
        if (!feeds) {
            return Unexpected{feeds.error()};
        }
        reports_.resize(feeds->size());
        if (auto chosen = choose(*feeds); !chosen) {
            return Unexpected{std::move(chosen.error())};
        }
        std::size_t next = 0;
        while (next < waiting_.size() || !running_.empty()) {
            while (next < waiting_.size() && running_.size() < kJobsMax) {
                if (auto started = start(waiting_[next++]); !started) {
                    return Unexpected{std::move(started.error())};
                }
            }
            if (auto advanced = advance(); !advanced) {
                return Unexpected{std::move(advanced.error())};
            }
        }
        return std::move(reports_);
    }

private:
    struct Waiting {
        std::size_t place;  // in the request
        const config::FeedSettings* feed;
        policy::PullState state;
    };
    struct Running {
        std::size_t place;
        std::unique_ptr<FeedJob> job;
    };

    Chance draw() { return std::uniform_real_distribution<double>{0, 1}(random_); }

    // Finds out what is to be fetched, and notes each try before it begins.
    Result<Done> choose(const std::vector<const config::FeedSettings*>& feeds) {
        const auto states = read_states();
        if (!states) {
            return Unexpected{states.error()};
        }
        const UnixTime at = site_.author.at;
        for (std::size_t place = 0; place < feeds.size(); ++place) {
            const config::FeedSettings& feed = *feeds[place];
            policy::PullState state = state_for(feed, *states);
            if (std::string why = left_alone(feed, state, request_, at); !why.empty()) {
                reports_[place] = not_due(feed, state, std::move(why));
                if (site_.tell) {
                    site_.tell(reports_[place]);
                }
                continue;
            }
            if (request_.dry_run) {
                state.last_try = at;  // its publisher is asked all the same
            } else {
                note_try(state, feed, at, draw());
            }
            waiting_.push_back({place, &feed, std::move(state)});
        }
        return waiting_.empty() ? Result<Done>{Done{}} : note_tries();
    }

    Result<std::map<std::string, policy::PullState>> read_states() const {
        const auto snapshot = store::Snapshot::begin(site_.environment);
        if (!snapshot) {
            return Unexpected{snapshot.error()};
        }
        auto states = policy::read_pull_states(*snapshot);
        return snapshot->is_broken() ? Result<std::map<std::string, policy::PullState>>{Unexpected{
                                           snapshot->failure()}}
                                     : std::move(states);
    }

    Result<Done> note_tries() {
        const auto lock = site_.lock("pull");
        if (!lock) {
            return Unexpected{lock.error()};
        }
        auto transaction = store::WriteTransaction::begin(site_.environment);
        if (!transaction) {
            return Unexpected{std::move(transaction.error())};
        }
        for (const Waiting& waiting : waiting_) {
            policy::write_pull_state(*transaction, waiting.feed->name, waiting.state);
        }
        return transaction->commit();
    }

    Result<Done> start(Waiting& waiting) {
        auto job = std::make_unique<FeedJob>(site_, *waiting.feed, std::move(waiting.state),
                                             request_.dry_run, [this] { return draw(); });
        if (auto started = job->start(); !started) {
            return started;
        }
        running_.push_back({waiting.place, std::move(job)});
        take_done();
        return Done{};
    }

    Result<Done> advance() {
        if (running_.empty()) {
            return Done{};
        }
        std::vector<pollfd> watched;
        for (const Running& running : running_) {
            watched.push_back({running.job->descriptor(), POLLIN, 0});
        }
        const int news = poll(watched.data(), watched.size(), kSilenceMilliseconds);
        if (news < 0 && errno != EINTR) {
            return Unexpected{Error{ErrorCode::System, "wait for feeds", std::strerror(errno), ""}};
        }
        for (std::size_t i = 0; i < watched.size(); ++i) {
            if (watched[i].revents != 0 || news == 0) {  // a child may keep quiet for too long
                if (auto advanced = running_[i].job->advance(); !advanced) {
                    return advanced;
                }
            }
        }
        take_done();
        return Done{};
    }

    void take_done() {
        for (Running& running : running_) {
            if (running.job->is_done()) {
                reports_[running.place] = running.job->take_report();
            }
        }
        std::erase_if(running_, [](const Running& running) { return running.job->is_done(); });
    }

    const PullSite& site_;
    const PullRequest& request_;
    std::mt19937_64 random_{std::random_device{}()};
    std::vector<FeedReport> reports_;
    std::vector<Waiting> waiting_;
    std::vector<Running> running_;
};

}  // namespace

std::string_view to_string(FeedResult result) {
    switch (result) {
        case FeedResult::Updated:
            return "updated";
        case FeedResult::Unchanged:
            return "unchanged";
        case FeedResult::NotDue:
            return "not due";
        case FeedResult::Held:
            return "held";
        case FeedResult::Failed:
            return "failed";
    }
    return "";
}

Result<std::vector<const config::FeedSettings*>> wanted_feeds(
    const config::Settings& settings, const std::vector<std::string>& names) {
    std::vector<const config::FeedSettings*> wanted;
    for (const config::FeedSettings& feed : settings.feeds) {
        if (names.empty() && !feed.url.empty()) {
            wanted.push_back(&feed);
        }
    }
    for (const std::string& name : names) {
        const auto found =
            std::find_if(settings.feeds.begin(), settings.feeds.end(),
                         [&name](const config::FeedSettings& feed) { return feed.name == name; });
        if (found == settings.feeds.end()) {
            return Unexpected{Error{ErrorCode::Usage, fmt::format("feed \"{}\"", name),
                                    "is not configured",
                                    "`ostrakon feeds` shows those that are, `ostrakon feeds "
                                    "catalogue` those that can be added"}};
        }
        if (std::string gone = config::why_gone(*found); !gone.empty()) {
            return Unexpected{Error{ErrorCode::Refused, fmt::format("pull \"{}\"", name),
                                    std::move(gone),
                                    fmt::format("`ostrakon feeds remove {}` removes it", name)}};
        }
        if (found->url.empty()) {
            return Unexpected{Error{ErrorCode::Usage, fmt::format("feed \"{}\"", name),
                                    "has no url: it is filled by `ostrakon import` alone",
                                    "give it a url in its [[feed]]"}};
        }
        if (std::find(wanted.begin(), wanted.end(), &*found) == wanted.end()) {
            wanted.push_back(&*found);
        }
    }
    return wanted;
}

KeyFiles open_keys(const std::vector<const config::FeedSettings*>& feeds) {
    KeyFiles keys;
    for (const config::FeedSettings* feed : feeds) {
        if (!feed->key_file.empty()) {
            keys.emplace(feed->name, fetch::open_key(feed->key_file));
        }
    }
    return keys;
}

Result<std::vector<FeedReport>> pull(const PullSite& site, const PullRequest& request) {
    return Puller{site, request}.run();
}

}  // namespace ostrakon::pull
