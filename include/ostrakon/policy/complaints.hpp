// The ledger of complaints: who complained about whom, with the whole message as evidence.
//
// Complaints table. Key: id, u32, most significant byte first. Messages table. Key: the same.
// Value: the message as it came, packed by the caller.
#pragma once

#include "ostrakon/policy/decide.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

using ComplaintId = std::uint32_t;

/// Bytes of the largest message, packed or not.
inline constexpr std::size_t kMessageSizeMax = std::size_t{10} << 20;

enum class ComplaintState : std::uint8_t { Open, Valid, Invalid };

struct Complaint {
    ComplaintId id = 0;
    ComplaintState state = ComplaintState::Open;
    std::string subject;   ///< The address that sent, or what --subject said; canonical, or empty.
    std::string domain;    ///< That the message named as its sender's; may be empty.
    std::string kind;      ///< "abuse", as the report says; empty where it does not.
    std::string reporter;  ///< Who complained.
    std::string by;        ///< Who recorded it.
    UnixTime received;
    std::optional<UnixTime> arrived;  ///< When the message was received, as the report says.
    std::optional<UnixTime> judged;
    std::string judged_by;
    std::string judgement;           ///< The reason that was given.
    std::uint64_t message_hash = 0;  ///< By which the same message is known again.
    std::uint64_t message_size = 0;  ///< Not packed.
};

std::string encode(const Complaint& complaint);
/// Nothing if the bytes are damaged.
std::optional<Complaint> decode_complaint(ComplaintId id, std::string_view bytes);

struct NewComplaint {
    Complaint complaint;  ///< Subject or domain, kind, reporter, arrived, hash and size are given.
    /// Where no subject is given: addresses that may have sent it, the likeliest first. The first
    /// that [protect] never does not hold is taken.
    std::vector<Subject> candidates;
    std::string packed_message;
    bool ban = false;
    std::string reason;  ///< Of the ban.
    bool confirmed = false;
};
struct TakenComplaint {
    Complaint complaint;
    ChangeReport report;  ///< Of the ban, if there is one. Without a change: it was there already.
};
/// Errors: Usage (nobody to complain about), Refused (the ban), Store. The caller holds the writer
/// lock.
Result<TakenComplaint> add_complaint(store::Environment& environment,
                                     const config::Settings& settings, const NewComplaint& added,
                                     const Author& author);

/// Says of complaints whether they are right. Errors: Absent, Store. The caller holds the writer
/// lock.
Result<std::optional<store::ChangeId>> judge_complaints(store::Environment& environment,
                                                        const std::vector<ComplaintId>& ids,
                                                        bool is_valid, const std::string& reason,
                                                        const Author& author);

struct ComplaintFilter {
    std::optional<Subject> subject;  ///< Only what lies in it, by address or domain.
    bool only_valid = false;
    std::optional<UnixTime> since;
};
struct ComplaintRow {
    Complaint complaint;
    std::uint64_t of_subject = 0;        ///< Complaints about the same subject.
    std::uint64_t valid_of_subject = 0;  ///< Those of them that are valid.
};
/// Oldest first.
Result<std::vector<ComplaintRow>> complaints(store::Environment& environment,
                                             const ComplaintFilter& filter);

struct ShownComplaint {
    Complaint complaint;
    std::string packed_message;
};
/// Absent where there is none of that number.
Result<ShownComplaint> complaint(store::Environment& environment, ComplaintId id);

}  // namespace ostrakon::policy
