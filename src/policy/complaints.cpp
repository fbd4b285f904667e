#include "ostrakon/policy/complaints.hpp"

#include "decide_within.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"
#include "time_field.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace ostrakon::policy {
namespace {

using store::Table;

std::string complaint_key(ComplaintId id) {
    std::string key;
    store::append_big_endian(key, id);
    return key;
}

std::vector<Complaint> all_complaints(const store::Transaction& transaction) {
    std::vector<Complaint> found;
    store::Cursor cursor{transaction, Table::Complaints};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        if (auto complaint = decode_complaint(
                store::load_big_endian<ComplaintId>(cursor.key().data()), cursor.value())) {
            found.push_back(std::move(*complaint));
        }
    }
    return found;
}

Error no_complaint(ComplaintId id) {
    return {ErrorCode::Absent, fmt::format("complaint {}", id), "there is none of that number",
            "`ostrakon complaint list` shows them"};
}

// Who it is about: what was said, else the first address that may be listed, else the domain.
std::string accused_in(const config::Settings& settings, const NewComplaint& added) {
    if (!added.complaint.subject.empty()) {
        return added.complaint.subject;
    }
    for (const Subject& candidate : added.candidates) {
        if (never_overlap(settings.protect, candidate) != NeverOverlap::Wholly) {
            return to_string(candidate);
        }
    }
    return added.complaint.domain;
}

std::string told_of(const Complaint& complaint) {
    std::string text = fmt::format("complaint {}", complaint.id);
    if (!complaint.kind.empty()) {
        text += " (" + complaint.kind + ")";
    }
    if (!complaint.reporter.empty()) {
        text += " by " + complaint.reporter;
    }
    if (!complaint.domain.empty() && complaint.domain != complaint.subject) {
        text += ", sender's domain " + complaint.domain;
    }
    return text;
}

Result<Done> ban_for(ChangeSet& change, const config::Settings& settings, const NewComplaint& added,
                     TakenComplaint& taken) {
    auto subject = parse_subject(taken.complaint.subject);
    if (!subject) {
        return Unexpected{std::move(subject.error())};
    }
    Ban ban;
    ban.subjects = {std::move(*subject)};
    ban.reason = added.reason.empty() ? "a complaint about unsolicited mail" : added.reason;
    ban.evidence = fmt::format("complaint {}", taken.complaint.id);
    ban.confirmed = added.confirmed;
    return ban_within(change, settings, ban, taken.report);
}

