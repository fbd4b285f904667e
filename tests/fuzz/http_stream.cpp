// Property: whatever bytes come over a connection, requests that are handed over keep the bounds,
// and what goes back is a sequence of answers of known statuses; an honest client is served then.
#include "target.hpp"

#include "ostrakon/http/listening.hpp"
#include "ostrakon/http/server.hpp"
#include "support/http_client.hpp"
#include "support/temporary_directory.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace {

using namespace ostrakon;
using fuzz::require;

constexpr http::Limits kLimits{.connections_max = 8,
                               .head_size_max = 2048,
                               .body_size_max = 512,
                               .held_size_max = 4096,
                               .arrival_max = std::chrono::milliseconds(200)};
constexpr std::size_t kHeadersMax = 64;
constexpr std::size_t kAnswerSizeMax = 64;
constexpr auto kStatuses = std::to_array<std::string_view>(
    {"100", "200", "400", "413", "414", "431", "501", "503", "505"});

http::Response handled(const http::Request& request) {
    require(request.body.size() <= kLimits.body_size_max, "the bound of a body");
    require(request.headers.size() <= kHeadersMax, "the bound of headers");
    std::size_t lengths = 0;
    for (const auto& [name, value] : request.headers) {
        lengths += name == "Content-Length" || name == "Transfer-Encoding" ? 1U : 0U;
        require(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
    }
    require(lengths <= 1, "one way to say where a body ends");
    require(request.path.find_first_of("\r\n ?") == std::string::npos, "a path is one word");
    return {.body = std::string(std::min(request.path.size(), kAnswerSizeMax), 'x')};
}

class Served {
public:
    Served() {
        auto listening = http::listen_on(path());
        require(listening.has_value(), "it can listen");
        auto server = http::Server::start(
            {.socket = std::move(listening->socket), .handler = handled, .limits = kLimits});
        require(server.has_value(), "it starts");
        server_ = std::move(*server);
    }
    std::string path() const { return (directory_.path() / "s").string(); }

    std::string answer_to(std::string_view bytes) const {
        const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        std::strncpy(name.sun_path, path().c_str(), sizeof name.sun_path - 1);
        require(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0,
                "it can be reached");
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                break;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        ::shutdown(socket.get(), SHUT_WR);
        std::string answer;
        std::array<char, 16384> part{};
        for (ssize_t size = 1; size > 0;) {
            pollfd watched{socket.get(), POLLIN, 0};
            constexpr int kPatienceMs = 20000;  // where others want the CPU
            const int ready = ::poll(&watched, 1, kPatienceMs);
            if (ready < 0 && errno == EINTR) {  // libFuzzer's clock
                continue;
            }
            require(ready > 0, "a connection ends");
            size = ::recv(socket.get(), part.data(), part.size(), 0);
            answer.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        }
        return answer;
    }

private:
    const test::TemporaryDirectory directory_;
    std::unique_ptr<http::Server> server_;
};

// One answer after another; the last one may be cut off.
void check(std::string_view stream) {
    while (!stream.empty()) {
        require(stream.starts_with("HTTP/1."), "an answer begins as one");
        const std::size_t end = stream.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            return;
        }
        const std::string_view head = stream.substr(0, end);
        const std::string_view status = head.substr(head.find(' ') + 1, 3);
        require(std::find(kStatuses.begin(), kStatuses.end(), status) != kStatuses.end(), status);
        stream.remove_prefix(end + 4);
        const std::size_t next = stream.find("HTTP/1.");
        stream.remove_prefix(std::min(next, stream.size()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const Served served;
    check(served.answer_to(fuzz::as_text(bytes, size)));
    static unsigned count = 0;
    constexpr unsigned kHonestEach = 64;
    if (++count % kHonestEach == 0) {
        require(test::http_get(std::filesystem::path(served.path()), "/").status == 200,
                "an honest client is served");
    }
    return 0;
}
