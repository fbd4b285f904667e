// libuv's side of an EventLoop, for the files of this module that use libuv themselves.
#pragma once

#include "ostrakon/base/assert.hpp"
#include "ostrakon/server/event_loop.hpp"

#include <uv.h>

#include <mutex>
#include <vector>

namespace ostrakon::server {

struct EventLoop::Handles {
    uv_loop_t loop;
    uv_async_t wake;
    uv_prepare_t prepare;
    std::function<void()> before_sleep;
    std::mutex mutex;  // guards `tasks`
    std::vector<std::function<void()>> tasks;
};

/// For calls that fail only when they are used wrongly.
inline void must(int status) {
    OSTRAKON_ASSERT(status == 0);
}

}  // namespace ostrakon::server