// Whether the complaint is about what lies in the subject.
bool concerns(const Complaint& complaint, const Subject& asked) {
    for (const std::string& text : {complaint.subject, complaint.domain}) {
        const auto subject =
            text.empty() ? Result<Subject>{Unexpected{Error{}}} : parse_subject(text);
        if (subject && lies_in(*subject, asked)) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::string encode(const Complaint& complaint) {
    store::Encoder encoder;
    encoder.number(static_cast<std::uint64_t>(complaint.state))
        .text(complaint.subject)
        .text(complaint.domain)
        .text(complaint.kind)
        .text(complaint.reporter)
        .text(complaint.by)
        .number(static_cast<std::uint64_t>(complaint.received.seconds));
    put_maybe_time(encoder, complaint.arrived);
    put_maybe_time(encoder, complaint.judged);
    encoder.text(complaint.judged_by)
        .text(complaint.judgement)
        .number(complaint.message_hash)
        .number(complaint.message_size);
    return encoder.take();
}

std::optional<Complaint> decode_complaint(ComplaintId id, std::string_view bytes) {
    store::Decoder decoder{bytes};
    Complaint complaint;
    complaint.id = id;
    const std::uint64_t state = decoder.number();
    complaint.state = static_cast<ComplaintState>(state);
    complaint.subject = decoder.text();
    complaint.domain = decoder.text();
    complaint.kind = decoder.text();
    complaint.reporter = decoder.text();
    complaint.by = decoder.text();
    complaint.received = UnixTime{static_cast<std::int64_t>(decoder.number())};
    complaint.arrived = take_maybe_time(decoder);
    complaint.judged = take_maybe_time(decoder);
    complaint.judged_by = decoder.text();
    complaint.judgement = decoder.text();
    complaint.message_hash = decoder.number();
    complaint.message_size = decoder.number();
    return decoder.is_damaged() || state > static_cast<std::uint64_t>(ComplaintState::Invalid)
               ? std::nullopt
               : std::optional{std::move(complaint)};
}

Result<TakenComplaint> add_complaint(store::Environment& environment,
                                     const config::Settings& settings, const NewComplaint& added,
                                     const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    TakenComplaint taken;
    for (const Complaint& other : all_complaints(change->transaction())) {
        if (other.message_hash == added.complaint.message_hash &&
            other.message_size == added.complaint.message_size) {
            taken.complaint = other;
            taken.report.notes.push_back(
                fmt::format("this message is complaint {} already", other.id));
            return taken;
        }
    }
    taken.complaint = added.complaint;
    taken.complaint.subject = accused_in(settings, added);
    if (taken.complaint.subject.empty()) {
        return Unexpected{Error{ErrorCode::Usage, "add a complaint",
                                "the message names neither an address that sent it nor a domain",
                                "say with --subject whom it is about"}};
    }
    taken.complaint.id =
        store::take_next_id(change->transaction(), store::meta_key::kNextComplaint);
    taken.complaint.state = ComplaintState::Open;
    taken.complaint.by = author.by;
    taken.complaint.received = author.at;
    const std::string key = complaint_key(taken.complaint.id);
    change->put_record(Table::Complaints, key, encode(taken.complaint));
    change->put_record(Table::Messages, key, added.packed_message);
    change->tell(taken.complaint.subject, "", told_of(taken.complaint), "");
    if (added.ban) {
        if (auto banned = ban_for(*change, settings, added, taken); !banned) {
            return Unexpected{std::move(banned.error())};
        }
    }
    auto id = change->finish(taken.report.coverage);
    if (!id) {
        return Unexpected{std::move(id.error())};
    }
    taken.report.change = *id;
    taken.report.changed = true;
    return taken;
}

Result<std::optional<store::ChangeId>> judge_complaints(store::Environment& environment,
                                                        const std::vector<ComplaintId>& ids,
                                                        bool is_valid, const std::string& reason,
                                                        const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    const ComplaintState state = is_valid ? ComplaintState::Valid : ComplaintState::Invalid;
    for (const ComplaintId id : ids) {
        const auto bytes = change->transaction().get(Table::Complaints, complaint_key(id));
        auto complaint = bytes ? decode_complaint(id, *bytes) : std::nullopt;
        if (!complaint) {
            return Unexpected{no_complaint(id)};
        }
        if (complaint->state == state && complaint->judgement == reason) {
            continue;
        }
        complaint->state = state;
        complaint->judged = author.at;
        complaint->judged_by = author.by;
        complaint->judgement = reason;
        change->put_record(Table::Complaints, complaint_key(id), encode(*complaint));
        change->tell(complaint->subject, "",
                     fmt::format("complaint {} is {}", id, is_valid ? "valid" : "invalid"), reason);
    }
    if (!change->has_changes()) {
        return std::optional<store::ChangeId>{};
    }
    auto id = change->finish({});
    return id ? Result<std::optional<store::ChangeId>>{std::optional{*id}}
              : Unexpected{std::move(id.error())};
}

Result<std::vector<ComplaintRow>> complaints(store::Environment& environment,
                                             const ComplaintFilter& filter) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const auto all = all_complaints(*snapshot);
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> counts;
    for (const Complaint& complaint : all) {
        auto& [total, valid] = counts[complaint.subject];
        ++total;
        valid += complaint.state == ComplaintState::Valid ? 1U : 0U;
    }
    std::vector<ComplaintRow> rows;
    for (const Complaint& complaint : all) {
        if ((filter.only_valid && complaint.state != ComplaintState::Valid) ||
            (filter.since && complaint.received < *filter.since) ||
            (filter.subject && !concerns(complaint, *filter.subject))) {
            continue;
        }
        const auto [total, valid] = counts[complaint.subject];
        rows.push_back({complaint, total, valid});
    }
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return rows;
}

Result<ShownComplaint> complaint(store::Environment& environment, ComplaintId id) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const auto bytes = snapshot->get(Table::Complaints, complaint_key(id));
    auto found = bytes ? decode_complaint(id, *bytes) : std::nullopt;
    if (!found) {
        return Unexpected{no_complaint(id)};
    }
    return ShownComplaint{
        std::move(*found),
        std::string{
            snapshot->get(Table::Messages, complaint_key(id)).value_or(std::string_view{})}};
}

}  // namespace ostrakon::policy
