// Name servers that hand out whole zones: Knot DNS, which signs each message, and NSD, which does
// not.
#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ostrakon::test {

enum class ZoneServerKind : std::uint8_t { Knot, Nsd };

class ZoneServer {
public:
    static bool is_installed(ZoneServerKind kind);

    /// Serves rpz.example.org, to anybody; or to who has kKey alone. Throws std::runtime_error
    /// where it does not start.
    ZoneServer(ZoneServerKind kind, std::string_view zone, bool needs_key);
    ~ZoneServer();

    /// From now on this one.
    void serve(std::string_view zone);

    /// "127.0.0.1:5300"
    std::string endpoint() const;
    static constexpr const char* kKey =
        "hmac-sha256:transfer.example.org:c2VjcmV0IG9mIHRoZSB0ZXN0LCBub3QgYSBiaXQgbGVzcy4=";

private:
    std::string configuration() const;

    ZoneServerKind kind_;
    bool needs_key_;
    TemporaryDirectory directory_;
    std::uint16_t port_ = 0;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
