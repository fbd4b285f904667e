#include "ostrakon/server/readiness.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

namespace ostrakon::server {

void notify_ready(const std::string& status) {
    sd_notify(0, fmt::format("READY=1\nMAINPID={}\nSTATUS={}", ::getpid(), status).c_str());
}

void notify_reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const long long microseconds = now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the configuration",
                             microseconds)
                     .c_str());
}

void notify_stopping() {
    sd_notify(0, "STOPPING=1\nSTATUS=stopping");
}

}  // namespace ostrakon::server
