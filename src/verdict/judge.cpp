#include "ostrakon/verdict/judge.hpp"

#include "index_reader.hpp"
#include "mix_numbers.hpp"
#include "name_patterns.hpp"
#include "ostrakon/policy/answer_text.hpp"
#include "ostrakon/policy/rules.hpp"
#include "ostrakon/store/meta.hpp"
#include "protected_subjects.hpp"
#include "unknown_top_level.hpp"
#include "verdict_memo.hpp"

#include <algorithm>
#include <optional>

namespace ostrakon::verdict {
namespace {

using policy::Outcome;
using policy::SetItem;

constexpr std::size_t kTextBytes = kTextsMax * zone::kTextSizeMax;

// Distinct codes, ascending; more than fit are left out.
void add_code(Verdict& verdict, net::Ipv4 code) noexcept {
    const auto end = verdict.codes.begin() + verdict.code_count;
    const auto at = std::lower_bound(verdict.codes.begin(), end, code);
    if ((at != end && *at == code) || verdict.code_count == kCodesMax) {
        return;
    }
    std::copy_backward(at, end, end + 1);
    *at = code;
    ++verdict.code_count;
}

}  // namespace

struct Judge::State {
    store::Environment* environment;  // null: there is no database
    std::shared_ptr<const Rulebook> rulebook;
    std::optional<store::Snapshot> snapshot;
    std::optional<IndexReader> index;
    std::optional<store::Cursor> entries;  // of names in the truth, for the texts of mail addresses
    policy::Catalogue catalogue;
    std::uint64_t catalogue_changed = UINT64_MAX;
    std::uint64_t epoch = 0;
    std::uint64_t snapshot_id = 0;
    std::uint32_t serial = 0;
    bool is_current = false;  // all of the above, and the zones, are those of the snapshot
    std::vector<policy::ZoneRules> zones;
    std::int64_t next_gate = 0;  // when a feed becomes too old and remembered verdicts with it
    ProtectedSubjects never;
    NamePatterns patterns;
    UnknownTopLevel top_level;
    VerdictMemo memo;
    Verdict last_verdict;
    MixNumbers mixes;
    policy::MatchList matches;
    std::array<SetItem, policy::kMatchesMax> items;
    std::array<Outcome, policy::kMatchesMax> outcomes;
    std::array<char, kTextBytes> text_bytes;
    std::array<std::string_view, kTextsMax> texts;
    std::array<store::ListingId, policy::kMatchesMax> listings;

