// The SPF record of a domain: one, spelled as RFC 7208 says, with a bounded number of questions.
//
// Not whether the server may send for the domain: that is for receivers to judge at each message.
#include "examination.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/diagnose/spf.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>

namespace ostrakon::diagnose {
namespace {

constexpr std::string_view kSpf = "spf";
constexpr std::size_t kShownRecordSizeMax = 300;

std::vector<std::string> spf_records(const Answer& answer) {
    std::vector<std::string> records;
    std::copy_if(answer.texts.begin(), answer.texts.end(), std::back_inserter(records),
                 [](const std::string& text) { return is_spf_record(text); });
    return records;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) {
        all += (all.empty() ? "" : "; ") + text;
    }
    return all;
}

// Follows a record into those that it takes in, and counts what asks DNS (RFC 7208 §4.6.4). Stops
// at the first mistake and at the bound, so that it asks few more questions than that.
class SpfWalk {
public:
    explicit SpfWalk(Examination& examination) : examination_(examination) {}

    void follow(const dns::Name& domain, const SpfRecord& record) {
        inside_.insert(domain);
        const bool has_all =
            std::any_of(record.terms.begin(), record.terms.end(),
                        [](const SpfTerm& term) { return term.kind == SpfTermKind::All; });
        for (const SpfTerm& term : record.terms) {
            if (term.kind == SpfTermKind::All) {
                break;  // what stands behind it is never reached
            }
            // With an `all`, redirect is passed over (RFC 7208 §6.1), wherever it stands.
            if (!term.asks_dns() || (has_all && term.kind == SpfTermKind::Redirect)) {
                continue;
            }
            ++lookups_;
            if (lookups_ > kSpfLookupsMax || !mistake_.empty()) {
                break;
            }
            const bool takes_in =
                term.kind == SpfTermKind::Include || term.kind == SpfTermKind::Redirect;
            if (takes_in && term.domain) {
                take_in(domain, *term.domain);
            }
        }
        inside_.erase(domain);
    }

    bool has_too_many() const { return lookups_ > kSpfLookupsMax; }
    unsigned lookups() const { return lookups_; }
    const std::string& mistake() const { return mistake_; }
    const std::string& unknown() const { return unknown_; }

private:
    void take_in(const dns::Name& from, const dns::Name& domain) {
        const std::string name = dns::to_string(domain);
        if (inside_.contains(domain)) {
            mistake_ = fmt::format("{} takes in {}, which takes it in in turn",
                                   dns::to_string(from), name);
            return;
        }
        const Answer& answer = examination_.ask(domain, RecordType::Txt);
        if (answer.is_unknown()) {
            unknown_ = answer.why;
            return;
        }
        const std::vector<std::string> records = spf_records(answer);
        if (records.size() != 1) {  // RFC 7208 §5.2, §6.1: none is an error there
            mistake_ = fmt::format("{} takes in {}, which has {} SPF records", dns::to_string(from),
                                   name, records.empty() ? "no" : std::to_string(records.size()));
            return;
        }
        const SpfRecord record = parse_spf(records.front());
        if (!record.mistakes.empty()) {
            mistake_ = fmt::format("{}: {}", name, joined(record.mistakes));
            return;
        }
        follow(domain, record);
    }

    Examination& examination_;
    std::set<dns::Name> inside_;
    unsigned lookups_ = 0;
    std::string mistake_;
    std::string unknown_;
};

void fail_spelling(Examination& examination, const std::string& name, const std::string& record,
                   const std::string& mistakes) {
    examination.fail(
        kSpf, "SPF record is broken", fmt::format("{} in \"{}\"", mistakes, record),
        fmt::format("Correct the TXT record of {}: receivers count a broken SPF record as an error "
                    "(RFC 7208), as in \"v=spf1 mx -all\".",
                    name));
}

void check_record(Examination& examination, const dns::Name& domain, const std::string& text) {
    const std::string name = dns::to_string(domain);
    const std::string shown = printable(text, kShownRecordSizeMax);
    const SpfRecord record = parse_spf(text);
    if (!record.mistakes.empty()) {
        fail_spelling(examination, name, shown, joined(record.mistakes));
        return;
    }
    SpfWalk walk{examination};
    walk.follow(domain, record);
    if (walk.has_too_many()) {
        examination.fail(
            kSpf, "SPF record asks DNS too often",
            fmt::format("more than {} terms ask DNS, with the records that are taken in: \"{}\"",
                        kSpfLookupsMax, shown),
            fmt::format("Let the SPF record of {} ask DNS at most {} times: take includes out that "
                        "are not needed any more, or write networks as ip4: and ip6:. Beyond that "
                        "receivers give up (RFC 7208, 4.6.4).",
                        name, kSpfLookupsMax));
    } else if (!walk.mistake().empty()) {
        fail_spelling(examination, name, shown, walk.mistake());
    } else if (!walk.unknown().empty()) {
        examination.leave_open(kSpf, walk.unknown());
    } else {
        examination.pass(kSpf, fmt::format("{}: \"{}\", {} of {} look-ups", name, shown,
                                           walk.lookups(), kSpfLookupsMax));
    }
}

}  // namespace

void check_spf(Examination& examination, const dns::Name& domain) {
    const Answer& answer = examination.ask(domain, RecordType::Txt);
    const std::string name = dns::to_string(domain);
    if (answer.is_unknown()) {
        examination.leave_open(kSpf, answer.why);
        return;
    }
    const std::vector<std::string> records = spf_records(answer);
    if (records.size() > 1) {
        examination.fail(
            kSpf, "several SPF records", fmt::format("{} has {} SPF records", name, records.size()),
            fmt::format("Make one SPF record of those at {}: with several of them none "
                        "counts (RFC 7208, 4.5).",
                        name));
    } else if (records.empty()) {
        examination.pass(kSpf, name + " has no SPF record, and needs none");
    } else {
        check_record(examination, domain, records.front());
    }
}

}  // namespace ostrakon::diagnose
