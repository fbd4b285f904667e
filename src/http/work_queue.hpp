// Requests that wait for a thread, and the threads that call the handler for them.
#pragma once

#include "ostrakon/http/server.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace ostrakon::http {

class WorkQueue {
public:
    /// One piece of work; `finish` is called in the same thread with what came out.
    struct Work {
        const Request* request = nullptr;  ///< Stays until `finish` is called.
        std::function<void(Response)> finish;
    };

    WorkQueue(Handler handler, std::size_t threads, std::size_t waiting_max,
              const std::function<void()>& begin_thread);
    /// Finishes what waits with status 503, and what runs.
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    /// False: too much waits already; nothing is called.
    bool add(Work work);

private:
    void run();

    Handler handler_;
    std::size_t waiting_max_;
    std::mutex mutex_;
    std::condition_variable is_changed_;
    std::deque<Work> waiting_;
    bool is_ending_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace ostrakon::http
