// What each command does to the lists, as the operators' page says it.
#include "model.hpp"
#include "model_patterns.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>

namespace ostrakon::property {
namespace {

bool is_known_class(const config::Settings& settings, const std::string& name) {
    return zone::built_in_code(name) || settings.classes.contains(name);
}

// The code only where it differs from the class's.
std::optional<net::Ipv4> own_code(const config::Settings& settings,
                                  const std::string& listing_class, std::optional<net::Ipv4> code) {
    const auto of_site = settings.classes.find(listing_class);
    const std::optional<net::Ipv4> of_class = of_site != settings.classes.end()
                                                  ? std::optional{of_site->second}
                                                  : zone::built_in_code(listing_class);
    return code == of_class ? std::nullopt : code;
}

std::string usual_class(const policy::Subject& subject) {
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        return origin->kind == net::OriginKind::As ? "isp" : "country";
    }
    if (std::holds_alternative<policy::MailSubject>(subject)) {
        return "email";
    }
    if (std::holds_alternative<pattern::Pattern>(subject)) {
        return "dynamic";
    }
    return std::holds_alternative<policy::NameSubject>(subject) ? "domain" : "ip";
}

bool is_origin(const policy::Subject& subject) {
    return std::holds_alternative<net::Origin>(subject);
}

// What feeds cannot have.
bool is_for_own_alone(const policy::Subject& subject) {
    return std::holds_alternative<pattern::Pattern>(subject);
}

}  // namespace

struct Model::Decision {
    policy::Subject subject;
    std::string listing_class;
    std::optional<net::Ipv4> code;
    std::string reason;
    policy::Expiry expiry;
    bool overrides_never = false;
};

// Ranges of `never` in the tests do not touch each other, so that one of them has to hold all.
bool Model::is_wholly_never(const config::ProtectSettings& protect,
                            const policy::Subject& subject) const {
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        return is_origin_wholly_never(protect, *origin);
    }
    const auto within = [](const auto& never, const auto& range) {
        return std::any_of(never.begin(), never.end(), [&](const auto& held) {
            return held.first <= range.first && range.last <= held.last;
        });
    };
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        return within(protect.never_ipv4, *v4);
    }
    if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        return within(protect.never_ipv6, *v6);
    }
    if (const auto* pattern = std::get_if<pattern::Pattern>(&subject)) {
        return is_never(protect, end_of(*pattern));
    }
    const auto* name = std::get_if<policy::NameSubject>(&subject);
    return name != nullptr && is_never(protect, name->name);
}

void Model::decide(const config::Settings& settings, const Decision& decision, UnixTime at) {
    const std::optional<net::Ipv4> code = own_code(settings, decision.listing_class, decision.code);
    std::uint32_t strikes = 1;
    std::uint32_t strikes_max = 0;
    std::uint64_t last_beginning = 0;
    for (OwnRecord& own : own_) {
        if (own.record.subject != decision.subject ||
            own.record.listing_class != decision.listing_class ||
            own.standing == Standing::Undone) {
            continue;
        }
        if (own.is_in_force(at) && own.record.code == code) {
            own.record.reason = decision.reason.empty() ? own.record.reason : decision.reason;
            own.record.until = decision.expiry.is_given ? decision.expiry.until : own.record.until;
            own.record.overrides_never =
                own.record.overrides_never || (decision.overrides_never && !own.is_allow());
            return;
        }
        strikes = std::max(strikes, own.strikes + (own.is_in_force(at) ? 0U : 1U));
        if (own.strikes > strikes_max) {
            strikes_max = own.strikes;
            last_beginning = own.beginning;
        }
    }
    OwnRecord made;
    made.record = {.subject = decision.subject,
                   .listing_class = decision.listing_class,
                   .code = code,
                   .reason = decision.reason,
                   .since = at,
                   .until = decision.expiry.until,
                   .overrides_never = decision.overrides_never};
    if (made.is_allow()) {
        made.record.overrides_never = false;
        own_.push_back(std::move(made));
        return;
    }
    made.strikes = strikes;
    made.beginning = strikes > strikes_max ? ++beginnings_ : last_beginning;
    const config::LifecycleSettings& lifecycle = settings.lifecycle;
    if (strikes == 1 && lifecycle.first_is_warning) {
        made.standing = Standing::Warning;
        made.was_warning = true;
        made.record.until.reset();
    } else if (!decision.expiry.is_given) {
        const std::size_t repeat = std::min<std::size_t>(strikes - 1, lifecycle.repeat.size());
        made.record.until =
            end_of(at, strikes == 1 ? lifecycle.first : lifecycle.repeat[repeat - 1]);
    }
    if (strikes > 1) {
        made.earliest_lift = end_of(at, lifecycle.repeat_minimum);
    }
    own_.push_back(std::move(made));
}

