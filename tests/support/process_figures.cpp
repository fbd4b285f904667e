#include "support/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ostrakon::test {
namespace {

std::ifstream open(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error("cannot read " + file.string());
    }
    return in;
}

std::size_t anonymous_kib_in(std::ifstream status) {
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) {
            return std::stoul(line.substr(line.find(':') + 1));
        }
    }
    throw std::runtime_error("/proc/PID/status has no RssAnon");
}

// proc(5): the fields behind the name, which is in parentheses and may hold anything.
std::chrono::milliseconds cpu_in(std::ifstream stat) {
    constexpr int kFieldsBeforeTimes = 11;
    const std::string text{std::istreambuf_iterator<char>(stat), {}};
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < kFieldsBeforeTimes; ++i) {
        fields >> skipped;
    }
    long user = 0;
    long system = 0;
    fields >> user >> system;
    return std::chrono::milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessFigures figures_of(pid_t process) {
    const std::filesystem::path directory = "/proc/" + std::to_string(process);
    ProcessFigures figures;
    figures.descriptors = static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory / "fd"), {}));
    figures.anonymous_kib = anonymous_kib_in(open(directory / "status"));
    figures.cpu = cpu_in(open(directory / "stat"));
    return figures;
}

std::size_t raise_descriptor_limit(std::size_t count) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        throw std::runtime_error("getrlimit");
    }
    if (limit.rlim_cur < count) {
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, count);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}

}  // namespace ostrakon::test
