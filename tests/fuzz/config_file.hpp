// A file of the configuration that holds what the fuzzer wants, in a directory of its own.
#pragma once

#include "target.hpp"

#include "ostrakon/config/settings.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ostrakon::fuzz {

class ConfigFile {
public:
    explicit ConfigFile(std::filesystem::path relative) : relative_(std::move(relative)) {}

    std::filesystem::path path() const { return directory_.path() / relative_; }
    std::string directory() const { return directory_.path().string(); }
    void write(std::string_view bytes) const { directory_.write(relative_, bytes); }

    /// An ostrakon.toml beside it, which has no mistakes.
    config::Settings settings(std::string_view text) const {
        directory_.write("partner.key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
        std::filesystem::permissions(directory_.path() / "partner.key",
                                     std::filesystem::perms::owner_read);
        auto read = config::read_settings(directory_.write("ostrakon.toml", text));
        require(read.has_value(), read ? "" : message(read.error()));
        return std::move(*read);
    }

private:
    test::TemporaryDirectory directory_;
    std::filesystem::path relative_;
};

/// A refusal is the operator's to mend: it has lines, each of which names a place, or counts what
/// is left out; and nothing in it can play tricks on a terminal.
inline void require_places(const Error& error, const std::string& directory) {
    require(error.code == ErrorCode::Usage, "a mistake in a file is one of usage");
    const std::string text = message(error);
    require(text.find(directory) != std::string::npos, "a mistake names its file");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        require(c == '\n' || (byte >= 0x20 && byte != 0x7F), "a message is printable");
    }
}

}  // namespace ostrakon::fuzz