std::optional<ErrorCode> Model::ban(const config::Settings& settings, const policy::Ban& ban,
                                    UnixTime at) {
    begin();
    const auto maps_before = maps_in_use_;
    if (std::any_of(ban.subjects.begin(), ban.subjects.end(), is_origin)) {
        adopt_maps(settings);
    }
    for (const policy::Subject& subject : ban.subjects) {
        if (ban.listing_class != "allow" && !ban.override_never &&
            is_wholly_never(settings.protect, subject)) {
            maps_in_use_ = maps_before;
            return ErrorCode::Refused;
        }
    }
    for (const policy::Subject& subject : ban.subjects) {
        decide(settings,
               {subject, ban.listing_class.empty() ? usual_class(subject) : ban.listing_class,
                ban.code, ban.reason, ban.expiry, ban.override_never},
               at);
    }
    return std::nullopt;
}

std::optional<ErrorCode> Model::unban(const config::Settings& settings, const policy::Lift& lift,
                                      UnixTime at) {
    begin();
    std::vector<OwnRecord> after = own_;
    bool is_any = false;
    for (OwnRecord& own : after) {
        const bool is_meant =
            std::find(lift.subjects.begin(), lift.subjects.end(), own.record.subject) !=
                lift.subjects.end() &&
            (lift.listing_class.empty() || lift.listing_class == own.record.listing_class) &&
            (own.is_in_force(at) || own.standing == Standing::Warning);
        if (!is_meant) {
            continue;
        }
        const bool is_too_early = own.earliest_lift && at < *own.earliest_lift;
        const bool lacks_evidence = settings.lifecycle.evidence_to_lift && lift.evidence.empty();
        if (!own.is_allow() && !lift.override_lifecycle && (is_too_early || lacks_evidence)) {
            return ErrorCode::Refused;
        }
        own.standing = Standing::Ended;
        own.is_tidied = true;
        is_any = true;
    }
    own_ = std::move(after);
    return is_any ? std::nullopt : std::optional{ErrorCode::Absent};
}

void Model::expire(const config::Settings& settings, UnixTime at) {
    begin();
    adopt_maps(settings);
    for (OwnRecord& own : own_) {
        if (own.standing == Standing::Active && own.record.has_ended(at)) {
            own.standing = Standing::Ended;
            own.is_tidied = true;
        }
    }
    for (auto& [name, feed] : feeds_) {
        if (std::erase_if(feed.records,
                          [&](const Record& record) { return record.has_ended(at); }) > 0) {
            feed.decided = UINT64_MAX;  // no change set's any more
        }
    }
}

policy::ImportList list_of(const std::vector<Line>& lines) {
    policy::ImportList list;
    for (const Line& line : lines) {
        list.add(line.subject, list.state(line.said), static_cast<std::uint32_t>(list.size() + 1));
    }
    return list;
}