    bool follow_snapshot();
    void load_catalogue();
    void look_at_gates(UnixTime now) noexcept;
    Location locate(const Subject& subject, UnixTime now) noexcept;
    // Finds what lists the subject without an entry of its own. `name`: null for an address.
    void begin(std::size_t zone, const NameKey* name, policy::SetId set, UnixTime now) noexcept {
        if (name != nullptr) {
            patterns.begin(zone, name->bytes, set != 0);
            top_level.begin(zones[zone], name->bytes, now);
        } else {
            patterns.begin();
            top_level.begin();
        }
    }
    bool is_built_in() const noexcept { return patterns.has_found() || top_level.is_listed(); }
    void evaluate(std::size_t zone, policy::SetId set, bool is_never, UnixTime now,
                  Verdict& verdict) noexcept;
    void find_matches(const Subject& subject, policy::SetId set) noexcept;
    std::span<const policy::Match> judge_matches(std::size_t zone, const Subject& subject,
                                                 UnixTime now) noexcept;
};

// Takes over what is kept of a snapshot, which is another than the last; false if it cannot be
// read.
bool Judge::State::follow_snapshot() {
    const auto number = [this](std::string_view key) { return store::meta_number(*snapshot, key); };
    const std::uint64_t changed = number(store::meta_key::kCatalogueChanged);
    const std::uint64_t now_epoch = number(store::meta_key::kEpoch);
    if (changed != catalogue_changed || now_epoch != epoch) {
        load_catalogue();
        catalogue_changed = changed;
        epoch = now_epoch;
    }
    patterns.follow(number(store::meta_key::kIndexPatternChanged), *snapshot, zones,
                    rulebook->zones);
    serial = static_cast<std::uint32_t>(number(store::meta_key::kSerial));
    snapshot_id = snapshot->id();
    is_current = !snapshot->is_broken();
    return is_current;
}

void Judge::State::load_catalogue() {
    catalogue = policy::Catalogue::load(*snapshot);
    zones.clear();
    for (const zone::Zone& zone : rulebook->zones) {
        zones.emplace_back(zone, catalogue, rulebook->classes);
    }
    never.follow(rulebook->protect);
    next_gate = 0;
    mixes.follow(catalogue);
    patterns.forget(rulebook->dynamic_names,
                    catalogue.class_id("dynamic").value_or(policy::kFeedsClass),
                    rulebook->has_patterns);
    top_level.follow(rulebook->top_level_domains,
                     catalogue.class_id(policy::kUnknownTldClass).value_or(policy::kFeedsClass));
    memo.clear();
}

void Judge::State::look_at_gates(UnixTime now) noexcept {
    if (now.seconds < next_gate) {
        return;
    }
    memo.clear();
    next_gate = INT64_MAX;
    for (const policy::ZoneRules& zone : zones) {
        next_gate = std::min(next_gate, zone.next_gate(now));
    }
}

Location Judge::State::locate(const Subject& subject, UnixTime now) noexcept {
    if (const auto* v4 = std::get_if<net::Ipv4>(&subject)) {
        return {index->set_of(*v4), false};
    }
    if (const auto* v6 = std::get_if<net::Ipv6>(&subject)) {
        return {index->set_of(*v6), false};
    }
    const FoundName found = index->find(std::get<NameKey>(subject).bytes);
    bool exists = found.has_descendant;
    if (!exists && found.below != 0) {
        const std::string_view below = policy::read_set(*snapshot, found.below);
        for (std::size_t i = 0; i < below.size() / policy::kSetItemSize && !exists; ++i) {
            exists = policy::load_set_item(below, i).is_alive(now);
        }
    }
    return {found.self, exists};
}

void Judge::State::evaluate(std::size_t zone, policy::SetId set, bool is_never, UnixTime now,
                            Verdict& verdict) noexcept {
    bool is_fixed = true;
    std::size_t count = patterns.load_items(*snapshot, set, items, is_fixed);
    if (top_level.is_listed() && count < items.size()) {
        items[count++] = top_level.item();
        is_fixed = false;
    }
    for (std::size_t i = 0; i < count; ++i) {
        is_fixed = is_fixed && items[i].end == 0;
    }
    policy::apply_rules(zones[zone], {items.data(), count}, is_never, now,
                        {outcomes.data(), count});
    std::int64_t ttl = rulebook->zones[zone].ttl_s;
    for (std::size_t i = 0; i < count; ++i) {
        if (outcomes[i] == Outcome::Answers) {
            add_code(verdict, zones[zone].code_of(items[i]));
            mixes.add(items[i].layer, zones[zone].class_of(items[i]));
            verdict.is_own = verdict.is_own || items[i].layer == policy::kOwnLayer;
            ttl = items[i].end == 0 ? ttl : std::min(ttl, items[i].end - now.seconds);
        }
    }
    verdict.mix = mixes.take();
    verdict.listed = verdict.code_count != 0;
    verdict.ttl_s = static_cast<std::uint32_t>(std::max<std::int64_t>(1, ttl));
    if (is_fixed && !is_never) {
        memo.remember(zone, set, verdict);
    }
}

Judge::Judge(store::Environment& environment, std::shared_ptr<const Rulebook> rulebook)
    : state_(new State{}) {
    state_->environment = &environment;
    state_->rulebook = std::move(rulebook);
}
Judge::Judge(std::shared_ptr<const Rulebook> rulebook) : state_(new State{}) {
    state_->rulebook = std::move(rulebook);
}
Judge::Judge(Judge&&) noexcept = default;
Judge& Judge::operator=(Judge&&) noexcept = default;
Judge::~Judge() = default;

bool Judge::renew() noexcept {
    State& state = *state_;
    if (state.environment == nullptr) {
        return false;
    }
    if (!state.snapshot) {
        auto begun = store::Snapshot::begin(*state.environment);
        if (!begun) {
            return false;
        }
        state.snapshot.emplace(std::move(*begun));
        state.index.emplace(*state.snapshot);
        state.entries.emplace(*state.snapshot, store::Table::EntriesName);
        return state.follow_snapshot();
    }
    if (state.is_current && state.snapshot->is_newest()) {
        state.index->collect_places();
        return true;
    }
    if (!state.snapshot->renew()) {
        return false;
    }
    const bool is_newer = state.snapshot->id() != state.snapshot_id;
    state.index->renew(is_newer);
    return (!is_newer && state.is_current) || state.follow_snapshot();
}

void Judge::reset() noexcept {
    if (state_->snapshot) {
        state_->snapshot->reset();
    }
}

void Judge::adopt(std::shared_ptr<const Rulebook> rulebook) {
    state_->rulebook = std::move(rulebook);
    state_->zones.clear();
    state_->catalogue_changed = UINT64_MAX;  // the next renew() makes the rules anew
    state_->is_current = false;
}

void Judge::number_mixes(ListingTally& tally) noexcept {
    state_->mixes = MixNumbers(tally);
    state_->catalogue_changed = UINT64_MAX;  // what is remembered has no numbers
    state_->is_current = false;
}

bool Judge::is_sound() const noexcept {
    return state_->snapshot && !state_->snapshot->is_broken() && state_->patterns.is_sound();
}

const Rulebook& Judge::rulebook() const noexcept {
    return *state_->rulebook;
}

std::uint32_t Judge::serial() const noexcept {
    return state_->serial;
}

const store::Transaction& Judge::snapshot() const noexcept {
    return *state_->snapshot;
}

namespace {

// Mapped IPv6 is answered from the IPv4 index.
Subject normalised(const Subject& subject) noexcept {
    if (const auto* v6 = std::get_if<net::Ipv6>(&subject)) {
        if (const auto v4 = net::mapped_ipv4(*v6)) {
            return *v4;
        }
    }
    return subject;
}

}  // namespace

void Judge::announce(net::Ipv4 address) const noexcept {
    state_->index->announce(address);
}

void Judge::approach(net::Ipv4 address) noexcept {
    state_->index->approach(address);
}

void Judge::approach(net::Ipv6 address) const noexcept {
    state_->index->approach(address);
}

Location Judge::locate(const Subject& subject, UnixTime now) noexcept {
    return state_->locate(normalised(subject), now);
}

const Verdict& Judge::judge(std::size_t zone, const Subject& asked, Location location,
                            UnixTime now) noexcept {
    State& state = *state_;
    Verdict& verdict = state.last_verdict;
    verdict.listed = false;
    verdict.exists = location.exists;
    verdict.is_own = false;
    verdict.code_count = 0;
    const Subject subject = normalised(asked);
    const auto* name = std::get_if<NameKey>(&subject);
    state.begin(zone, name, location.set, now);
    if (name != nullptr && !verdict.exists) {
        verdict.exists = state.patterns.may_list_all(zone) || state.top_level.is_unknown();
    }
    const bool is_built_in = state.is_built_in();
    if (location.set == 0 && !is_built_in) {
        return verdict;
    }
    state.look_at_gates(now);
    const bool is_never = state.never.hold(subject);
    if (is_never || is_built_in || !state.memo.recall(zone, location.set, verdict)) {
        state.evaluate(zone, location.set, is_never, now, verdict);
    } else {
        verdict.ttl_s = std::max(1U, state.rulebook->zones[zone].ttl_s);
    }
    verdict.exists = verdict.exists || verdict.listed;
    return verdict;
}

bool Judge::is_anything_in(net::Ipv4Range range) noexcept {
    return state_->index->is_anything_in(range);
}

bool Judge::is_anything_in(net::Ipv6Range range) noexcept {
    return state_->index->is_anything_in(range);
}

// Reads the truth of just those layers that the set names.
void Judge::State::find_matches(const Subject& subject, policy::SetId set) noexcept {
    matches.clear();
    const auto* name = std::get_if<NameKey>(&subject);
    const bool is_mail = name != nullptr && policy::is_mail_key(name->bytes);
    if (is_mail) {
        entries->renew();
    }
    const std::string_view bytes = policy::read_set(*snapshot, set);
    std::optional<policy::LayerId> done;
    const auto find_patterns = [this] {
        patterns.for_each_found([this](std::string_view pattern) {
            policy::find_pattern_matches(*snapshot, catalogue, pattern, matches);
        });
    };
    if (bytes.empty() || policy::load_set_item(bytes, 0).layer != policy::kOwnLayer) {
        find_patterns();
    }
    for (std::size_t i = 0; i < bytes.size() / policy::kSetItemSize; ++i) {
        const policy::LayerId layer = policy::load_set_item(bytes, i).layer;
        if (done == layer) {
            continue;
        }
        done = layer;
        if (const auto* v4 = std::get_if<net::Ipv4>(&subject)) {
            policy::find_matches(*snapshot, catalogue, layer, *v4, matches);
        } else if (const auto* v6 = std::get_if<net::Ipv6>(&subject)) {
            policy::find_matches(*snapshot, catalogue, layer, *v6, matches);
        } else if (is_mail) {
            policy::find_mail_matches(*entries, *snapshot, catalogue, layer, name->bytes, matches);
        } else {
            policy::find_matches(*snapshot, catalogue, layer, name->bytes, matches);
            if (layer == policy::kOwnLayer) {
                find_patterns();
            }
        }
    }
    if (!rulebook->has_patterns) {
        matches.drop_patterns();
    }
    if (const std::string_view reason = patterns.dynamic_reason(); !reason.empty()) {
        matches.add(policy::dynamic_match(catalogue, std::get<NameKey>(subject).bytes, reason));
    }
    if (top_level.is_listed()) {
        matches.add(top_level.match(catalogue, name->bytes));
    }
    matches.rank();
}

// All that lists the subject, out of the truth; `outcomes` says what becomes of each.
std::span<const policy::Match> Judge::State::judge_matches(std::size_t zone, const Subject& subject,
                                                           UnixTime now) noexcept {
    const policy::SetId set = locate(subject, now).set;
    begin(zone, std::get_if<NameKey>(&subject), set, now);
    find_matches(subject, set);
    const auto found = matches.matches();
    for (std::size_t i = 0; i < found.size(); ++i) {
        items[i] = found[i].item;
    }
    policy::apply_rules(zones[zone], {items.data(), found.size()}, never.hold(subject), now,
                        {outcomes.data(), found.size()});
    return found;
}

std::span<const store::ListingId> Judge::own_listings(std::size_t zone, const Subject& asked,
                                                      UnixTime now) noexcept {
    State& state = *state_;
    const auto found = state.judge_matches(zone, normalised(asked), now);
    std::size_t count = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto end = state.listings.begin() + static_cast<std::ptrdiff_t>(count);
        if (state.outcomes[i] == Outcome::Answers && found[i].item.layer == policy::kOwnLayer &&
            std::find(state.listings.begin(), end, found[i].value) == end) {
            state.listings[count++] = found[i].value;
        }
    }
    return {state.listings.data(), count};
}

