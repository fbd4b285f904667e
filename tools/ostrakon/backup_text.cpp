#include "backup_text.hpp"

#include "output.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {

std::string figures_text(const policy::BackupFigures& figures) {
    return fmt::format(
        "{}, {}, {}, {} with {}", counted(figures.own_listings, "own ban", "own bans"),
        counted(figures.own_allows, "own allow", "own allows"),
        counted(figures.history, "ended listing", "ended listings"),
        counted(figures.feeds, "feed", "feeds"), counted(figures.feed_entries, "entry", "entries"));
}

}  // namespace ostrakon::tool
