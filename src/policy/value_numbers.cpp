#include "value_numbers.hpp"

#include "feed_settings.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>

namespace ostrakon::policy {

EntryDefaults entry_defaults(const config::Settings& settings, const Catalogue& catalogue,
                             const Import& import) {
    const config::FeedSettings* configured = feed_settings(settings, import.source);
    const Feed* known = catalogue.feed(import.source);
    const bool is_said = import.code || (configured != nullptr && configured->code) ||
                         (configured == nullptr && known != nullptr && known->code);
    return {configured != nullptr, is_said ? std::nullopt : import.list.default_code};
}

SaidValue said_value(const Import& import, const Statement& said, const EntryDefaults& defaults) {
    SaidValue value;
    value.listing_class = said.listing_class.empty() && defaults.is_configured
                              ? import.listing_class
                              : said.listing_class;
    if (said.code) {
        value.code = *said.code;
    } else if (!said.is_exception) {
        const auto& code = defaults.is_configured && import.code ? import.code : defaults.code;
        value.code = code.value_or(net::Ipv4{});
    }
    const auto until = said.until ? said.until : import.expiry.until;
    value.until_seconds = until ? until->seconds : 0;
    value.is_exception = said.is_exception;
    value.text = reason_said(import, said);
    return value;
}

ValueNumbers::ValueNumbers(const store::Transaction* transaction, const Catalogue& catalogue,
                           const Import& import, const EntryDefaults& defaults)
    : transaction_(transaction),
      catalogue_(catalogue),
      import_(import),
      defaults_(defaults),
      numbers_(import.list.statements.size()) {
    if (transaction != nullptr) {
        const std::uint64_t next = store::meta_number(*transaction, store::meta_key::kNextValue);
        first_new_ = std::max<std::uint32_t>(1, static_cast<std::uint32_t>(next));
    }
}

std::optional<std::uint32_t> ValueNumbers::find(const SaidValue& said,
                                                std::optional<LayerId> layer) const {
    const auto known_class = said.listing_class.empty() ? std::optional{kFeedsClass}
                                                        : catalogue_.class_id(said.listing_class);
    if (transaction_ == nullptr || !layer || !known_class) {
        return std::nullopt;
    }
    return find_value(*transaction_, {*layer, *known_class, said.code, said.until_seconds,
                                      said.is_exception, said.text});
}

std::uint32_t ValueNumbers::find_or_add(std::uint32_t statement, std::size_t data_set,
                                        std::optional<LayerId> layer) {
    const SaidValue said = said_value(import_, import_.list.statements[statement], defaults_);
    if (const auto known = find(said, layer)) {
        return *known;
    }
    store::Encoder content;
    content.number(data_set)
        .text(said.listing_class)
        .number(said.code.bits)
        .number(static_cast<std::uint64_t>(said.until_seconds))
        .flag(said.is_exception)
        .text(said.text);
    const auto next = static_cast<std::uint32_t>(first_new_ + new_values_.size());
    const auto [found, is_new] = by_content_.emplace(content.take(), next);
    if (is_new) {
        new_values_.push_back({statement, data_set});
    }
    return found->second;
}

}  // namespace ostrakon::policy
