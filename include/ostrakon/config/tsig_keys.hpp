// The [[tsig]] keys with their secrets, which only the server reads: it starts as root, and reads
// them again as its own user.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/tsig/key.hpp"

#include <string>
#include <vector>

namespace ostrakon::config {

struct SiteKey {
    std::string
        zone;  ///< The zone in whose file it stands, which alone may use it; empty: all may.
    tsig::Key key;
};

struct SiteKeys {
    std::vector<SiteKey> keys;
    std::vector<std::string> warnings;
};

/// Reads the file of every key: one secret in base64, in a file that nobody but its owner may read.
/// Every mistake is in the error, a line each; no secret ever is.
Result<SiteKeys> read_tsig_keys(const Settings& settings, const Zones& zones);

}  // namespace ostrakon::config
