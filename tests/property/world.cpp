#include "world.hpp"

#include "ostrakon/base/assert.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/map_import.hpp"
#include "ostrakon/policy/undo.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::property {
namespace {

constexpr std::uint64_t kDatabaseSizeBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kStepSecondsMax = 200;
constexpr std::uint64_t kLifeSecondsMax = 2000;
constexpr std::uint64_t kOwnEntriesMax = 8;
constexpr std::uint64_t kFeedEntriesMax = 20;
constexpr std::uint64_t kMapLinesMax = 12;
constexpr std::uint64_t kSeasonSteps = 60;
constexpr std::uint64_t kCrowd = 10;  // times as many where it is crowded

const std::vector<std::string> kOwnClasses{"", "", "ip", "isp", "dynamic", "phish"};
const std::vector<std::string> kFeeds{"alpha", "beta", "gamma", "delta"};
const std::vector<std::string> kMaps{"map-one", "map-two"};
const std::vector<std::vector<std::string>> kGeo{
    {}, {"map-one"}, {"map-two", "map-one"}, {"map-one", "map-two", "map-three"}};
const std::vector<net::Ipv4> kCodes{{0x7F000002}, {0x7F000009}, {0x7F000028}};
const std::vector<std::string> kReasons{"spam", "", "phishing page", "scan"};

config::ProtectSettings protect() {
    config::ProtectSettings never;
    never.never_ipv4 = {net::prefix(net::Ipv4{0x00000000}, 28),
                        net::prefix(net::Ipv4{0x7F000000}, 8),
                        {net::Ipv4{0xC00002F0}, net::Ipv4{0xC000FFFF}},
                        net::prefix(net::Ipv4{0xC6336400}, 26),
                        net::prefix(net::Ipv4{0xFFFFFFFE}, 31)};
    never.never_ipv6 = {net::prefix(net::Ipv6{}, 127),
                        net::prefix(*net::parse_ipv6("2001:db8:1::"), 64),
                        net::prefix(*net::parse_ipv6("ffff::"), 16)};
    never.never_names = {*dns::parse_name("a.example.org"), *dns::parse_name("test.example")};
    return never;
}

config::FeedSettings delta() {
    config::FeedSettings feed;
    feed.name = "delta";
    feed.code = net::Ipv4{0x7F00002C};
    feed.max_age = Duration{900};
    return feed;
}

std::string in_words(const std::vector<policy::Subject>& subjects) {
    std::string text;
    for (const policy::Subject& subject : subjects) {
        text += " " + policy::to_string(subject);
    }
    return text;
}

std::string in_words(const policy::Expiry& expiry) {
    if (!expiry.is_given) {
        return "";
    }
    return " until " + (expiry.until ? std::to_string(expiry.until->seconds) : "forever");
}

std::string in_words(const std::optional<net::Ipv4>& code) {
    return code ? " code " + net::to_string(*code) : "";
}

std::string in_words(const Line& line) {
    const policy::Statement& said = line.said;
    return fmt::format("[{}{} {}{}{}]", said.is_exception ? "!" : "",
                       policy::to_string(line.subject), said.listing_class, in_words(said.code),
                       in_words(policy::Expiry{said.until.has_value(), said.until}));
}

}  // namespace

World::World(std::uint64_t seed, Spread spread) : random_(seed), spread_(spread) {
    settings_.file = directory_.path() / "ostrakon.toml";
    settings_.classes = {{"phish", net::Ipv4{0x7F000007}}};
    settings_.protect = protect();
    settings_.lifecycle.repeat_minimum = Duration{300};
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones = test_zones();
    rulebook->classes = settings_.classes;
    rulebook->protect = settings_.protect;
    rulebook_ = std::move(rulebook);
    reopen();
}

void World::reopen() {
    judge_.reset();
    environment_.reset();
    auto opened = store::Environment::open({.directory = directory_.path(),
                                            .access = store::Access::ReadWriteCreate,
                                            .size_bytes = kDatabaseSizeBytes});
    OSTRAKON_ASSERT(opened.has_value());
    environment_.emplace(std::move(*opened));
    judge_.emplace(*environment_, rulebook_);
}

