// The thread of the sockets. It accepts, so that visitors.hpp decides who comes; libmicrohttpd
// reads requests and writes answers; between the two a request lies in the work queue, and its
// connection is suspended.
#include "ostrakon/http/server.hpp"

#include "head_rules.hpp"
#include "microhttpd_library.hpp"
#include "visitors.hpp"
#include "work_queue.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace ostrakon::http {
namespace {

constexpr std::chrono::milliseconds kSweepInterval{250};
// While a place is made, before the one that waits is looked at again.
constexpr std::chrono::milliseconds kPlaceInterval{5};
constexpr int kAcceptedAtOnceMax = 32;

std::optional<net::Address> address_in(const sockaddr* name) {
    if (name == nullptr) {
        return std::nullopt;
    }
    if (name->sa_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, name, sizeof ipv4);
        return net::Ipv4{ntohl(ipv4.sin_addr.s_addr)};
    }
    if (name->sa_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, name, sizeof ipv6);
        net::Ipv6::Bits bits = 0;
        for (const std::uint8_t byte : ipv6.sin6_addr.s6_addr) {
            bits = (bits << 8U) | byte;
        }
        return net::Ipv6{bits};
    }
    return std::nullopt;
}

// One request from its first line until its answer is out.
struct Exchange {
    Request request;
    std::optional<Response> response;  // Written by a thread of the work queue while the
                                       // connection is suspended.
    bool is_begun = false;
    std::size_t held = 0;  // Bytes of `request.body` and of the answer that goes out.
};

Response too_busy() {
    return {.status = 503,
            .body = "Too many ask at once. Please try again.\n",
            .headers = {{"Retry-After", "5"}}};
}

Method method_named(const char* name) {
    const std::string_view text(name);
    if (text == "GET" || text == "HEAD") {
        return Method::Get;
    }
    return text == "POST" ? Method::Post : Method::Other;
}

}  // namespace

struct Server::State {
    MicrohttpdLibrary mhd{};
    FileDescriptor socket;
    Limits limits;
    ServerCounters counters;
    Visitors visitors;
    FileDescriptor wake_event;
    std::atomic<bool> is_stopping{false};
    MHD_Daemon* daemon = nullptr;
    std::unique_ptr<WorkQueue> work;
    std::thread thread;
    std::size_t held = 0;  // Of all exchanges, at most limits.held_size_max. Thread of the sockets.

    State(const MicrohttpdLibrary& library, ServerOptions& options)
        : mhd(library),
          socket(std::move(options.socket)),
          limits(options.limits),
          visitors(options.limits, counters) {}

    void run();
    void wake() const;
    int wait(bool is_full) const;
    bool accept_some();
    MHD_Result read(MHD_Connection* connection, const char* method, const char* data,
                    std::size_t* size, Exchange& exchange);
    void read_head(MHD_Connection* connection, const char* method, Exchange& exchange);
    void read_body(const char* data, std::size_t size, Exchange& exchange);
    bool hold(Exchange& exchange, std::size_t size);
    void let_go(Exchange& exchange);
    MHD_Result answer(MHD_Connection* connection, Exchange& exchange);
    MHD_Result send(MHD_Connection* connection, const Response& response);
    MHD_Result hand_over(MHD_Connection* connection, Exchange& exchange);
    int socket_of(MHD_Connection* connection) const;
};

namespace {

// What libmicrohttpd calls, in the thread of the sockets.

void* begin_exchange(void*, const char* target, MHD_Connection*) {
    auto* exchange = new Exchange;
    const std::string_view text = without_authority(target);
    const std::size_t mark = std::min(text.find('?'), text.size());
    exchange->request.path = text.substr(0, mark);
    exchange->request.query = text.substr(std::min(mark + 1, text.size()));
    return exchange;
}

std::size_t leave_encoded(void*, MHD_Connection*, char* text) {
    return std::strlen(text);
}

MHD_Result add_header(void* headers, MHD_ValueKind, const char* name, const char* value) {
    auto& added = *static_cast<std::vector<std::pair<std::string, std::string>>*>(headers);
    added.emplace_back(name, value == nullptr ? "" : value);
    return added.size() <= kHeadersMax ? MHD_YES : MHD_NO;  // one more shows that there are
}

void say_nothing(void*, const char*, va_list) {}

}  // namespace

int Server::State::socket_of(MHD_Connection* connection) const {
    const MHD_ConnectionInfo* info =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == nullptr ? -1 : info->connect_fd;
}

