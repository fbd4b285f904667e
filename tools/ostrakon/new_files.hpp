// Files and directories that a command makes, and takes back if it does not come to its end.
#pragma once

#include "ostrakon/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tool {

/// Remembers what it has made, and removes it again unless keep() is called. Never overwrites.
class NewFiles {
public:
    NewFiles() = default;
    NewFiles(const NewFiles&) = delete;
    NewFiles& operator=(const NewFiles&) = delete;
    ~NewFiles();

    /// Writes a file, with the directories it needs, where there is none. True: it was made.
    Result<bool> write(const std::filesystem::path& file, std::string_view text);

    /// Makes the directory of a database, for its owner and group alone, where there is none. As
    /// root, it is given to `user` if there is one.
    Result<Done> make_database_directory(const std::filesystem::path& directory,
                                         const std::string& user);

    void keep() { made_.clear(); }

private:
    Result<Done> make_directories(const std::filesystem::path& directory);

    std::vector<std::filesystem::path> made_;
};

}  // namespace ostrakon::tool
