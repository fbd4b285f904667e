#include "mail/own_machine.hpp"

#include "support/own_network.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <pwd.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;

// Whom the packages would have added.
constexpr std::string_view kUsers =
    "postfix:x:60001:60001::/var/spool/postfix:/usr/sbin/nologin\n"
    "Debian-exim:x:60003:60003::/var/spool/exim4:/usr/sbin/nologin\n"
    "debian-spamd:x:60004:60004::/var/lib/spamassassin:/bin/sh\n"
    "_rspamd:x:60005:60005::/var/lib/rspamd:/usr/sbin/nologin\n";
constexpr std::string_view kGroups =
    "postfix:x:60001:\npostdrop:x:60002:\nDebian-exim:x:60003:\ndebian-spamd:x:60004:\n"
    "_rspamd:x:60005:\n";

// What is written on this machine, for as long as the process lives.
class Scratch {
public:
    ~Scratch() { ::umount2(path().c_str(), MNT_DETACH); }
    const fs::path& path() const { return directory_.path(); }

private:
    TemporaryDirectory directory_;
};

bool lay_over(const fs::path& programs, const fs::path& scratch, const std::string& name) {
    const fs::path upper = scratch / name / "upper";
    const fs::path work = scratch / name / "work";
    fs::create_directories(upper);
    fs::create_directories(work);
    const std::string options =
        fmt::format("lowerdir={}:/{},upperdir={},workdir={}", (programs / name).string(), name,
                    upper.string(), work.string());
    return ::mount("overlay", ("/" + name).c_str(), "overlay", 0, options.c_str()) == 0;
}

void append(const char* file, std::string_view text) {
    std::ofstream{file, std::ios::app} << text;
}

}  // namespace

std::string enter_own_machine() {
    static bool has_entered = false;
    if (has_entered) {
        return {};
    }
    const fs::path programs = OSTRAKON_MAIL_PROGRAMS;
    if (!fs::exists(programs / "usr/sbin/postfix")) {
        throw std::runtime_error(
            fmt::format("the mail software is needed, and not in {}: tools/test unpacks it",
                        programs.string()));
    }
    if (::geteuid() != 0) {
        return "mail servers are started as root, which this is not";
    }
    if (std::string why_not = enter_own_network(); !why_not.empty()) {
        return why_not;
    }
    const auto fail = [](const char* what) {
        return fmt::format("{} cannot be made here: {}", what, std::strerror(errno));
    };
    static const Scratch scratch;
    if (::unshare(CLONE_NEWNS) != 0) {
        return fail("a mount namespace");
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", scratch.path().c_str(), "tmpfs", 0, "mode=755") != 0) {
        return fail("a file system of its own");
    }
    for (const char* name : {"usr", "etc", "var"}) {
        if (!lay_over(programs, scratch.path(), name)) {
            return fail("an overlay");
        }
    }
    if (::mount("none", "/run", "tmpfs", 0, "mode=755") != 0) {
        return fail("a /run of its own");
    }
    append("/etc/passwd", kUsers);
    append("/etc/group", kGroups);
    write_machine_file("/etc/resolv.conf", "nameserver 127.0.0.1\n");
    write_machine_file("/etc/hosts", "127.0.0.1 localhost\n");
    has_entered = true;
    return {};
}

void add_address(const std::string& address) {
    const bool is_ipv6 = address.find(':') != std::string::npos;
    const ProcessResult added =
        is_ipv6 ? run({"ip", "-6", "address", "replace", address + "/128", "dev", "lo", "nodad"})
                : run({"ip", "address", "replace", address + "/32", "dev", "lo"});
    if (added.status != 0) {
        throw std::runtime_error(fmt::format("ip address add {}: {}", address, added.errors));
    }
}

void write_machine_file(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    fs::remove(file);  // it may be a symbolic link
    std::ofstream stream{file};
    stream << text;
    stream.close();
    if (stream.fail()) {
        throw std::runtime_error("write " + file.string());
    }
}

void make_directory_of(const fs::path& directory, const std::string& user) {
    fs::create_directories(directory);
    const passwd* const entry = ::getpwnam(user.c_str());
    if (entry == nullptr || ::chown(directory.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
        throw std::runtime_error(fmt::format("give {} to {}", directory.string(), user));
    }
}

}  // namespace ostrakon::test
