// A machine of its own for tests with mail software: a network where every port is free, and
// Debian's programs laid over /usr, /etc and /var, as if they were installed.
//
// tools/test unpacks the packages of [mail] in tools/packages.txt; nothing of them is installed, so
// that packages which exclude each other lie side by side, and no service is ever started.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ostrakon::test {

/// Moves this process there, for the rest of its life; calling it again does nothing. Returns why
/// that cannot be had, or nothing. Throws std::runtime_error where the packages were not unpacked.
/// To be called before this process has threads.
std::string enter_own_machine();

/// Gives the loopback interface one more address, from which a client can come. IPv4 and IPv6.
void add_address(const std::string& address);

/// Writes a file of the machine; only this process and its children see it.
void write_machine_file(const std::filesystem::path& file, std::string_view text);

/// Makes a directory of the machine that belongs to a user, where it is not there yet.
void make_directory_of(const std::filesystem::path& directory, const std::string& user);

}  // namespace ostrakon::test
