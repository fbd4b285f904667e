// A whole worker, asked over UDP and TCP.
#include "ostrakon/server/worker.hpp"

#include "stub_handler.hpp"
#include "support/dns_client.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>
#include <optional>
#include <thread>

namespace ostrakon::server {
namespace {

using test::Bytes;
using test::TcpClient;
using test::UdpClient;

struct Terms {
    std::size_t answer_size = 0;
    std::chrono::milliseconds idle_max{60000};
    std::size_t connections_max = 100;
    std::size_t per_client_max = 100;
    std::chrono::milliseconds stop_patience = kStopPatience;
};

class Service {
public:
    explicit Service(const Terms& terms = {})
        : admission(terms.connections_max, terms.per_client_max) {
        const config::Endpoint wanted{net::Ipv4{0x7F000001}, 0};
        auto listeners = bind_listeners(std::span(&wanted, 1), 1);
        EXPECT_TRUE(listeners) << message(listeners.error());
        address = {"127.0.0.1", listeners->endpoints[0].port};
        WorkerOptions options;
        options.sockets = std::move(listeners->workers[0]);
        options.handler = std::make_unique<StubHandler>(record, terms.answer_size);
        options.admission = &admission;
        options.tcp_idle_max = terms.idle_max;
        options.stop_patience = terms.stop_patience;
        auto started = Worker::start(std::move(options));
        EXPECT_TRUE(started) << message(started.error());
        worker = std::move(*started);
    }