bool Server::State::hold(Exchange& exchange, std::size_t size) {
    if (size > limits.held_size_max - held) {
        counters.too_busy.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    held += size;
    exchange.held += size;
    return true;
}

void Server::State::let_go(Exchange& exchange) {
    held -= exchange.held;
    exchange.held = 0;
}

MHD_Result Server::State::answer(MHD_Connection* connection, Exchange& exchange) {
    exchange.request.body = {};
    let_go(exchange);
    const Response response = std::exchange(exchange.response, std::nullopt).value_or(too_busy());
    return send(connection, hold(exchange, response.body.size()) ? response : too_busy());
}

MHD_Result Server::State::send(MHD_Connection* connection, const Response& response) {
    // Copied: libmicrohttpd sends it when the exchange may be gone.
    MHD_Response* made = mhd.create_response(
        response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_MUST_COPY);
    if (made == nullptr) {
        return MHD_NO;
    }
    mhd.add_response_header(made, "Content-Type", response.content_type.c_str());
    for (const auto& [name, value] : response.headers) {
        mhd.add_response_header(made, name.c_str(), value.c_str());
    }
    const MHD_Result is_queued =
        mhd.queue_response(connection, static_cast<unsigned>(response.status), made);
    mhd.destroy_response(made);
    visitors.change(socket_of(connection), Visitor::State::Taking);
    return is_queued;
}

void Server::State::read_head(MHD_Connection* connection, const char* method, Exchange& exchange) {
    exchange.is_begun = true;
    exchange.request.method = method_named(method);
    mhd.get_connection_values(connection, MHD_HEADER_KIND, &add_header, &exchange.request.headers);
    const MHD_ConnectionInfo* peer =
        mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    exchange.request.client = address_in(peer == nullptr ? nullptr : peer->client_addr);
}

MHD_Result Server::State::hand_over(MHD_Connection* connection, Exchange& exchange) {
    counters.requests.fetch_add(1, std::memory_order_relaxed);
    // Suspended before it is handed over: a thread may have resumed it before add() returns.
    mhd.suspend_connection(connection);
    visitors.change(socket_of(connection), Visitor::State::Waiting);
    const bool is_taken =
        work->add({&exchange.request, [this, connection, &exchange](Response made) {
                       exchange.response = std::move(made);
                       mhd.resume_connection(connection);
                       wake();
                   }});
    if (!is_taken) {
        counters.too_busy.fetch_add(1, std::memory_order_relaxed);
        exchange.response = too_busy();
        mhd.resume_connection(connection);
    }
    return MHD_YES;
}

// What comes behind a body that is refused is read and forgotten: the answer can go out only then.
void Server::State::read_body(const char* data, std::size_t size, Exchange& exchange) {
    if (exchange.response) {
        return;
    }
    if (size > limits.body_size_max - exchange.request.body.size()) {
        exchange.response = Response{.status = 413,  // more than it had said, or it had not said
                                     .body = "This is more than is taken.\n",
                                     .headers = {{"Connection", "close"}}};
    } else if (!hold(exchange, size)) {
        exchange.response = too_busy();
    } else {
        exchange.request.body.append(data, size);
        return;
    }
    exchange.request.body = {};
    let_go(exchange);
}

MHD_Result Server::State::read(MHD_Connection* connection, const char* method, const char* data,
                               std::size_t* size, Exchange& exchange) {
    if (!exchange.is_begun) {
        read_head(connection, method, exchange);
        exchange.response = refusal_of(exchange.request, limits.body_size_max);
        return exchange.response ? answer(connection, exchange) : MHD_YES;
    }
    if (*size != 0) {
        read_body(data, *size, exchange);
        *size = 0;
        return MHD_YES;
    }
    return exchange.response ? answer(connection, exchange) : hand_over(connection, exchange);
}

bool Server::State::accept_some() {
    for (int i = 0; i < kAcceptedAtOnceMax; ++i) {
        // Whether there is a place is known before anybody is accepted: who waits in the backlog
        // gets it when it is free.
        if (visitors.admit(std::nullopt) == Visitors::Admission::Later) {
            return true;
        }
        sockaddr_storage name{};
        socklen_t size = sizeof name;
        const int accepted = ::accept4(socket.get(), reinterpret_cast<sockaddr*>(&name), &size,
                                       SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted < 0) {
            return errno == EMFILE || errno == ENFILE;
        }
        const auto client = address_in(reinterpret_cast<const sockaddr*>(&name));
        if (visitors.admit(client) != Visitors::Admission::Come) {
            ::close(accepted);
            continue;
        }
        visitors.enter(accepted, client);
        // It closes the socket where it fails, and says so to notify_connection where not.
        if (mhd.add_connection(daemon, accepted, reinterpret_cast<const sockaddr*>(&name), size) !=
            MHD_YES) {
            visitors.leave(accepted);
        }
    }
    return false;
}

void Server::State::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_event.get(), &one, sizeof one);
}

