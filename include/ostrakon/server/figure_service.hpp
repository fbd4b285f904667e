// Answers those who want figures: Prometheus over TCP ([metrics] listen), `ostrakon top` and
// scripts over the control socket ([server] control).
//
// Both are HTTP, read only, in threads of a low priority. Over TCP there is /metrics alone; the
// control socket, which its owner and group may use, has /figures too, with who asks most.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/http/server.hpp"
#include "ostrakon/server/figure_board.hpp"
#include "ostrakon/server/privileges.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::server {

/// Connections at once, to each of the two.
inline constexpr std::size_t kFigureConnectionsMax = 16;

class FigureService {
public:
    /// `gather` as for FigureBoard.
    explicit FigureService(std::function<void()> gather) : board_(std::move(gather)) {}
    /// stop(), and removes the control socket.
    ~FigureService();
    FigureService(const FigureService&) = delete;
    FigureService& operator=(const FigureService&) = delete;

    /// Binds what the settings name, the control socket for `owner`; before root is given up. A
    /// control socket that nobody has named is left out with a warning where it cannot be had.
    Result<Done> bind(const config::Settings& settings, const std::optional<Identity>& owner);
    /// Begins to answer.
    Result<Done> start();
    /// Ends what is under way. The thread that gathers may have ended before.
    void stop();

    FigureBoard& board() noexcept { return board_; }
    bool has_control() const noexcept { return !control_path_.empty(); }
    /// What it answers on, in words.
    const std::vector<std::string>& places() const noexcept { return places_; }
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
    Result<Done> bind_control(const config::ServerSettings& server,
                              const std::optional<Identity>& owner);
    void leave_control_out(const Error& error);
    http::Response answer(const http::Request& request, bool is_control);

    FigureBoard board_;
    FileDescriptor metrics_socket_;
    FileDescriptor control_socket_;
    std::filesystem::path control_path_;
    bool is_control_needed_ = false;
    std::vector<std::string> places_;
    std::vector<std::string> warnings_;
    std::unique_ptr<http::Server> metrics_;
    std::unique_ptr<http::Server> control_;
};

}  // namespace ostrakon::server
