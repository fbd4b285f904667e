#include "directory.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <system_error>

namespace ostrakon::config {

Expected<std::vector<std::filesystem::path>, std::string> toml_files_of(
    const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    std::filesystem::directory_iterator entry{directory, error};
    if (error == std::errc::no_such_file_or_directory) {
        return files;
    }
    while (!error && entry != std::filesystem::directory_iterator{}) {
        const std::filesystem::path& path = entry->path();
        if (path.extension() == ".toml" && !path.filename().string().starts_with('.')) {
            files.push_back(path);
        }
        if (files.size() > kFilesMax) {
            return Unexpected{fmt::format("has more than {} files", kFilesMax)};
        }
        entry.increment(error);
    }
    if (error) {
        return Unexpected{"cannot be read: " + error.message()};
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace ostrakon::config
