// One thread's event loop, and what can be waited for in it.
//
// This is libuv behind values that clean up after themselves. TCP streams are tcp_server.hpp's.
#pragma once

#include "ostrakon/base/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace ostrakon::server {

/// A loop that waits for what has been made from it. It outlives all of that. One thread runs it;
/// only post() may be called from others.
class EventLoop {
public:
    static Result<std::unique_ptr<EventLoop>> create();
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Handles events until stop().
    void run();
    /// Ends run() after the events at hand.
    void stop();

    /// Has `task` run in the loop's thread, in the order of the calls. What is posted after the
    /// last run() never runs.
    void post(std::function<void()> task);

    /// Called once a turn, before the loop looks for new events and perhaps sleeps.
    void set_before_sleep(std::function<void()> task);

    struct Handles;  ///< libuv's own; only this module knows what is in it.
    Handles& handles() const noexcept { return *handles_; }

private:
    explicit EventLoop(std::unique_ptr<Handles> handles);
    std::unique_ptr<Handles> handles_;
};

/// Calls back whenever a descriptor can be read, for as long as this object lives. It does not own
/// the descriptor, which must stay open that long.
class ReadableWatch {
public:
    ReadableWatch(EventLoop& loop, int fd, std::function<void()> task);
    ~ReadableWatch();
    ReadableWatch(ReadableWatch&& other) noexcept : watch_(std::exchange(other.watch_, nullptr)) {}
    ReadableWatch(const ReadableWatch&) = delete;
    ReadableWatch& operator=(ReadableWatch&&) = delete;

    struct Watch;

private:
    Watch* watch_;
};

/// Calls back after a time, once or again and again.
class Timer {
public:
    Timer(EventLoop& loop, std::function<void()> on_time);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    /// Starts anew; `repeat` of zero means once.
    void start(std::chrono::milliseconds delay, std::chrono::milliseconds repeat = {});
    void stop();

    struct Watch;

private:
    Watch* watch_;
};

/// Calls back once a turn while it runs; the loop then does not sleep.
class EveryTurn {
public:
    EveryTurn(EventLoop& loop, std::function<void()> on_turn);
    ~EveryTurn();
    EveryTurn(const EveryTurn&) = delete;
    EveryTurn& operator=(const EveryTurn&) = delete;

    void start();
    void stop();

    struct Watch;

private:
    Watch* watch_;
};

/// Calls back when the process is sent a signal. The signal is caught from here on, also before the
/// loop runs.
class SignalWatch {
public:
    SignalWatch(EventLoop& loop, int signal, std::function<void()> on_signal);
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    struct Watch;

private:
    Watch* watch_;
};

}  // namespace ostrakon::server
