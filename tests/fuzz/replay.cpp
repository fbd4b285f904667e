// Runs a fuzz target over files, in place of libFuzzer: each argument is a file or a directory of
// them. Works with any compiler, so that what a fuzzer has found stays found.
#include "target.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

using Path = std::filesystem::path;

std::vector<Path> files_of(const Path& place) {
    std::vector<Path> files;
    if (std::filesystem::is_directory(place)) {
        for (const auto& entry : std::filesystem::directory_iterator(place)) {
            files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
    } else {
        files.push_back(place);
    }
    return files;
}

// In a vector of its own size, so that reading behind its end is seen.
std::vector<std::uint8_t> bytes_of(const Path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        fmt::print(stderr, "replay: {} cannot be read\n", file.string());
        std::exit(1);
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t replayed = 0;
    for (int i = 1; i < count; ++i) {
        for (const Path& file : files_of(arguments[i])) {
            fmt::print(stderr, "{}\n", file.string());  // the last line names what broke it
            const std::vector<std::uint8_t> bytes = bytes_of(file);
            LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
            ++replayed;
        }
    }
    fmt::print("{} inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
