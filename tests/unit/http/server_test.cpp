// The HTTP server, asked by clients that behave and by those that do not.
#include "ostrakon/http/server.hpp"

#include "ostrakon/http/listening.hpp"
#include "support/http_client.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <future>
#include <stdexcept>
#include <vector>

namespace ostrakon::http {
namespace {

using test::http_get;
using test::http_post;
using test::HttpConnection;
using test::HttpReply;

constexpr net::Ipv4 kLocalhost{0x7F000001};

Response echo(const Request& request) {
    const char* method = request.method == Method::Get    ? "get"
                         : request.method == Method::Post ? "post"
                                                          : "other";
    return {.body = fmt::format("{}|{}|{}|{}", method, request.path, request.query, request.body),
            .headers = {{"X-Agent", std::string(request.header("user-agent"))}}};
}

class HttpServer : public testing::Test {
protected:
    void start(Handler handler, Limits limits = {}, std::size_t threads = 1) {
        auto listening = listen_on(kLocalhost, 0);
        ASSERT_TRUE(listening) << message(listening.error());
        port_ = listening->port;
        auto server = Server::start({.socket = std::move(listening->socket),
                                     .handler = std::move(handler),
                                     .limits = limits,
                                     .threads = threads});
        ASSERT_TRUE(server) << message(server.error());
        server_ = std::move(*server);
    }
    const ServerCounters& counters() const { return server_->counters(); }
    std::uint16_t port() const { return port_; }
    void stop() { server_.reset(); }

private:
    std::uint16_t port_ = 0;
    std::unique_ptr<Server> server_;
};

TEST_F(HttpServer, HandsOverWhatWasSentAndSendsWhatIsAnswered) {
    start(echo, {.body_size_max = 100});
    const HttpReply got = http_get(port(), "/why/a%20b?x=1&y=%zz", "User-Agent: test\r\n");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "get|/why/a%20b|x=1&y=%zz|");
    EXPECT_EQ(got.headers.at("x-agent"), "test");
    EXPECT_EQ(got.headers.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(http_post(port(), "/", "a=b&c").body, "post|/||a=b&c");
    EXPECT_EQ(counters().requests, 2U);
}

TEST_F(HttpServer, AnswersSeveralRequestsOfOneConnection) {
    start(echo);
    HttpConnection connection(port());
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(connection.send(fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", i)));
        EXPECT_EQ(connection.read().body, fmt::format("get|/{}||", i));
    }
    EXPECT_EQ(counters().accepted, 1U);
}

TEST_F(HttpServer, SendsHeadWithoutTheBody) {
    start(echo);
    HttpConnection connection(port());
    connection.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const HttpReply head = connection.read();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-length"), "7");
    EXPECT_EQ(head.body, "");
}

TEST_F(HttpServer, RefusesWhatIsNoRequest) {
    start(echo, {.head_size_max = 4096, .body_size_max = 100});
    EXPECT_EQ(http_post(port(), "/", std::string(101, 'x')).status, 413);
    EXPECT_EQ(http_post(port(), "/", std::string(100, 'x')).status, 200);
    EXPECT_GE(http_get(port(), "/" + std::string(8000, 'x')).status, 400);
    EXPECT_GE(http_get(port(), "/", "X: " + std::string(8000, 'x') + "\r\n").status, 400);
    HttpConnection without_host(port());
    without_host.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(without_host.read().status, 400);
    HttpConnection longer_than_said(port());
    longer_than_said.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" +
                          std::string(255, 'x') + "\r\n0\r\n\r\n");
    EXPECT_EQ(longer_than_said.read().status, 413);
}

TEST_F(HttpServer, EndsTheConnectionWhereItIsNotClearWhereARequestEnds) {
    start(echo, {.body_size_max = 100});
    for (const char* lines :
         {"Content-Length: 3\r\nContent-Length: 30\r\n", "Transfer-Encoding: identity\r\n",
          "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
          "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n"}) {
        HttpConnection connection(port());
        connection.send(
            fmt::format("POST / HTTP/1.1\r\nHost: a\r\n{}\r\n0\r\n\r\n"
                        "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
                        lines));
        EXPECT_GE(connection.read().status, 400) << lines;
        EXPECT_TRUE(connection.is_closed()) << lines;
    }
    EXPECT_EQ(counters().requests, 0U);
}

TEST_F(HttpServer, ForgetsNoHeaderSilently) {
    start(echo);
    std::string many;
    for (int i = 0; i < 61; ++i) {
        many += fmt::format("X-{}: y\r\n", i);
    }
    const HttpReply last = http_get(port(), "/", many + "User-Agent: last\r\n");  // and two more
    EXPECT_EQ(last.status, 200);
    EXPECT_EQ(last.headers.at("x-agent"), "last");
    EXPECT_EQ(http_get(port(), "/", many + "X: y\r\nUser-Agent: last\r\n").status, 431);
}

TEST_F(HttpServer, TakesTheAddressOfAServerFromATarget) {
    start(echo);
    EXPECT_EQ(http_get(port(), "http://evil.example/why?x").body, "get|/why|x|");
}

TEST_F(HttpServer, HoldsNoMoreThanItsBoundOfAllTogether) {
    std::promise<void> entered;
    std::promise<void> release;
    std::shared_future<void> released(release.get_future());
    start(
        [&](const Request& request) {
            if (request.path == "/first") {
                entered.set_value();
                released.wait();
            }
            return Response{};
        },
        {.body_size_max = 1000, .held_size_max = 1500}, 2);
    HttpConnection first(port());
    first.send("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 800\r\n\r\n" +
               std::string(800, 'x'));
    entered.get_future().wait();
    const HttpReply refused = http_post(port(), "/", std::string(701, 'x'));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.headers.at("retry-after"), "5");
    EXPECT_EQ(counters().too_busy, 1U);
    EXPECT_EQ(http_post(port(), "/", std::string(700, 'x')).status, 200);
    release.set_value();
    EXPECT_EQ(first.read().status, 200);
    // What it held is free again.
    EXPECT_EQ(http_post(port(), "/", std::string(1000, 'x')).status, 200);
}

TEST_F(HttpServer, SendsNoAnswerThatIsMoreThanItMayHold) {
    start([](const Request&) { return Response{.body = std::string(1001, 'x')}; },
          {.held_size_max = 1000});
    EXPECT_EQ(http_get(port(), "/").status, 503);
}

TEST_F(HttpServer, AnswersForAHandlerThatFails) {
    start([](const Request&) -> Response { throw std::runtime_error("secret"); });
    const HttpReply reply = http_get(port(), "/");
    EXPECT_EQ(reply.status, 500);
    EXPECT_THAT(reply.body, testing::Not(testing::HasSubstr("secret")));
}

TEST_F(HttpServer, ClosesWhoNeverAsks) {
    start(echo, {.arrival_max = std::chrono::milliseconds(300)});
    HttpConnection silent(port());
    silent.send("GET / HTTP/1.1\r\nHost:");
    EXPECT_TRUE(silent.is_closed());
    EXPECT_EQ(counters().expired, 1U);
}

TEST_F(HttpServer, LetsNewOnesInWhenAllPlacesAreHeldBySlowOnes) {
    start(echo, {.connections_max = 4});
    std::vector<std::unique_ptr<HttpConnection>> slow;
    for (int i = 0; i < 4; ++i) {
        slow.push_back(std::make_unique<HttpConnection>(port()));
        slow.back()->send("GET / HTTP/1.1\r\n");
    }
    EXPECT_EQ(http_get(port(), "/").status, 200);
    EXPECT_TRUE(slow.front()->is_closed());
    EXPECT_GE(counters().displaced, 1U);
}

TEST_F(HttpServer, SaysWhenTooManyWait) {
    std::promise<void> release;
    std::shared_future<void> released(release.get_future());
    std::promise<void> entered;
    std::atomic<int> running{0};
    start(
        [&](const Request&) {
            if (running.fetch_add(1) == 0) {
                entered.set_value();
            }
            released.wait();
            return Response{};
        },
        {.waiting_max = 1});
    HttpConnection running_one(port());
    running_one.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    entered.get_future().wait();
    // Of these two one waits for the thread, the other is told to come again.
    HttpConnection second(port());
    HttpConnection third(port());
    second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (counters().too_busy == 0) {
        std::this_thread::yield();
    }
    release.set_value();
    EXPECT_EQ(running_one.read().status, 200);
    const int a = second.read().status;
    const int b = third.read().status;
    EXPECT_EQ(std::min(a, b), 200);
    EXPECT_EQ(std::max(a, b), 503);
}

TEST_F(HttpServer, StopsWithRequestsUnanswered) {
    std::promise<void> entered;
    std::promise<void> release;
    std::shared_future<void> released(release.get_future());
    std::atomic<int> running{0};
    start([&](const Request&) {
        if (running.fetch_add(1) == 0) {
            entered.set_value();
        }
        released.wait();
        return Response{};
    });
    std::vector<std::unique_ptr<HttpConnection>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<HttpConnection>(port()));
        clients.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    entered.get_future().wait();
    release.set_value();
    stop();
    for (const auto& client : clients) {
        const int status = client->read().status;
        EXPECT_TRUE(status == 0 || status == 200 || status == 503) << status;
    }
}

