// A small file that is old or new, whole, and is refused where it is damaged: a magic word, a hash
// of the content, the content.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::hits {

/// What tells a kind of file from others.
struct Seal {
    std::string_view magic;
    std::size_t size_max = 0;  ///< Of the content, bytes.
    std::string_view what;     ///< In words, for errors: "the counts of hits".
};

/// Against what disks do, not against people. The same for all time.
std::uint64_t hash_of(std::string_view bytes) noexcept;

/// What is said of a file whose content is none.
Error damaged_file(std::string_view what, const std::filesystem::path& file, std::string why);

/// The content; nothing: there is no file. Errors: Usage (damaged), System.
Result<std::optional<std::string>> read_sealed(const std::filesystem::path& file, const Seal& seal);

/// At every moment there is the old file or the new one, whole.
Result<Done> write_sealed(const std::filesystem::path& file, const Seal& seal,
                          std::string_view content);

}  // namespace ostrakon::hits
