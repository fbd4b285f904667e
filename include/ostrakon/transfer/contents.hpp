// What one zone answers at one moment, for those who take all of it away: transfers and exports.
//
// One snapshot, one judge: whatever is listed here is what the same functions answer to questions.
// How it is spelled as records is transfer/zone_records.hpp. Belongs to one thread.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/dns/labels.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/responder/respond.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/transfer/fixed_nodes.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "ostrakon/zone/test_point.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ostrakon::transfer {

/// What is answered at one place: codes ascending, texts as many TXT records.
struct Answer {
    std::vector<net::Ipv4> codes;
    std::vector<std::string> texts;
    friend bool operator==(const Answer&, const Answer&) = default;
};
/// Null: nothing is listed.
using AnswerPtr = std::shared_ptr<const Answer>;
inline bool are_same(const AnswerPtr& a, const AnswerPtr& b) {
    return a == b || (a && b && *a == *b);
}

/// What cannot be carried away, in numbers.
struct LeftOut {
    std::uint64_t patterns = 0;         ///< Own patterns in force, of bans and of allows.
    std::vector<std::string> built_in;  ///< Built-in sources that the zone serves.
    bool is_anything() const { return patterns != 0 || !built_in.empty(); }
};

struct ContentsOptions {
    std::size_t zone = 0;                        ///< Its number in the rulebook.
    std::optional<UnixTime> now = std::nullopt;  ///< Empty: policy::swept_at(), so that what is
                                                 ///< here changes with the serial alone.
    bool with_texts = true;
};

class Contents {
public:
    /// Takes the newest snapshot, and one reader slot until it goes. The environment outlives it.
    static Result<std::unique_ptr<Contents>> take(
        store::Environment& environment, const std::shared_ptr<const verdict::Rulebook>& rulebook,
        const ContentsOptions& options);

    /// Goes on to another zone of the same moment. What was made of the last one is no longer
    /// valid.
    void choose(std::size_t zone);

    const zone::Zone& zone() const { return judge_.rulebook().zones[options_.zone]; }
    const verdict::Rulebook& rulebook() const { return judge_.rulebook(); }
    const store::Transaction& transaction() const { return judge_.snapshot(); }
    const policy::Catalogue& catalogue() const { return catalogue_; }
    const FixedNodes& fixed_nodes() const { return fixed_; }
    bool has_texts() const { return options_.with_texts; }
    std::uint32_t serial() const { return judge_.serial(); }
    UnixTime now() const { return now_; }

    /// What is answered for the subject, which has this verdict set. Without a query, texts hold
    /// for all of the stretch that the subject lies in: what depends on the query is left out.
    AnswerPtr answer(const verdict::Subject& subject, policy::SetId set,
                     std::string_view query = {});
    /// Whether the texts of a set may depend on the query.
    bool may_depend_on_query(policy::SetId set);

    const AnswerPtr& answer_of_test_address() const { return test_address_; }
    const AnswerPtr& answer_of_test_name() const { return test_name_; }

    /// The layers that a set has items of.
    const std::vector<policy::LayerId>& layers_of(policy::SetId set);
    /// Whether an AS or country is listed in whatever source: then maps say where texts change.
    bool has_origins() const { return has_origins_; }

    LeftOut left_out() const;
    /// Whether everything so far could be read.
    Result<Done> check() const;

private:
    Contents(store::Environment& environment, std::shared_ptr<const verdict::Rulebook> rulebook,
             const ContentsOptions& options);
    void look_for_origins();

    ContentsOptions options_;
    UnixTime now_;
    verdict::Judge judge_;
    policy::Catalogue catalogue_;
    std::unique_ptr<const responder::Site> site_;
    FixedNodes fixed_;
    AnswerPtr test_address_, test_name_;
    bool has_origins_ = false;
    bool templates_use_query_ = false;
    bool templates_use_reason_ = false;
    std::map<std::vector<net::Ipv4>, AnswerPtr> without_texts_;
    std::unordered_map<policy::SetId, std::vector<policy::LayerId>> layers_;
};

}  // namespace ostrakon::transfer