TEST_F(HttpServer, CountsThoseOfOneNetworkBesidesLoopback) {
    // Loopback is where proxies are: not bounded.
    start(echo, {.connections_per_network_max = 2});
    std::vector<std::unique_ptr<HttpConnection>> many;
    for (int i = 0; i < 5; ++i) {
        many.push_back(std::make_unique<HttpConnection>(port()));
    }
    EXPECT_EQ(http_get(port(), "/").status, 200);
    EXPECT_EQ(counters().refused, 0U);
}

TEST(HttpListening, TakesTheSocketOfADeadProcessButNoOther) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path() / "control";
    {
        const auto first = listen_on(path);
        ASSERT_TRUE(first) << message(first.error());
        const auto second = listen_on(path);
        ASSERT_FALSE(second);
        EXPECT_THAT(message(second.error()), testing::HasSubstr("another process listens there"));
    }
    const auto again = listen_on(path);
    ASSERT_TRUE(again) << message(again.error());
    const std::string file = directory.path() / "file";
    ASSERT_TRUE(FileDescriptor(::creat(file.c_str(), 0600)).is_open());
    EXPECT_FALSE(listen_on(file));
    EXPECT_FALSE(listen_on(directory.path() / std::string(200, 'x')));
}

TEST(HttpListening, AnswersOverAUnixSocket) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path() / "control";
    auto listening = listen_on(path);
    ASSERT_TRUE(listening) << message(listening.error());
    auto server = Server::start({.socket = std::move(listening->socket), .handler = echo});
    ASSERT_TRUE(server) << message(server.error());
    HttpConnection connection(path);
    connection.send("GET /figures HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(connection.read().body, "get|/figures||");
}

}  // namespace
}  // namespace ostrakon::http
