// Stands in for systemd: takes what a service says over NOTIFY_SOCKET (sd_notify(3)).
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace ostrakon::test {

class NotifyReceiver {
public:
    NotifyReceiver();

    /// The value for the child's NOTIFY_SOCKET.
    std::string address() const { return address_; }
    /// Takes messages until one has `line` ("READY=1") among its lines, and returns that message;
    /// empty when patience ran out.
    std::string wait_for(std::string_view line, std::chrono::milliseconds patience = kPatience);

private:
    TemporaryDirectory directory_;
    std::string address_;
    FileDescriptor socket_;
};

}  // namespace ostrakon::test
