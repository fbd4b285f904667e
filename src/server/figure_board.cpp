#include "ostrakon/server/figure_board.hpp"

namespace ostrakon::server {

std::shared_ptr<const Figures> FigureBoard::get() {
    std::unique_lock lock{mutex_};
    const auto begin = Clock::now();
    const auto is_new_enough = [&] {
        return latest_ != nullptr && gathered_ + kFiguresAgeMax > begin;
    };
    if (!is_new_enough() && !is_wanted_ && !is_closed_) {
        is_wanted_ = true;
        gather_();
    }
    const bool is_there = changed_.wait_until(lock, begin + kFiguresPatience, [&] {
        return is_closed_ || is_new_enough();
    }) && is_new_enough();
    return is_there ? latest_ : nullptr;
}

void FigureBoard::put(Figures figures) {
    auto shared = std::make_shared<const Figures>(std::move(figures));
    {
        const std::lock_guard lock{mutex_};
        latest_ = std::move(shared);
        gathered_ = Clock::now();
        is_wanted_ = false;
    }
    changed_.notify_all();
}

void FigureBoard::close() {
    {
        const std::lock_guard lock{mutex_};
        is_closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace ostrakon::server
