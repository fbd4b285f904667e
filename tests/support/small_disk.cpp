#include "support/small_disk.hpp"

#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>

namespace ostrakon::test {
namespace {

std::string size_option(unsigned size_kib) {
    return "size=" + std::to_string(size_kib) + "k";
}

}  // namespace

std::unique_ptr<SmallDisk> SmallDisk::mount(const std::filesystem::path& directory,
                                            unsigned size_kib, std::string& why_not) {
    const auto fail = [&why_not](const char* what) {
        why_not = std::string(what) + ": " + std::strerror(errno);
        return nullptr;
    };
    if (unshare(CLONE_NEWNS) != 0) {
        return fail("a mount namespace of its own");
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
        return fail("keep mounts to itself");
    }
    if (::mount("none", directory.c_str(), "tmpfs", 0, size_option(size_kib).c_str()) != 0) {
        return fail("mount a tmpfs");
    }
    return std::unique_ptr<SmallDisk>(new SmallDisk(directory));
}

SmallDisk::~SmallDisk() {
    umount2(directory_.c_str(), MNT_DETACH);
}

bool SmallDisk::resize(unsigned size_kib) const {
    return ::mount("none", directory_.c_str(), "tmpfs", MS_REMOUNT,
                   size_option(size_kib).c_str()) == 0;
}

}  // namespace ostrakon::test
