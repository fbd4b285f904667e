#include "ostrakon/transfer/contents.hpp"

#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/expiry.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>

namespace ostrakon::transfer {
namespace {

AnswerPtr test_answer(net::Ipv4 code, const std::string& text, bool with_text) {
    Answer answer;
    answer.codes = {code};
    if (with_text) {
        answer.texts = {text};
    }
    return std::make_shared<const Answer>(std::move(answer));
}

}  // namespace

Contents::Contents(store::Environment& environment,
                   std::shared_ptr<const verdict::Rulebook> rulebook,
                   const ContentsOptions& options)
    : options_(options), judge_(environment, std::move(rulebook)) {}

Result<std::unique_ptr<Contents>> Contents::take(
    store::Environment& environment, const std::shared_ptr<const verdict::Rulebook>& rulebook,
    const ContentsOptions& options) {
    auto carried = std::make_shared<verdict::Rulebook>(*rulebook);
    carried->has_patterns = false;
    carried->dynamic_names = nullptr;
    carried->top_level_domains = nullptr;
    std::unique_ptr<Contents> contents{new Contents{environment, carried, options}};
    if (!contents->judge_.renew()) {
        return Unexpected{Error{ErrorCode::Store, "read the zone " + contents->zone().name,
                                "the database cannot be read", ""}};
    }
    contents->now_ = options.now ? *options.now : policy::swept_at(contents->transaction());
    for (zone::Zone& zone : carried->zones) {
        if (zone.retired && *zone.retired <= contents->now_) {
            zone.kinds = {false, false, false};
        }
    }
    contents->catalogue_ = policy::Catalogue::load(contents->transaction());
    contents->site_ =
        std::make_unique<const responder::Site>(carried, responder::ResponderSettings{});
    contents->look_for_origins();
    contents->choose(options.zone);
    return contents;
}

void Contents::choose(std::size_t number) {
    options_.zone = number;
    fixed_ = FixedNodes{*site_, number};
    const verdict::Rulebook& rules = rulebook();
    const zone::TestPoints points = zone::test_points(zone(), rules.classes);
    test_address_ = test_answer(points.address_code, points.text, options_.with_texts);
    test_name_ = test_answer(points.name_code, points.text, options_.with_texts);
    templates_use_query_ = false;
    templates_use_reason_ = false;
    for (const auto& [name, text] : zone().texts) {
        const bool uses_url =
            text.uses(zone::Placeholder::Url) || text.uses(zone::Placeholder::Removal);
        templates_use_query_ = templates_use_query_ || text.uses(zone::Placeholder::Query) ||
                               (uses_url && !rules.web_url.empty());
        templates_use_reason_ = templates_use_reason_ || text.uses(zone::Placeholder::Reason);
    }
    without_texts_.clear();
}

void Contents::look_for_origins() {
    has_origins_ = !policy::listed_origins(transaction()).empty();
    for (const policy::Layer& layer : catalogue_.layers()) {
        if (layer.id != policy::kOwnLayer && !has_origins_) {
            policy::for_each_origin_entry(
                transaction(), layer.id,
                [this](const net::Origin&, std::uint32_t) { has_origins_ = true; });
        }
    }
}

AnswerPtr Contents::answer(const verdict::Subject& subject, policy::SetId set,
                           std::string_view query) {
    const verdict::Verdict& verdict = judge_.judge(options_.zone, subject, {set, false}, now_);
    if (!verdict.listed) {
        return nullptr;
    }
    Answer answer;
    answer.codes.assign(verdict.codes.begin(), verdict.codes.begin() + verdict.code_count);
    if (!options_.with_texts) {
        AnswerPtr& known = without_texts_[answer.codes];
        if (!known) {
            known = std::make_shared<const Answer>(std::move(answer));
        }
        return known;
    }
    for (const std::string_view text : judge_.texts(options_.zone, subject, query, now_)) {
        answer.texts.emplace_back(text);
    }
    return std::make_shared<const Answer>(std::move(answer));
}

bool Contents::may_depend_on_query(policy::SetId set) {
    if (!options_.with_texts || templates_use_query_) {
        return options_.with_texts;
    }
    // A feed's own text may have a mark in it for the address that is asked about.
    const std::vector<policy::LayerId>& layers = layers_of(set);
    return templates_use_reason_ && !(layers.size() == 1 && layers.front() == policy::kOwnLayer);
}

const std::vector<policy::LayerId>& Contents::layers_of(policy::SetId set) {
    constexpr std::size_t kRemembered = 65536;
    const auto known = layers_.find(set);
    if (known != layers_.end()) {
        return known->second;
    }
    if (layers_.size() >= kRemembered) {
        layers_.clear();
    }
    std::vector<policy::LayerId>& layers = layers_[set];
    const std::string_view bytes = policy::read_set(transaction(), set);
    for (std::size_t i = 0; i < bytes.size() / policy::kSetItemSize; ++i) {
        const policy::LayerId layer = policy::load_set_item(bytes, i).layer;
        if (layers.empty() || layers.back() != layer) {
            layers.push_back(layer);
        }
    }
    return layers;
}

LeftOut Contents::left_out() const {
    LeftOut left;
    store::Cursor subjects{transaction(), store::Table::Subjects};
    for (bool more = subjects.seek(policy::kPatternMark);
         more && subjects.key().starts_with(policy::kPatternMark); more = subjects.next()) {
        const std::string_view ids = subjects.value();
        for (std::size_t at = 0; at + sizeof(store::ListingId) <= ids.size();
             at += sizeof(store::ListingId)) {
            const auto listing = policy::read_listing(
                transaction(), store::load_raw<store::ListingId>(ids.data() + at));
            left.patterns += listing && listing->is_in_force(now_) ? 1U : 0U;
        }
    }
    for (const std::string_view source : zone::kBuiltInSources) {
        if (zone().serves_source(std::string{source})) {
            left.built_in.emplace_back(source);
        }
    }
    return left;
}

Result<Done> Contents::check() const {
    if (transaction().is_broken()) {
        return Unexpected{transaction().failure()};
    }
    if (!judge_.is_sound()) {
        return Unexpected{Error{ErrorCode::Store, "read the zone " + zone().name,
                                "what is listed cannot be judged", ""}};
    }
    return Done{};
}

}  // namespace ostrakon::transfer
