// Writes large text files.
#pragma once

#include <fmt/format.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace ostrakon::bench {

class TextFile {
public:
    explicit TextFile(const std::filesystem::path& path) : path_(path), file_(path) {}
    TextFile(const TextFile&) = delete;
    TextFile& operator=(const TextFile&) = delete;
    ~TextFile() { flush(); }

    template <class... Values>
    void print(fmt::format_string<Values...> format, Values&&... values) {
        fmt::format_to(std::back_inserter(waiting_), format, std::forward<Values>(values)...);
        if (waiting_.size() > kWaitingMax) {
            flush();
        }
    }
    /// Has everything in the file. Throws std::runtime_error where that cannot be.
    void finish() {
        flush();
        if (!file_.flush()) {
            throw std::runtime_error("cannot write " + path_.string());
        }
    }

private:
    static constexpr std::size_t kWaitingMax = std::size_t{1} << 20;

    void flush() {
        file_.write(waiting_.data(), static_cast<std::streamsize>(waiting_.size()));
        waiting_.clear();
    }

    std::filesystem::path path_;
    std::ofstream file_;
    fmt::memory_buffer waiting_;
};

}  // namespace ostrakon::bench
