#include "name_patterns.hpp"

#include "ostrakon/policy/mail_address.hpp"

#include <algorithm>
#include <tuple>

namespace ostrakon::verdict {
namespace {

using policy::SetItem;
using store::Table;

bool says_the_same(const SetItem& a, const SetItem& b) noexcept {
    return std::tie(a.listing_class, a.rank, a.overrides_never, a.code, a.end) ==
           std::tie(b.listing_class, b.rank, b.overrides_never, b.code, b.end);
}

}  // namespace

void NamePatterns::forget(const std::shared_ptr<const pattern::NameRules>& dynamic_names,
                          policy::ClassId dynamic_class, bool takes_own) {
    loaded_ = kNever;
    takes_own_ = takes_own;
    dynamic_class_ = dynamic_class;
    if (dynamic_names == dynamic_names_) {
        return;
    }
    dynamic_names_ = dynamic_names;
    classifier_.reset();
    if (dynamic_names_) {
        classifier_ = pattern::NameClassifier::compile(dynamic_names_);
    }
}

void NamePatterns::follow(std::uint64_t changed, const store::Transaction& transaction,
                          std::span<const policy::ZoneRules> rules,
                          const std::vector<zone::Zone>& zones) {
    if (loaded_ == changed) {
        return;
    }
    loaded_ = changed;
    texts_.clear();
    sets_.clear();
    found_.clear();
    of_zones_.assign(rules.size(), {});
    for (std::size_t zone = 0; zone < rules.size(); ++zone) {
        OfZone& of = of_zones_[zone];
        of.serves_dynamic = dynamic_names_ && rules[zone].serves_class(dynamic_class_) &&
                            rules[zone].takes_layer(policy::kDynamicNamesLayer, {});
        of.may_list_all = of.serves_dynamic && zones[zone].kinds.name;
    }
    store::Cursor cursor{transaction, Table::IndexPattern};
    for (bool more = takes_own_ && cursor.first(); more; more = cursor.next()) {
        if (cursor.value().size() != sizeof(policy::SetId)) {
            continue;
        }
        texts_.emplace_back(cursor.key());
        sets_.push_back(store::load_raw<policy::SetId>(cursor.value().data()));
    }
    for (const policy::SetId set : sets_) {
        const std::string_view bytes = policy::read_set(transaction, set);
        for (std::size_t i = 0; i < bytes.size() / policy::kSetItemSize; ++i) {
            const SetItem item = policy::load_set_item(bytes, i);
            for (std::size_t zone = 0; zone < rules.size(); ++zone) {
                OfZone& of = of_zones_[zone];
                const bool answers = rules[zone].takes_layer(policy::kOwnLayer, {}) &&
                                     rules[zone].serves_class(item.listing_class);
                of.may_answer = of.may_answer || answers;
                of.may_list_all = of.may_list_all || (answers && zones[zone].kinds.name);
                // Own allows hold in every zone, and own bans in every zone of allows.
                of.may_overrule =
                    of.may_overrule || item.is_own_allow() || rules[zone].is_allow_zone();
            }
        }
    }
    patterns_ = {};
    progress_ = texts_.empty() ? Progress::Compiled : Progress::Waiting;
}

// With the first name that they matter for: whoever is asked about addresses alone does not wait.
pattern::MatchResult NamePatterns::match_free() {
    if (progress_ == Progress::Waiting) {
        auto compiled = pattern::PatternSet::compile(texts_);
        progress_ = compiled ? Progress::Compiled : Progress::Failed;
        patterns_ = compiled ? std::move(*compiled) : pattern::PatternSet{};
    }
    return progress_ == Progress::Compiled ? patterns_.match(spelled(), found_)
                                           : pattern::MatchResult::Failed;
}

void NamePatterns::match(const OfZone& of, bool is_listed) noexcept {
    if (policy::is_mail_key(key_)) {  // a mail address is matched by itself alone
        return;
    }
    has_matched_ = true;
    if (of.serves_dynamic) {
        const auto found =
            classifier_ ? classifier_->classify(spelled()) : pattern::MatchResult::Failed;
        is_dynamic_ = found == pattern::MatchResult::Some;
        has_failed_ = found == pattern::MatchResult::Failed;
    }
    if (of.may_answer || ((is_listed || is_dynamic_) && of.may_overrule)) {
        has_failed_ = match_free() == pattern::MatchResult::Failed || has_failed_;
    }
}

std::string_view NamePatterns::dynamic_reason() {
    reason_ = is_dynamic_ ? classifier_->reason(spelled()) : std::string{};
    return reason_;
}

std::string_view NamePatterns::spelled() noexcept {
    if (!spelled_) {
        spelled_.emplace(key_);
    }
    return spelled_->view();
}

std::size_t NamePatterns::load_items(const store::Transaction& transaction, policy::SetId set,
                                     std::span<SetItem> items, bool& is_fixed) noexcept {
    std::size_t count = 0;
    is_fixed = !has_found();
    const std::string_view bytes = policy::read_set(transaction, set);
    for (std::size_t i = 0; i < bytes.size() / policy::kSetItemSize && count < items.size(); ++i) {
        const SetItem item = policy::load_set_item(bytes, i);
        if (item.glob != 0) {
            is_fixed = false;
            const std::string_view glob = policy::read_glob(transaction, item.glob);
            if (!takes_own_ || key_.empty() || policy::is_mail_key(key_) ||
                !pattern::glob_matches(glob, spelled())) {
                continue;
            }
        }
        items[count++] = item;
    }
    const std::size_t first = count;
    for (const int number : found_) {
        const auto at = static_cast<std::size_t>(number);
        const std::string_view more = policy::read_set(transaction, sets_[at]);
        for (std::size_t i = 0; i < more.size() / policy::kSetItemSize; ++i) {
            SetItem item = policy::load_set_item(more, i);
            item.rank = texts_[at].starts_with('/') ? kRankOfRegex : kRankOfGlob;
            const auto begin = items.begin() + static_cast<std::ptrdiff_t>(first);
            const auto end = items.begin() + static_cast<std::ptrdiff_t>(count);
            if (std::any_of(begin, end,
                            [&](const SetItem& other) { return says_the_same(other, item); })) {
                continue;
            }
            if (count == items.size()) {
                has_failed_ = true;  // more than can be judged: better no answer than a part of it
                return count;
            }
            items[count++] = item;
        }
    }
    if (is_dynamic_ && count < items.size()) {
        SetItem& item = items[count++] = {};
        item.layer = policy::kDynamicNamesLayer;
        item.listing_class = dynamic_class_;
    }
    return count;
}

}  // namespace ostrakon::verdict