int Server::State::wait(bool is_full) const {
    auto interval = is_full ? kPlaceInterval : kSweepInterval;
    MHD_UNSIGNED_LONG_LONG own_ms = 0;
    if (mhd.get_timeout(daemon, &own_ms) == MHD_YES &&
        own_ms < static_cast<MHD_UNSIGNED_LONG_LONG>(interval.count())) {
        interval = std::chrono::milliseconds(own_ms);
    }
    return static_cast<int>(interval.count());
}

void Server::State::run() {
    const int events = mhd.get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    auto swept = Clock::now();
    bool is_full = false;
    for (;;) {
        std::array<pollfd, 3> watched{pollfd{wake_event.get(), POLLIN, 0},
                                      pollfd{events, POLLIN, 0},
                                      pollfd{is_full ? -1 : socket.get(), POLLIN, 0}};
        if (::poll(watched.data(), watched.size(), wait(is_full)) < 0 && errno != EINTR) {
            return;
        }
        if (is_stopping) {
            return;
        }
        std::uint64_t count = 0;
        [[maybe_unused]] const auto read_bytes = ::read(wake_event.get(), &count, sizeof count);
        is_full = accept_some();
        mhd.run(daemon);
        if (Clock::now() - swept >= kSweepInterval) {
            visitors.expire();
            swept = Clock::now();
        }
    }
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
    const auto library = load_microhttpd_library();
    if (!library) {
        return Unexpected{library.error()};
    }
    auto state = std::make_unique<State>(*library, options);
    state->wake_event = FileDescriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    const auto handle = [](void* server, MHD_Connection* connection, const char*,
                           const char* method, const char*, const char* data, std::size_t* size,
                           void** exchange) {
        return static_cast<State*>(server)->read(connection, method, data, size,
                                                 *static_cast<Exchange*>(*exchange));
    };
    const auto complete = [](void* server, MHD_Connection* connection, void** exchange,
                             MHD_RequestTerminationCode) {
        auto* self = static_cast<State*>(server);
        self->visitors.change(self->socket_of(connection), Visitor::State::Asking);
        const std::unique_ptr<Exchange> ended(static_cast<Exchange*>(*exchange));
        if (ended != nullptr) {
            self->let_go(*ended);
        }
        *exchange = nullptr;
    };
    const auto notice = [](void* server, MHD_Connection* connection, void**,
                           MHD_ConnectionNotificationCode code) {
        auto* self = static_cast<State*>(server);
        if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
            self->visitors.leave(self->socket_of(connection));
        }
    };
    MHD_AccessHandlerCallback access = handle;
    MHD_RequestCompletedCallback completed = complete;
    MHD_NotifyConnectionCallback notified = notice;
    const auto connections = static_cast<unsigned>(options.limits.connections_max);
    state->daemon = library->start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        nullptr, nullptr, access, state.get(), MHD_OPTION_EXTERNAL_LOGGER, &say_nothing, nullptr,
        MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        options.limits.head_size_max, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK,
        &begin_exchange, nullptr, MHD_OPTION_UNESCAPE_CALLBACK, &leave_encoded, nullptr,
        MHD_OPTION_NOTIFY_COMPLETED, completed, state.get(), MHD_OPTION_NOTIFY_CONNECTION, notified,
        state.get(), MHD_OPTION_END);
    if (state->daemon == nullptr || !state->wake_event.is_open()) {
        return Unexpected{Error{ErrorCode::System, "start to serve HTTP",
                                "libmicrohttpd does not start",
                                "see whether there are memory and file descriptors left"}};
    }
    state->work = std::make_unique<WorkQueue>(std::move(options.handler), options.threads,
                                              options.limits.waiting_max, options.begin_thread);
    state->thread = std::thread([self = state.get(), begin = std::move(options.begin_thread)] {
        if (begin) {
            begin();
        }
        self->run();
    });
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
    state_->is_stopping = true;
    state_->wake();
    state_->thread.join();
    state_->work.reset();  // resumes whoever is suspended, as stop_daemon() demands
    state_->visitors.dismiss();
    state_->mhd.run(state_->daemon);
    state_->mhd.stop_daemon(state_->daemon);
}

const ServerCounters& Server::counters() const noexcept {
    return state_->counters;
}

}  // namespace ostrakon::http