    StubRecord record;
    TcpAdmission admission;
    test::ServerAddress address;
    std::unique_ptr<Worker> worker;
};

Bytes query(std::uint16_t id) {
    return test::query_bytes({.name = "2.0.0.127.bl.example.org", .id = id});
}

Bytes pipelined(std::uint16_t first, std::uint16_t count) {
    Bytes all;
    for (std::uint16_t i = 0; i < count; ++i) {
        const Bytes one = test::framed(query(static_cast<std::uint16_t>(first + i)));
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

std::optional<std::uint16_t> id_of(const Bytes& message) {
    if (message.size() < 12 || (message[2] & 0x80) == 0) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(message[0] << 8 | message[1]);
}

void expect_answers(TcpClient& client, std::uint16_t first, std::uint16_t count) {
    for (std::uint16_t i = 0; i < count; ++i) {
        ASSERT_EQ(id_of(client.receive()), static_cast<std::uint16_t>(first + i));
    }
}

TEST(Worker, AnswersOverUdpAndTcp) {
    Service service;
    EXPECT_EQ(test::ask_udp(service.address, {.name = "a.example", .id = 7}).id, 7);
    EXPECT_EQ(test::ask_tcp(service.address, {.name = "a.example", .id = 8}).id, 8);
    EXPECT_EQ(service.record.unrenewed, 0u);
}

TEST(Worker, TakesBytesOneAtATime) {
    Service service;
    TcpClient client(service.address);
    for (const std::uint8_t byte : pipelined(1, 3)) {
        ASSERT_TRUE(client.send(Bytes{byte}));
    }
    expect_answers(client, 1, 3);
}

TEST(Worker, AnswersPipelinedQueriesInOrder) {
    Service service;
    TcpClient client(service.address);
    constexpr std::uint16_t kMany = 5000;  // far more than one turn allows
    std::thread sender([&] { client.send(pipelined(0, kMany)); });
    expect_answers(client, 0, kMany);
    sender.join();
    EXPECT_EQ(service.record.unrenewed, 0u);
}

TEST(Worker, AnswersUdpWhileTcpIsBusy) {
    Service service;
    TcpClient client(service.address);
    std::thread sender([&] { client.send(pipelined(0, 20000)); });
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(test::ask_udp(service.address, {.name = "a.example", .id = 9}).id, 9);
    }
    expect_answers(client, 0, 20000);
    sender.join();
}

TEST(Worker, ClosesWhatIsNotDns) {
    for (const Bytes& nonsense : {Bytes{0, 0}, Bytes{0, 11, 1, 2}, test::framed(Bytes(12, 0xFF))}) {
        Service service;
        TcpClient client(service.address);
        Bytes bytes = pipelined(1, 2);
        bytes.insert(bytes.end(), nonsense.begin(), nonsense.end());
        ASSERT_TRUE(client.send(bytes));
        expect_answers(client, 1, 2);
        EXPECT_TRUE(client.is_closed_by_server());
        EXPECT_EQ(test::ask_tcp(service.address, {.name = "a.example", .id = 8}).id, 8);
    }
}

TEST(Worker, AnswersAClientThatHasFinishedSending) {
    Service service;
    TcpClient client(service.address);
    Bytes bytes = pipelined(1, 1000);
    bytes.push_back(0);  // the start of a query that never comes
    ASSERT_TRUE(client.send(bytes));
    client.finish_sending();
    expect_answers(client, 1, 1000);
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Worker, ClosesIdleConnections) {
    Service service({.idle_max = std::chrono::milliseconds(50)});
    TcpClient silent(service.address);
    TcpClient asking(service.address);
    TcpClient unfinished(service.address);
    ASSERT_TRUE(unfinished.send(Bytes{0, 40, 1, 2, 3}));
    ASSERT_TRUE(asking.send(pipelined(1, 1)));
    expect_answers(asking, 1, 1);
    EXPECT_TRUE(silent.is_closed_by_server());
    EXPECT_TRUE(asking.is_closed_by_server());
    EXPECT_TRUE(unfinished.is_closed_by_server());
}

TEST(Worker, TakesANewIdleTimeToHeart) {
    Service service;
    TcpClient silent(service.address);
    ASSERT_TRUE(silent.send(pipelined(1, 1)));
    expect_answers(silent, 1, 1);
    service.worker->set_tcp_idle_max(std::chrono::milliseconds(10));
    EXPECT_TRUE(silent.is_closed_by_server());
}

TEST(Worker, BoundsItsConnections) {
    for (const Terms& terms : {Terms{.connections_max = 2}, Terms{.per_client_max = 2}}) {
        Service service(terms);
        std::optional<TcpClient> first(service.address);
        TcpClient second(service.address);
        ASSERT_TRUE(first->ask({.name = "a.example"}).is_valid);
        ASSERT_TRUE(second.ask({.name = "a.example"}).is_valid);
        TcpClient third(service.address);
        EXPECT_TRUE(third.is_closed_by_server());
        first.reset();
        // The worker learns of that in its own time.
        bool is_taken = false;
        for (int i = 0; i < 10000 && !is_taken; ++i) {
            is_taken = test::ask_tcp(service.address, {.name = "a.example"}).is_valid;
        }
        EXPECT_TRUE(is_taken);
        EXPECT_TRUE(second.ask({.name = "a.example"}).is_valid);
    }
}

TEST(Worker, StopsReadingFromAClientThatDoesNotRead) {
    Service service({.answer_size = 60000, .idle_max = std::chrono::milliseconds(300)});
    TcpClient client(service.address);
    constexpr std::uint16_t kMany = 20000;  // 1.2 GB of answers
    std::thread sender([&] { client.send(pipelined(0, kMany)); });
    EXPECT_EQ(test::ask_udp(service.address, {.name = "a.example", .id = 9}).id, 9);
    sender.join();
    EXPECT_TRUE(client.is_reset_by_server());  // as idle, since it takes no answers
    EXPECT_LT(service.record.queries, kMany / 10u);
}

TEST(Worker, GoesOnWhenASlowClientReads) {
    Service service({.answer_size = 60000});
    TcpClient client(service.address);
    ASSERT_TRUE(client.send(pipelined(0, 300)));  // 18 MB of answers: more than sockets hold
    EXPECT_EQ(test::ask_udp(service.address, {.name = "a.example", .id = 9}).id, 9);
    expect_answers(client, 0, 300);
}

TEST(Worker, AnswersWhatHasArrivedBeforeItStops) {
    Service service;
    UdpClient udp(service.address);
    TcpClient tcp(service.address);
    ASSERT_TRUE(tcp.ask({.name = "a.example"}).is_valid);
    TcpClient not_yet_accepted(service.address);
    ASSERT_TRUE(tcp.send(pipelined(0, 600)));
    ASSERT_TRUE(not_yet_accepted.send(pipelined(0, 10)));
    for (std::uint16_t i = 0; i < 100; ++i) {
        udp.send(query(i));
    }
    service.worker->stop();
    service.worker->join();
    expect_answers(tcp, 0, 600);
    EXPECT_TRUE(tcp.is_closed_by_server());
    expect_answers(not_yet_accepted, 0, 10);
    for (std::uint16_t i = 0; i < 100; ++i) {
        EXPECT_EQ(id_of(udp.receive()), i);
    }
    EXPECT_FALSE(TcpClient(service.address).is_connected());
}

TEST(Worker, StopsInBoundedTimeThoughAClientDoesNotRead) {
    Service service({.answer_size = 60000, .stop_patience = std::chrono::milliseconds(20)});
    TcpClient client(service.address);
    ASSERT_TRUE(client.send(pipelined(0, 300)));
    ASSERT_EQ(id_of(client.receive()), 0);
    service.worker->stop();
    service.worker->join();
    EXPECT_EQ(service.admission.open_count(), 0u);
}

// Leaves this process so many descriptors more, for as long as it lives.
class DescriptorLimit {
public:
    explicit DescriptorLimit(rlim_t more) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const FileDescriptor lowest(::dup(STDERR_FILENO));
        rlimit limit = before_;
        limit.rlim_cur = static_cast<rlim_t>(lowest.get()) + more;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    DescriptorLimit(const DescriptorLimit&) = delete;
    DescriptorLimit& operator=(const DescriptorLimit&) = delete;

private:
    rlimit before_{};
};

TEST(Worker, TakesAConnectionWhenThereIsADescriptorForIt) {
    Service service;
    UdpClient udp(service.address);
    std::optional<TcpClient> client;
    {
        const DescriptorLimit enough_for_the_client(1);
        client.emplace(service.address);
        ASSERT_TRUE(client->is_connected());
        for (int i = 0; i < 100; ++i) {
            ASSERT_EQ(udp.ask({.name = "a.example", .id = 9}).id, 9);
        }
    }
    EXPECT_EQ(client->ask({.name = "a.example", .id = 8}).id, 8);
}

TEST(Worker, RunsTasksInItsThread) {
    Service service;
    std::promise<std::thread::id> where;
    service.worker->post([&](QueryHandler&) { where.set_value(std::this_thread::get_id()); });
    EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
}

}  // namespace
}  // namespace ostrakon::server
