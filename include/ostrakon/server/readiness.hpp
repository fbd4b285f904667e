// What the server tells systemd about itself (sd_notify(3)). Without systemd each of these does
// nothing.
#pragma once

#include <string>

namespace ostrakon::server {

/// Serving, also after a reload; `status` is the line that `systemctl status` shows.
void notify_ready(const std::string& status);
void notify_reloading();
void notify_stopping();

}  // namespace ostrakon::server
