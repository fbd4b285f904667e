#include "ostrakon/config/shipped_file.hpp"

#include <fmt/format.h>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace ostrakon::config {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::filesystem::path shipped_file(const Settings& settings, const std::string& name) {
    std::error_code error;
    fs::path beside = settings.file.parent_path() / name;
    // What is there and cannot be read is not passed over: reading it says why.
    if (!settings.file.empty() &&
        fs::symlink_status(beside, error).type() != fs::file_type::not_found) {
        return beside;
    }
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    const fs::path prefix = error ? fs::path{"/usr"} : program.parent_path().parent_path();
    return prefix / "share" / "ostrakon" / name;
}

Result<std::string> read_data_file(const std::filesystem::path& file, std::size_t size_max) {
    const auto cannot = [&file](std::string why) {
        return Unexpected{Error{ErrorCode::Usage, "read " + file.string(), std::move(why),
                                "it comes with the program; one beside ostrakon.toml is taken "
                                "in its place"}};
    };
    std::ifstream stream{file, std::ios::binary};
    if (!stream.is_open()) {
        return cannot(std::strerror(errno));
    }
    std::string bytes(size_max + 1, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) {
        return cannot("it cannot be read");
    }
    if (bytes.size() > size_max) {
        return cannot(fmt::format("has more than {} bytes", size_max));
    }
    return bytes;
}

}  // namespace ostrakon::config
