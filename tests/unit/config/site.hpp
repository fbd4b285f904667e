// A site's configuration in a directory of its own, written and read by the tests of config/.
#pragma once

#include "ostrakon/config/settings.hpp"

#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::config {

/// What reading gave: a value and its warnings, or the lines of the error. Paths are relative to
/// the site's directory.
template <class T>
struct Outcome {
    std::optional<T> value;
    std::vector<std::string> mistakes;
    std::vector<std::string> warnings;
};

class Site {
public:
    explicit Site(std::string_view settings = "") { directory_.write("ostrakon.toml", settings); }

    const std::filesystem::path& path() const { return directory_.path(); }

    Site& file(const std::filesystem::path& relative, std::string_view text) {
        directory_.write(relative, text);
        return *this;
    }

    Outcome<Settings> settings() const {
        auto read = read_settings(path() / "ostrakon.toml");
        if (!read) {
            return {std::nullopt, lines(read.error()), {}};
        }
        auto warnings = without_directory(read->warnings);
        return {std::move(*read), {}, std::move(warnings)};
    }

    Outcome<Zones> zones() const {
        const auto read_first = read_settings(path() / "ostrakon.toml");
        if (!read_first) {
            ADD_FAILURE() << message(read_first.error());
            return {};
        }
        auto read = read_zones(*read_first);
        if (!read) {
            return {std::nullopt, lines(read.error()), {}};
        }
        auto warnings = without_directory(read->warnings);
        return {std::move(*read), {}, std::move(warnings)};
    }

private:
    std::vector<std::string> without_directory(std::vector<std::string> lines) const {
        const std::string directory = path().string() + "/";
        for (std::string& line : lines) {
            for (auto at = line.find(directory); at != std::string::npos;
                 at = line.find(directory)) {
                line.erase(at, directory.size());
            }
        }
        return lines;
    }

    std::vector<std::string> lines(const Error& error) const {
        EXPECT_EQ(error.code, ErrorCode::Usage);
        std::vector<std::string> split;
        const std::string text = message(error);
        std::size_t start = 0;
        while (start <= text.size()) {
            const auto end = std::min(text.find('\n', start), text.size());
            split.push_back(text.substr(start, end - start));
            start = end + 1;
        }
        return without_directory(split);
    }

    test::TemporaryDirectory directory_;
};

}  // namespace ostrakon::config