Difference World::step() {
    now_.seconds += static_cast<std::int64_t>(random_.below(kStepSecondsMax));
    change_settings();
    maps_have_changed_ = false;
    const auto maps_in_use = model_.maps_in_use();
    Difference difference = make_step();
    maps_have_changed_ = maps_have_changed_ || maps_in_use != model_.maps_in_use();
    return difference;
}

Difference World::make_step() {
    // Where it is crowded, times in which listings grow and times in which they go take turns: only
    // then do blocks of the index shrink to nothing.
    const bool is_declining = spread_ == Spread::Crowded && ++steps_ / kSeasonSteps % 2 == 1;
    if (is_declining && random_.chance(95)) {
        return random_.chance(70) ? lift_some() : shrink_feed();
    }
    const std::uint64_t dice = random_.below(100);
    if (dice < 24) {
        return ban(false);
    }
    if (dice < 38) {
        return ban(true);
    }
    if (dice < 54) {
        return unban();
    }
    if (dice < 68) {
        return import_own();
    }
    if (dice < 82) {
        return import_feed();
    }
    if (dice < 88) {
        return import_map();
    }
    return dice < 96 ? undo() : expire();
}

// Configuration may be another at each command.
void World::change_settings() {
    if (random_.chance(10)) {
        settings_.feeds.empty() ? settings_.feeds.push_back(delta()) : settings_.feeds.clear();
    }
    if (random_.chance(5)) {
        settings_.geo.asn = random_.pick(kGeo);
        settings_.geo.country = random_.pick(kGeo);
    }
    if (random_.chance(10)) {
        settings_.lifecycle.first_is_warning = random_.chance(30);
        settings_.lifecycle.first = random_.chance(50) ? Duration{0, true} : Duration{700};
        settings_.lifecycle.repeat = {Duration{400}, Duration{1500}, Duration{0, true}};
        settings_.lifecycle.evidence_to_lift = random_.chance(60);
    }
}

template <class Report>
Difference World::compare(std::string_view what, std::optional<ErrorCode> expected,
                          const Result<Report>& done) {
    if (!done && (!expected || *expected != done.error().code)) {
        return fmt::format("{} failed: {}", what, message(done.error()));
    }
    if (done && expected) {
        return fmt::format("{} should have been refused", what);
    }
    if (done && done->change) {
        model_.remember(*done->change);
        last_step_ += fmt::format(" (change {})", *done->change);
    }
    return std::nullopt;
}

Difference World::ban(bool is_allow) {
    policy::Ban ban;
    ban.subjects = some_subjects(3);
    ban.listing_class = is_allow ? "allow" : random_.pick(kOwnClasses);
    ban.code = some_code();
    ban.reason = some_reason();
    ban.expiry = some_expiry();
    ban.override_never = random_.chance(20);
    ban.confirmed = true;
    last_step_ =
        fmt::format("ban {}{}{}{}{}", ban.listing_class, in_words(ban.subjects), in_words(ban.code),
                    in_words(ban.expiry), ban.override_never ? " override" : "");
    const auto done = policy::ban(*environment_, settings_, ban, author("ban"));
    return compare("ban", model_.ban(settings_, ban, now_), done);
}

Difference World::unban() {
    policy::Lift lift;
    lift.subjects = some_subjects(2);
    lift.listing_class = random_.chance(20) ? random_.pick(kOwnClasses) : "";
    lift.reason = "better now";
    lift.evidence = random_.chance(80) ? "a letter" : "";
    lift.override_lifecycle = random_.chance(40);
    lift.confirmed = true;
    last_step_ = fmt::format("unban {}{}{}", lift.listing_class, in_words(lift.subjects),
                             lift.override_lifecycle ? " override" : "");
    const auto done = policy::unban(*environment_, settings_, lift, author("unban"));
    return compare("unban", model_.unban(settings_, lift, now_), done);
}

