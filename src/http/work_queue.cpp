#include "work_queue.hpp"

#include <exception>

namespace ostrakon::http {
namespace {

Response handled(const Handler& handler, const Request& request) noexcept {
    try {
        return handler(request);
    } catch (const std::exception&) {
        return Response{.status = 500, .body = "An error occurred here. Please try again later.\n"};
    }
}

}  // namespace

WorkQueue::WorkQueue(Handler handler, std::size_t threads, std::size_t waiting_max,
                     const std::function<void()>& begin_thread)
    : handler_(std::move(handler)), waiting_max_(waiting_max) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this, begin_thread] {
            if (begin_thread) {
                begin_thread();
            }
            run();
        });
    }
}

WorkQueue::~WorkQueue() {
    std::deque<Work> unserved;
    {
        const std::scoped_lock lock(mutex_);
        is_ending_ = true;
        unserved.swap(waiting_);
    }
    is_changed_.notify_all();
    for (Work& work : unserved) {
        work.finish(Response{.status = 503, .body = "This server is stopping.\n"});
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

bool WorkQueue::add(Work work) {
    {
        const std::scoped_lock lock(mutex_);
        if (is_ending_ || waiting_.size() >= waiting_max_) {
            return false;
        }
        waiting_.push_back(std::move(work));
    }
    is_changed_.notify_one();
    return true;
}

void WorkQueue::run() {
    for (;;) {
        Work work;
        {
            std::unique_lock lock(mutex_);
            is_changed_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
            if (is_ending_) {
                return;
            }
            work = std::move(waiting_.front());
            waiting_.pop_front();
        }
        work.finish(handled(handler_, *work.request));
    }
}

}  // namespace ostrakon::http
