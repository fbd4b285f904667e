// A web server that does what no sound one does: it breaks off, lies, goes on for ever, says
// nothing.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ostrakon::test {

class RudeWebServer {
public:
    /// One connection, whose request was read.
    class Client {
    public:
        Client(int socket, int stop) : socket_(socket), stop_(stop) {}
        /// False when the client, or the server, has had enough.
        bool send(std::string_view bytes) const;
        /// Returns when the client, or the server, has had enough.
        void wait() const;

    private:
        int socket_, stop_;
    };

    /// `answer` writes what it wants; then the connection is closed. One client at a time.
    explicit RudeWebServer(std::function<void(const Client&)> answer);
    ~RudeWebServer();
    RudeWebServer(const RudeWebServer&) = delete;
    RudeWebServer& operator=(const RudeWebServer&) = delete;

    /// "http://127.0.0.1:8080" and `path`.
    std::string url(std::string_view path) const;
    /// The heads of the requests so far.
    std::vector<std::string> requests() const;

private:
    void run();

    std::function<void(const Client&)> answer_;
    FileDescriptor socket_, stop_reading_, stop_writing_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace ostrakon::test
