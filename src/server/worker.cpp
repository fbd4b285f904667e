#include "ostrakon/server/worker.hpp"

#include "blocked_signals.hpp"
#include "ostrakon/server/event_loop.hpp"
#include "ostrakon/server/tcp_server.hpp"
#include "ostrakon/server/time_slice.hpp"

#include <linux/sock_diag.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace ostrakon::server {
namespace {

// Turns of the loop that take in, before a worker stops, what the kernel has already received for
// it.
constexpr int kTurnsBeforeStop = 3;
// Batches then taken from each UDP socket, so that a flood cannot keep the worker alive.
constexpr int kRoundsBeforeStop = 64;

}  // namespace

struct Worker::State {
    State(std::unique_ptr<EventLoop> event_loop, WorkerOptions options)
        : loop(std::move(event_loop)),
          handler(std::move(options.handler)),
          tcp(std::in_place, *loop, *handler, *options.admission, options.tcp_idle_max),
          stop_turn(std::in_place, *loop, [this] { count_turn_before_stop(); }),
          stop_timer(std::in_place, *loop, [this] { loop->stop(); }),
          stop_patience(options.stop_patience) {}

    void open(std::vector<ListenerSockets> sockets);
    Result<Done> start_thread();
    void run();
    void begin_stop();
    void count_turn_before_stop();

    std::unique_ptr<EventLoop> loop;
    std::unique_ptr<QueryHandler> handler;
    UdpBatch batch;
    std::vector<FileDescriptor> udp_descriptors;
    std::vector<UdpBatch::Socket> udp_sockets;
    std::vector<ReadableWatch> udp_watches;
    std::optional<TcpServer> tcp;
    std::optional<EveryTurn> stop_turn;
    std::optional<Timer> stop_timer;
    const std::chrono::milliseconds stop_patience;
    int turns_before_stop = kTurnsBeforeStop;
    bool is_told_to_stop = false;
    std::thread thread;
};

void Worker::State::open(std::vector<ListenerSockets> sockets) {
    for (ListenerSockets& each : sockets) {
        const UdpBatch::Socket socket{each.udp.get(), each.is_wildcard};
        udp_descriptors.push_back(std::move(each.udp));
        udp_sockets.push_back(socket);
        udp_watches.emplace_back(*loop, socket.fd,
                                 [this, socket] { batch.serve(socket, *handler); });
        tcp->add_listener(std::move(each.tcp));
    }
    loop->set_before_sleep([this] {
        tcp->begin_turn();
        handler->before_sleep();
    });
}

Result<Done> Worker::State::start_thread() {
    const BlockedSignals signals;
    Result<Done> result = Done{};
    try {
        thread = std::thread([this] { run(); });
    } catch (const std::system_error& problem) {
        result = Unexpected{Error{ErrorCode::System, "start a worker thread", problem.what(),
                                  "lower [server] threads, or raise the limit on tasks"}};
    }
    return result;
}

void Worker::State::run() {
    ask_for_short_slices();
    loop->run();
    udp_watches.clear();
    tcp.reset();
    stop_turn.reset();
    stop_timer.reset();
    handler->before_sleep();
}

void Worker::State::begin_stop() {
    stop_turn->start();
    stop_timer->start(stop_patience);
}

void Worker::State::count_turn_before_stop() {
    if (--turns_before_stop > 0) {
        return;
    }
    stop_turn->stop();
    udp_watches.clear();
    for (const UdpBatch::Socket& socket : udp_sockets) {
        batch.serve(socket, *handler, kRoundsBeforeStop);
    }
    udp_sockets.clear();
    udp_descriptors.clear();
    tcp->finish([this] { loop->stop(); });
}

Result<std::unique_ptr<Worker>> Worker::start(WorkerOptions options) {
    auto loop = EventLoop::create();
    if (!loop) {
        return Unexpected{loop.error()};
    }
    std::vector<ListenerSockets> sockets = std::move(options.sockets);
    auto state = std::make_unique<State>(std::move(*loop), std::move(options));
    state->open(std::move(sockets));
    if (auto started = state->start_thread(); !started) {
        return Unexpected{started.error()};
    }
    return std::unique_ptr<Worker>(new Worker(std::move(state)));
}

Worker::Worker(std::unique_ptr<State> state) : state_(std::move(state)) {}

Worker::~Worker() {
    stop();
    join();
}

void Worker::post(std::function<void(QueryHandler&)> task) {
    state_->loop->post([this, task = std::move(task)] { task(*state_->handler); });
}

void Worker::set_tcp_idle_max(std::chrono::milliseconds idle_max) {
    state_->loop->post([this, idle_max] { state_->tcp->set_idle_max(idle_max); });
}

void Worker::stop() {
    if (!std::exchange(state_->is_told_to_stop, true)) {
        state_->loop->post([this] { state_->begin_stop(); });
    }
}

void Worker::join() {
    if (state_->thread.joinable()) {
        state_->thread.join();
    }
}

std::uint64_t Worker::udp_overflows() const noexcept {
    std::uint64_t total = 0;
    for (const FileDescriptor& each : state_->udp_descriptors) {
        std::array<std::uint32_t, SK_MEMINFO_VARS> figures{};
        socklen_t size = sizeof figures;
        if (::getsockopt(each.get(), SOL_SOCKET, SO_MEMINFO, figures.data(), &size) == 0) {
            total += figures[SK_MEMINFO_DROPS];
        }
    }
    return total;
}

const UdpCounters& Worker::udp_counters() const noexcept {
    return state_->batch.counters();
}

}  // namespace ostrakon::server
