// One ban or allow, carried out within a change set under the lifecycle's rules. Shared by `ban`
// and `import`.
#pragma once

#include "change_set.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ostrakon::policy {

struct BanPlan {
    Subject subject;
    std::string listing_class;
    std::optional<net::Ipv4> code;  ///< Only where it differs from the class's.
    std::string reason;
    std::string evidence;
    Expiry expiry;
    bool override_never = false;
    std::optional<store::Diagnosed> diagnosed = {};
    /// No ban that began or ended since is repeated for what was seen then.
    std::optional<UnixTime> seen = {};
};

struct PlannedBan {
    enum class Kind : std::uint8_t { Added, Changed, Unchanged } kind = Kind::Unchanged;
    store::Listing listing;
};

/// Records the ban, or updates the one that stands.
PlannedBan carry_out(ChangeSet& change, const config::LifecycleSettings& lifecycle,
                     const BanPlan& plan);

/// What happened, for the audit trail: "banned until 2027-01-01T00:00:00Z, strike 2".
std::string describe(const PlannedBan& made);

/// ErrorCode::Refused where the change is wider than [protect] blast_radius or a subject always
/// needs a yes.
Result<Done> check_blast_radius(const config::Settings& settings,
                                const std::vector<Subject>& subjects, const Coverage& total,
                                bool confirmed);

}  // namespace ostrakon::policy