std::optional<ErrorCode> Model::import(const config::Settings& settings,
                                       const std::vector<Line>& lines, const policy::Import& import,
                                       UnixTime at) {
    begin();
    std::vector<Line> valid;
    for (const Line& entry : lines) {
        const std::string& named =
            entry.said.listing_class.empty() ? import.listing_class : entry.said.listing_class;
        const bool is_known =
            entry.said.listing_class.empty() || is_known_class(settings, entry.said.listing_class);
        const bool is_protected = import.source.empty() && named != "allow" &&
                                  !is_origin(entry.subject) &&
                                  is_wholly_never(settings.protect, entry.subject);
        const bool is_for_own_lists = !import.source.empty() && is_for_own_alone(entry.subject);
        if (is_known && !is_protected && !is_for_own_lists) {
            valid.push_back(entry);
        }
    }
    const std::size_t rejected = lines.size() - valid.size();
    if (valid.empty() || rejected > valid.size() || (import.strict && rejected > 0)) {
        return ErrorCode::Usage;
    }
    const bool has_origins =
        import.source.empty() && std::any_of(valid.begin(), valid.end(), [](const Line& entry) {
            return is_origin(entry.subject);
        });
    const auto maps_before = maps_in_use_;
    if (has_origins) {
        adopt_maps(settings);
    }
    for (const Line& entry : valid) {
        const std::string& named =
            entry.said.listing_class.empty() ? import.listing_class : entry.said.listing_class;
        if (import.source.empty() && is_origin(entry.subject) && named != "allow" &&
            is_wholly_never(settings.protect, entry.subject)) {
            maps_in_use_ = maps_before;
            return ErrorCode::Refused;
        }
    }
    adopt(settings);
    if (import.source.empty()) {
        return import_own(settings, valid, import, at);
    }
    import_feed(settings, valid, import, at);
    return std::nullopt;
}

std::optional<ErrorCode> Model::import_own(const config::Settings& settings,
                                           const std::vector<Line>& lines,
                                           const policy::Import& import, UnixTime at) {
    for (const Line& entry : lines) {
        std::string named =
            entry.said.listing_class.empty() ? import.listing_class : entry.said.listing_class;
        if (named.empty()) {
            named = usual_class(entry.subject);
        }
        decide(settings,
               {entry.subject, named, entry.said.code ? entry.said.code : import.code,
                entry.said.reason.empty() ? import.reason : entry.said.reason,
                entry.said.until ? policy::Expiry{true, entry.said.until} : import.expiry},
               at);
    }
    return std::nullopt;
}

void Model::import_feed(const config::Settings& settings, const std::vector<Line>& lines,
                        const policy::Import& import, UnixTime at) {
    FeedRecords& feed = feeds_[import.source];
    const bool is_configured =
        std::any_of(settings.feeds.begin(), settings.feeds.end(),
                    [&](const config::FeedSettings& one) { return one.name == import.source; });
    if (!is_configured) {
        feed.listing_class =
            import.listing_class.empty() ? feed.listing_class : import.listing_class;
        feed.code = import.code ? import.code : feed.code;
    }
    const auto is_named_anew = [&](const Record& record) {
        return std::any_of(lines.begin(), lines.end(),
                           [&](const Line& entry) { return entry.subject == record.subject; });
    };
    std::erase_if(feed.records,
                  [&](const Record& record) { return import.replace || is_named_anew(record); });
    for (const Line& entry : lines) {
        feed.records.push_back(
            {.subject = entry.subject,
             .listing_class = entry.said.listing_class,
             .code = entry.said.code,
             .reason = entry.said.reason.empty() ? import.reason : entry.said.reason,
             .since = std::nullopt,
             .until = entry.said.until ? entry.said.until : import.expiry.until,
             .is_exception = entry.said.is_exception});
    }
    feed.last_success = at;
}

// A feed's settings go into the database with every import; one that is no longer configured is not
// served.
void Model::adopt(const config::Settings& settings) {
    for (auto& [name, feed] : feeds_) {
        feed.is_configured = false;
    }
    for (const config::FeedSettings& configured : settings.feeds) {
        FeedRecords& feed = feeds_[configured.name];
        feed.listing_class = configured.listing_class;
        feed.code = configured.code;
        feed.max_age_s.reset();
        if (configured.max_age && !configured.max_age->forever) {
            feed.max_age_s = configured.max_age->seconds;
        }
        feed.is_configured = true;
        feed.is_local = false;
    }
}

std::vector<const Record*> Model::untidied() const {
    std::vector<const Record*> records;
    for (const OwnRecord& own : own_) {
        if (own.standing == Standing::Active && !own.is_tidied) {
            records.push_back(&own.record);
        }
    }
    for (const auto& [name, feed] : feeds_) {
        for (const Record& record : feed.records) {
            records.push_back(&record);
        }
    }
    return records;
}

}  // namespace ostrakon::property
