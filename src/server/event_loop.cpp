#include "ostrakon/server/event_loop.hpp"

#include "close_and_delete.hpp"
#include "event_loop_handles.hpp"

#include <utility>

namespace ostrakon::server {
namespace {

void run_tasks(uv_async_t* wake) {
    auto& handles = *static_cast<EventLoop::Handles*>(wake->data);
    std::vector<std::function<void()>> tasks;
    {
        const std::lock_guard lock(handles.mutex);
        tasks.swap(handles.tasks);
    }
    for (const auto& task : tasks) {
        task();
    }
}

void run_before_sleep(uv_prepare_t* prepare) {
    const auto& handles = *static_cast<EventLoop::Handles*>(prepare->data);
    if (handles.before_sleep) {
        handles.before_sleep();
    }
}

template <class Handle>
struct BasicWatch {
    explicit BasicWatch(std::function<void()> function) : callback(std::move(function)) {
        handle.data = this;
    }
    static void call(Handle* handle) { static_cast<BasicWatch*>(handle->data)->callback(); }
    Handle handle{};
    std::function<void()> callback;
};

}  // namespace

struct ReadableWatch::Watch : BasicWatch<uv_poll_t> {
    using BasicWatch::BasicWatch;
};
struct Timer::Watch : BasicWatch<uv_timer_t> {
    using BasicWatch::BasicWatch;
};
struct EveryTurn::Watch : BasicWatch<uv_idle_t> {
    using BasicWatch::BasicWatch;
};
struct SignalWatch::Watch : BasicWatch<uv_signal_t> {
    using BasicWatch::BasicWatch;
};

Result<std::unique_ptr<EventLoop>> EventLoop::create() {
    auto handles = std::make_unique<Handles>();
    int status = uv_loop_init(&handles->loop);
    if (status != 0) {
        return Unexpected{Error{ErrorCode::System, "make an event loop", uv_strerror(status), {}}};
    }
    status = uv_async_init(&handles->loop, &handles->wake, run_tasks);
    if (status != 0) {
        uv_loop_close(&handles->loop);
        return Unexpected{Error{ErrorCode::System, "make an event loop", uv_strerror(status), {}}};
    }
    must(uv_prepare_init(&handles->loop, &handles->prepare));
    handles->wake.data = handles.get();
    handles->prepare.data = handles.get();
    must(uv_prepare_start(&handles->prepare, run_before_sleep));
    return std::unique_ptr<EventLoop>(new EventLoop(std::move(handles)));
}

EventLoop::EventLoop(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}

EventLoop::~EventLoop() {
    handles_->before_sleep = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&handles_->wake), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&handles_->prepare), nullptr);
    uv_run(&handles_->loop, UV_RUN_NOWAIT);   // forgets a stop() that came after run()
    uv_run(&handles_->loop, UV_RUN_DEFAULT);  // the close callbacks of all that was made from it
    must(uv_loop_close(&handles_->loop));
}

void EventLoop::run() {
    uv_run(&handles_->loop, UV_RUN_DEFAULT);
}

void EventLoop::stop() {
    uv_stop(&handles_->loop);
}

void EventLoop::post(std::function<void()> task) {
    {
        const std::lock_guard lock(handles_->mutex);
        handles_->tasks.push_back(std::move(task));
    }
    uv_async_send(&handles_->wake);
}

void EventLoop::set_before_sleep(std::function<void()> task) {
    handles_->before_sleep = std::move(task);
}

namespace {

// libuv stops watching a descriptor that reports an error, such as a socket that an administrator
// has aborted; reading it clears the error, so the watch goes on.
void on_readable(uv_poll_t* handle, int status, int) {
    if (status < 0) {
        uv_poll_start(handle, UV_READABLE, on_readable);
    }
    ReadableWatch::Watch::call(handle);
}

}  // namespace

ReadableWatch::ReadableWatch(EventLoop& loop, int fd, std::function<void()> task)
    : watch_(new Watch(std::move(task))) {
    must(uv_poll_init(&loop.handles().loop, &watch_->handle, fd));
    must(uv_poll_start(&watch_->handle, UV_READABLE, on_readable));
}

ReadableWatch::~ReadableWatch() {
    close_and_delete(watch_);
}

Timer::Timer(EventLoop& loop, std::function<void()> on_time)
    : watch_(new Watch(std::move(on_time))) {
    must(uv_timer_init(&loop.handles().loop, &watch_->handle));
}

Timer::~Timer() {
    close_and_delete(watch_);
}

void Timer::start(std::chrono::milliseconds delay, std::chrono::milliseconds repeat) {
    must(uv_timer_start(&watch_->handle, Watch::call, static_cast<std::uint64_t>(delay.count()),
                        static_cast<std::uint64_t>(repeat.count())));
}

void Timer::stop() {
    must(uv_timer_stop(&watch_->handle));
}

EveryTurn::EveryTurn(EventLoop& loop, std::function<void()> on_turn)
    : watch_(new Watch(std::move(on_turn))) {
    must(uv_idle_init(&loop.handles().loop, &watch_->handle));
}

EveryTurn::~EveryTurn() {
    close_and_delete(watch_);
}

void EveryTurn::start() {
    must(uv_idle_start(&watch_->handle, Watch::call));
}

void EveryTurn::stop() {
    must(uv_idle_stop(&watch_->handle));
}

SignalWatch::SignalWatch(EventLoop& loop, int signal, std::function<void()> on_signal)
    : watch_(new Watch(std::move(on_signal))) {
    must(uv_signal_init(&loop.handles().loop, &watch_->handle));
    must(uv_signal_start(
        &watch_->handle, [](uv_signal_t* handle, int) { Watch::call(handle); }, signal));
}

SignalWatch::~SignalWatch() {
    close_and_delete(watch_);
}

}  // namespace ostrakon::server