Difference World::lift_some() {
    policy::Lift lift;
    lift.override_lifecycle = true;
    lift.confirmed = true;
    for (const OwnRecord& own : model_.own()) {
        if (own.is_in_force(now_) && random_.chance(3)) {
            lift.subjects.push_back(own.record.subject);
        }
    }
    last_step_ = "lift" + in_words(lift.subjects);
    const auto done = policy::unban(*environment_, settings_, lift, author("unban"));
    return compare("lift", model_.unban(settings_, lift, now_), done);
}

Difference World::shrink_feed() {
    policy::Import import;
    import.source = random_.pick(kFeeds);
    import.replace = true;
    if (import.source == "delta" && settings_.feeds.empty()) {
        import.source = "alpha";
    }
    std::vector<Line> lines;
    const auto feed = model_.feeds().find(import.source);
    if (feed != model_.feeds().end()) {
        for (const Record& record : feed->second.records) {
            Line& line = lines.emplace_back();
            line.subject = record.subject;
            line.said.listing_class = record.listing_class;
            line.said.code = record.code;
            line.said.reason = record.reason;
            line.said.until = record.until;
            line.said.is_exception = record.is_exception;
        }
        random_.keep_some(lines, lines.size() / 2);
    }
    return this->import(std::move(import), lines);
}

Difference World::expire() {
    last_step_ = "expire";
    const auto done = policy::expire(*environment_, settings_, author("expire"), true);
    model_.expire(settings_, now_);
    return done ? Difference{} : "expire failed: " + message(done.error());
}

Difference World::import_own() {
    policy::Import import;
    import.listing_class = random_.chance(15) ? "allow" : random_.pick(kOwnClasses);
    import.code = some_code();
    import.expiry = some_expiry();
    std::vector<Line> lines;
    for (std::uint64_t i = random_.below(kOwnEntriesMax * crowd()); i-- > 0;) {
        lines.push_back(some_line(false));
    }
    return this->import(std::move(import), lines);
}

Difference World::import_feed() {
    policy::Import import;
    import.source = random_.pick(kFeeds);
    if (import.source == "delta" && settings_.feeds.empty()) {
        import.source = "alpha";
    }
    if (import.source == "beta") {
        import.listing_class = "isp";
        import.code = random_.chance(20) ? some_code() : std::nullopt;
    } else if (import.source == "gamma") {
        import.listing_class = "allow";
    } else if (import.source == "alpha" && random_.chance(10)) {
        import.listing_class = random_.pick(std::vector<std::string>{"upstream", "phish", "allow"});
    }
    import.replace = random_.chance(40);
    import.expiry = random_.chance(20) ? some_expiry() : policy::Expiry{};
    std::vector<Line> lines;
    for (std::uint64_t i = random_.below(kFeedEntriesMax * crowd()); i-- > 0;) {
        lines.push_back(some_line(true));
    }
    return this->import(std::move(import), lines);
}

Difference World::import_map() {
    policy::MapImport import;
    import.name = random_.pick(kMaps);
    import.format = "range-csv";
    import.replace = random_.chance(20);
    import.confirmed = true;
    last_step_ = fmt::format("import map {}{}", import.name, import.replace ? " replace" : "");
    std::vector<MapLine> lines;
    for (std::uint64_t i = 1 + random_.below(kMapLinesMax * crowd()); i-- > 0;) {
        const MapLine& line =
            lines.emplace_back(MapLine{random_addresses(random_, spread_), random_origin(random_)});
        policy::MapPart& part = import.contents.part(line.origin.kind);
        if (const auto* v4 = std::get_if<net::Ipv4Range>(&line.range)) {
            part.ipv4.push_back({*v4, line.origin.number});
        } else {
            part.ipv6.push_back({std::get<net::Ipv6Range>(line.range), line.origin.number});
        }
        last_step_ +=
            fmt::format(" [{} {}]", net::to_string(line.range), net::to_string(line.origin));
    }
    import.contents.read = lines.size();
    maps_have_changed_ = true;
    model_.import_map(settings_, import.name, lines, import.replace);
    const auto done =
        policy::import_map(*environment_, settings_, std::move(import), author("import"));
    return compare("import of a map", std::nullopt,
                   done.map([](const policy::MapReport& report) { return report.counts; }));
}