std::span<const std::string_view> Judge::texts(std::size_t zone, const Subject& asked,
                                               std::string_view query, UnixTime now) noexcept {
    State& state = *state_;
    const Subject subject = normalised(asked);
    const auto* name = std::get_if<NameKey>(&subject);
    const auto found = state.judge_matches(zone, subject, now);
    std::optional<net::Address> address;
    if (query.empty()) {
        address = std::nullopt;
    } else if (const auto* v4 = std::get_if<net::Ipv4>(&subject)) {
        address = *v4;
    } else if (const auto* v6 = std::get_if<net::Ipv6>(&subject)) {
        address = *v6;
    }
    const policy::TextContext context{state.rulebook->zones[zone],
                                      state.zones[zone],
                                      state.catalogue,
                                      *state.snapshot,
                                      state.rulebook->web_url,
                                      query,
                                      name == nullptr ? std::string_view{} : name->bytes,
                                      address};
    std::size_t count = 0;
    std::size_t used = 0;
    for (std::size_t i = 0; i < found.size() && count < kTextsMax; ++i) {
        if (state.outcomes[i] != Outcome::Answers) {
            continue;
        }
        const std::span<char> room{state.text_bytes.data() + used, zone::kTextSizeMax};
        const std::string_view text{room.data(), policy::write_text(context, found[i], room)};
        const auto end = state.texts.begin() + static_cast<std::ptrdiff_t>(count);
        if (!text.empty() && std::find(state.texts.begin(), end, text) == end) {
            state.texts[count++] = text;
            used += text.size();
        }
    }
    return {state.texts.data(), count};
}

}  // namespace ostrakon::verdict
