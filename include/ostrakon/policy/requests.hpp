// What others ask for: that a ban be lifted, or that they be allowed. Whoever decides on a request
// does so under the rules of [lifecycle]; what the request brought as evidence counts.
//
// Requests table. Key: id, u32, most significant byte first.
#pragma once

#include "ostrakon/policy/decide.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

using RequestId = std::uint32_t;

/// Bounds, since strangers fill these in.
inline constexpr std::size_t kContactSizeMax = 320;
inline constexpr std::size_t kRequestEvidenceSizeMax = std::size_t{1} << 20;
inline constexpr std::size_t kReferenceSizeMax = 64;
inline constexpr std::uint64_t kOpenRequestsMax = 10'000;

enum class RequestKind : std::uint8_t { Removal, Allow };
enum class RequestState : std::uint8_t { Open, Accepted, Declined };

struct Request {
    RequestId id = 0;
    RequestKind kind = RequestKind::Removal;
    RequestState state = RequestState::Open;
    std::string subject;   ///< Canonical spelling.
    std::string contact;   ///< How to reach who asks.
    std::string evidence;  ///< What was done against the cause.
    std::string by;        ///< Who took it in.
    UnixTime received;
    std::optional<UnixTime> decided;
    std::string decided_by;
    std::string decision;        ///< The reason that was given.
    store::ChangeId change = 0;  ///< That decided it.
    std::string reference;       ///< By which who asked sees what became of it; empty: nobody does.
};

std::string encode(const Request& request);
/// Nothing if the bytes are damaged.
std::optional<Request> decode_request(RequestId id, std::string_view bytes);

/// Takes a request in, of which kind, subject, contact, evidence and reference are given; one that
/// is open already is not taken again. Returns it as it is recorded. Errors: Usage, Refused (too
/// many are open), Store. The caller holds the writer lock.
struct TakenRequest {
    Request request;
    std::optional<store::ChangeId> change;  ///< Empty where it was there already.
    std::vector<std::string> notes;         ///< Which bans hold the subject.
};
Result<TakenRequest> add_request(store::Environment& environment, const Request& request,
                                 const Author& author);

/// Open ones, or all, oldest first.
Result<std::vector<Request>> requests(store::Environment& environment, bool with_decided);

/// The oldest of those that are open, and how many there are.
struct OpenRequests {
    std::vector<Request> oldest;
    std::uint64_t count = 0;
};
Result<OpenRequests> open_requests(store::Environment& environment, std::size_t oldest_max);
/// Absent where there is none of that number.
Result<Request> request(store::Environment& environment, RequestId id);
/// Absent where there is none of that reference.
Result<Request> request_of_reference(store::Environment& environment, std::string_view reference);

struct Decision {
    RequestId id = 0;
    bool is_accepted = false;
    std::string reason;
    bool override_lifecycle = false;  ///< --override.
    bool confirmed = false;           ///< --yes.
};
/// Accepting lifts all own bans of the subject, or records an own allow. Errors: Absent (no such
/// request, nothing to lift), Refused (decided already, [lifecycle], blast radius), Store. The
/// caller holds the writer lock.
Result<ChangeReport> decide_request(store::Environment& environment,
                                    const config::Settings& settings, const Decision& decision,
                                    const Author& author);

}  // namespace ostrakon::policy