Difference World::import(policy::Import&& import, const std::vector<Line>& lines) {
    import.reason = some_reason();
    import.confirmed = true;
    import.strict = random_.chance(10);
    last_step_ = fmt::format("import {} {}{}{}{}", import.source, import.listing_class,
                             in_words(import.code), in_words(import.expiry),
                             import.replace ? " replace" : "");
    for (const Line& line : lines) {
        last_step_ += " " + in_words(line);
    }
    import.list = list_of(lines);
    const policy::Import said = import;
    auto job = policy::ImportJob::prepare(settings_, std::move(import), author("import"));
    const auto compared =
        job ? job->compare(&*environment_) : Result<Done>{Unexpected{job.error()}};
    if (compared && !is_between_ && random_.chance(30)) {
        if (auto difference = change_between()) {
            return difference;
        }
    }
    const auto done = compared ? job->write(*environment_)
                               : Result<policy::ImportReport>{Unexpected{compared.error()}};
    return compare("import", model_.import(settings_, lines, said, now_), done);
}

Difference World::undo() {
    const auto undoable = model_.undoable();
    if (undoable.empty()) {
        return expire();
    }
    policy::Undo undo;
    undo.change = random_.pick(undoable);
    undo.confirmed = true;
    last_step_ = fmt::format("undo {}", undo.change);
    maps_have_changed_ = model_.is_of_map(undo.change);
    model_.undo(settings_, undo.change, now_);
    return compare("undo", std::nullopt,
                   policy::undo(*environment_, settings_, undo, author("undo")));
}

// What others do between the comparison and the writing of an import.
Difference World::change_between() {
    const std::string waiting = last_step_;
    is_between_ = true;
    Difference difference;
    switch (random_.below(4)) {
        case 0:
            difference = ban(false);
            break;
        case 1:
            difference = expire();
            break;
        default:
            difference = import_feed();
            break;
    }
    is_between_ = false;
    last_step_ = waiting + ", and before it is written " + last_step_;
    return difference;
}

// Often one that is listed already: so that it is updated, lifted or excepted.
policy::Subject World::some_subject() {
    const auto known = model_.untidied();
    if (!known.empty() && random_.chance(40)) {
        return random_.pick(known)->subject;
    }
    if (random_.chance(10)) {
        return random_origin(random_);
    }
    if (random_.chance(12)) {
        return random_pattern(random_);
    }
    return random_subject(random_, spread_);
}

std::vector<policy::Subject> World::some_subjects(std::uint64_t max) {
    std::vector<policy::Subject> subjects;
    for (std::uint64_t i = 1 + random_.below(max * crowd()); i-- > 0;) {
        subjects.push_back(some_subject());
    }
    return subjects;
}

std::uint64_t World::crowd() const {
    return spread_ == Spread::Crowded ? kCrowd : 1;
}

policy::Expiry World::some_expiry() {
    switch (random_.below(5)) {
        case 0:
            return {true, std::nullopt};
        case 1:
        case 2:
            return {true, UnixTime{now_.seconds +
                                   static_cast<std::int64_t>(random_.below(kLifeSecondsMax))}};
        default:
            return {};
    }
}

std::optional<net::Ipv4> World::some_code() {
    return random_.chance(25) ? std::optional{random_.pick(kCodes)} : std::nullopt;
}

std::string World::some_reason() {
    return random_.pick(kReasons);
}

Line World::some_line(bool is_feed) {
    Line line;
    policy::Statement& said = line.said;
    line.subject = some_subject();
    if (random_.chance(25)) {
        said.listing_class =
            random_.pick(std::vector<std::string>{"ip", "phish", "allow", "no-such-class"});
    }
    said.is_exception = is_feed && random_.chance(12);
    said.code = some_code();
    said.reason = some_reason();
    if (random_.chance(30)) {
        said.until = some_expiry().until;
    }
    return line;
}

}  // namespace ostrakon::property
