// The catalogue of feeds, and a [[feed]] over each that it has: a mistake names its place, and what
// is taken is as it says.
#include "ostrakon/config/feed_catalogue.hpp"

#include "fuzz/config_file.hpp"
#include "ostrakon/base/printable.hpp"

namespace ostrakon {
namespace {

using fuzz::require;

void check_entry(const config::FeedSettings& feed) {
    require(!feed.name.empty(), "an entry has a name");
    require(feed.every.seconds >= feed.every_least.seconds, "every is not below its floor");
    require(feed.max_covered >= 0 && feed.max_covered <= 1, "max_covered is a share");
    require(feed.max_width_ipv4 >= 0 && feed.max_width_ipv4 <= 32 && feed.max_width_ipv6 >= 0 &&
                feed.max_width_ipv6 <= 128,
            "widths are lengths of prefixes");
    for (const std::string* text :
         {&feed.title, &feed.terms, &feed.attribution, &feed.note, &feed.homepage}) {
        constexpr std::size_t kAny = 1 << 20;
        require(printable(*text, kAny) == *text, "texts are fit to be shown");
    }
}

}  // namespace
}  // namespace ostrakon

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace ostrakon;
    static const fuzz::ConfigFile file{"feeds.toml"};
    file.write(fuzz::as_text(bytes, size));
    const config::Settings settings = file.settings("");
    const auto catalogue = config::read_feed_catalogue(settings);
    if (!catalogue) {
        fuzz::require_places(catalogue.error(), file.directory());
        return 0;
    }
    for (const config::FeedSettings& feed : catalogue->feeds()) {
        check_entry(feed);
        require(catalogue->find(feed.name) == &feed, "a name stands once");
    }
    return 0;
}
