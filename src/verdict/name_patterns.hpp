// What patterns add to the verdicts on names, as one thread matches them. Of addresses, nothing.
//
// Globs with literal labels at their end are items of verdict sets that hold for the names they
// match. The rules of dynamic-names are compiled once. Free patterns, which can match any name, are
// compiled into one set, anew when the table of them has changed, with the first question for a
// name after that.
#pragma once

#include "ostrakon/pattern/name_rules.hpp"
#include "ostrakon/pattern/name_text.hpp"
#include "ostrakon/pattern/pattern.hpp"
#include "ostrakon/pattern/pattern_set.hpp"
#include "ostrakon/policy/rules.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::verdict {

class NamePatterns {
public:
    /// The rules of the zones, or classes, have changed. `dynamic_names` may be null; without
    /// `takes_own`, own patterns match nothing.
    void forget(const std::shared_ptr<const pattern::NameRules>& dynamic_names,
                policy::ClassId dynamic_class, bool takes_own);

    /// Takes over the free patterns of a snapshot; `changed` is the transaction that changed them
    /// last.
    void follow(std::uint64_t changed, const store::Transaction& transaction,
                std::span<const policy::ZoneRules> rules, const std::vector<zone::Zone>& zones);

    /// Begins with an address.
    void begin() noexcept { take_key({}); }
    /// Begins with a name, by its key, as zone number `zone` is asked for it; `is_listed`: it has a
    /// verdict set. Allocates for a name that a free pattern matches, and where these are others
    /// than before.
    void begin(std::size_t zone, std::string_view key, bool is_listed) noexcept {
        take_key(key);
        const OfZone& of = of_zones_[zone];
        if (of.serves_dynamic || of.may_answer || of.may_overrule) {
            match(of, is_listed);
        }
    }

    /// Whether the patterns could be matched. If not, what was judged is not known.
    bool is_sound() const noexcept { return !has_failed_; }
    /// Whether a free pattern matches the name, or it is that of a dynamic line.
    bool has_found() const noexcept { return !found_.empty() || is_dynamic_; }
    /// Why it is that of a dynamic line; empty if it is not, or that does not count here.
    std::string_view dynamic_reason();
    /// Whether names below any other may be listed in this zone, by what can match them all.
    bool may_list_all(std::size_t zone) const noexcept { return of_zones_[zone].may_list_all; }

    /// Calls visit(pattern) for each free pattern that matches the name.
    template <class Visit>
    void for_each_found(Visit&& visit) const noexcept {
        for (const int number : found_) {
            visit(std::string_view{texts_[static_cast<std::size_t>(number)]});
        }
    }

    /// Reads what holds for the subject out of its verdict set, and of the patterns that match it,
    /// into `items`; returns how many there are. `is_fixed`: it is the same for everything that has
    /// this set.
    std::size_t load_items(const store::Transaction& transaction, policy::SetId set,
                           std::span<policy::SetItem> items, bool& is_fixed) noexcept;

private:
    static constexpr std::uint64_t kNever = UINT64_MAX;
    // Less specific than any item of a name's set, whose ranks are less than 128 + 1.
    static constexpr std::uint8_t kRankOfGlob = 253;
    static constexpr std::uint8_t kRankOfRegex = 254;

    /// Of making one set of the free patterns.
    enum class Progress : std::uint8_t { Waiting, Compiled, Failed };
    struct OfZone {
        bool may_list_all = false;
        bool serves_dynamic = false;  // dynamic-names may
        bool may_answer = false;      // a free pattern may list a name
        bool may_overrule = false;    // one may change what another listing says
    };

    void take_key(std::string_view key) noexcept {
        key_ = key;
        spelled_.reset();
        if (has_matched_) {
            has_matched_ = false;
            found_.clear();
            is_dynamic_ = false;
            has_failed_ = false;
        }
    }
    void match(const OfZone& of, bool is_listed) noexcept;
    pattern::MatchResult match_free();
    std::string_view spelled() noexcept;

    std::uint64_t loaded_ = kNever;
    std::vector<std::string> texts_;
    std::vector<policy::SetId> sets_;  // of their listings, as many
    pattern::PatternSet patterns_;
    Progress progress_ = Progress::Waiting;
    std::vector<OfZone> of_zones_;
    std::shared_ptr<const pattern::NameRules> dynamic_names_;
    std::optional<pattern::NameClassifier> classifier_;
    policy::ClassId dynamic_class_ = policy::kFeedsClass;
    bool takes_own_ = true;
    std::string reason_;

    std::string_view key_;                      // empty: of an address
    std::optional<pattern::NameText> spelled_;  // of that key, once it is needed
    bool has_matched_ = false;                  // otherwise there is nothing of what follows
    std::vector<int> found_;
    bool is_dynamic_ = false;
    bool has_failed_ = false;
};

}  // namespace ostrakon::verdict
