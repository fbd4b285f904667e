// A file system of a given size, in memory, that only this process and its children see.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace ostrakon::test {

class SmallDisk {
public:
    /// Lays it over a directory. Null where that is not possible (it needs root and mount
    /// namespaces); `why_not` then says why. Threads that run already do not see it.
    static std::unique_ptr<SmallDisk> mount(const std::filesystem::path& directory,
                                            unsigned size_kib, std::string& why_not);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// Makes room; true if that was done.
    bool resize(unsigned size_kib) const;

private:
    explicit SmallDisk(std::filesystem::path directory) : directory_(std::move(directory)) {}
    std::filesystem::path directory_;
};

}  // namespace ostrakon::test
