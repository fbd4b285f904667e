// Reading the catalogue of feeds together with other files, whose problems it shares.
#pragma once

#include "ostrakon/config/feed_catalogue.hpp"
#include "problems.hpp"

#include <filesystem>

namespace ostrakon::config {

FeedCatalogue read_feed_catalogue(const std::filesystem::path& file, Problems& problems);

}  // namespace ostrakon::config
