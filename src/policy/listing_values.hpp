// Which of the values of a list and its feed list something, and which except it. Included by this
// module's sources only.
#pragma once

#include "canaries.hpp"
#include "feed_comparison.hpp"
#include "feed_settings.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <cstdint>
#include <string>

namespace ostrakon::policy {

/// Says of the values of a list that is compared whether they list what they are about. All that it
/// is given outlives it.
class ListingValues {
public:
    ListingValues(const store::Transaction* transaction, const Catalogue& catalogue,
                  const config::Settings& settings, const Import& import,
                  const FeedComparison& comparison)
        : transaction_(transaction),
          catalogue_(catalogue),
          import_(import),
          comparison_(comparison) {
        const config::FeedSettings* configured = feed_settings(settings, import.source);
        const Feed* known = catalogue.feed(import.source);
        class_ = configured != nullptr           ? configured->listing_class
                 : !import.listing_class.empty() ? import.listing_class
                 : known != nullptr              ? known->listing_class
                                                 : "";
    }
    bool operator()(std::uint32_t value) const {
        if (value >= comparison_.first_new_value) {
            const NewValue& fresh = comparison_.new_values[value - comparison_.first_new_value];
            const SaidValue said =
                said_value(import_, import_.list.statements[fresh.statement], comparison_.defaults);
            return !said.is_exception &&
                   (said.listing_class.empty() ? class_ : said.listing_class) != zone::kAllowClass;
        }
        return transaction_ != nullptr && value_lists(*transaction_, catalogue_, class_, value);
    }

private:
    const store::Transaction* transaction_;
    const Catalogue& catalogue_;
    const Import& import_;
    const FeedComparison& comparison_;
    std::string class_;  // of the feed
};

}  // namespace ostrakon::policy
