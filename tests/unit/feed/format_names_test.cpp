// The formats that the configuration takes are those that are read here.
#include "ostrakon/config/feed_catalogue.hpp"
#include "ostrakon/feed/list.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <string>

namespace ostrakon::feed {
namespace {

bool is_known(std::string_view format) {
    const std::string_view name = format.substr(0, format.find(':'));
    const auto names = format_names();
    return std::any_of(names.begin(), names.end(), [name](const FormatName& known) {
        return known.name.substr(0, known.name.find(':')) == name;
    });
}

TEST(FormatNames, CoverTheCatalogueOfFeeds) {
    const auto catalogue = config::read_feed_catalogue(config::default_settings());
    ASSERT_TRUE(catalogue) << message(catalogue.error());
    EXPECT_FALSE(catalogue->feeds().empty());
    for (const config::FeedSettings& feed : catalogue->feeds()) {
        EXPECT_TRUE(feed.format.empty() || is_known(feed.format))
            << feed.name << ": " << feed.format;
    }
}

}  // namespace
}  // namespace ostrakon::feed
