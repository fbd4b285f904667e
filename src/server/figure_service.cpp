#include "ostrakon/server/figure_service.hpp"

#include "ostrakon/http/listening.hpp"
#include "ostrakon/metrics/prometheus_text.hpp"
#include "ostrakon/server/figures_json.hpp"
#include "ostrakon/server/metrics_text.hpp"
#include "ostrakon/server/time_slice.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace ostrakon::server {
namespace {

Result<std::unique_ptr<http::Server>> serve_figures(FileDescriptor socket, http::Handler handler) {
    http::ServerOptions options;
    options.socket = std::move(socket);
    options.handler = std::move(handler);
    options.limits.connections_max = kFigureConnectionsMax;
    options.begin_thread = [] { ask_for_low_priority(); };
    return http::Server::start(std::move(options));
}

http::Response plain(int status, std::string text) {
    http::Response response;
    response.status = status;
    response.body = std::move(text);
    return response;
}

}  // namespace

FigureService::~FigureService() {
    stop();
    if (!control_path_.empty()) {
        ::unlink(control_path_.c_str());
    }
}

Result<Done> FigureService::bind(const config::Settings& settings,
                                 const std::optional<Identity>& owner) {
    if (settings.metrics.listen) {
        auto listening =
            http::listen_on(settings.metrics.listen->address, settings.metrics.listen->port);
        if (!listening) {
            return Unexpected{std::move(listening.error())};
        }
        metrics_socket_ = std::move(listening->socket);
        places_.push_back("metrics on http://" +
                          config::to_string({settings.metrics.listen->address, listening->port}) +
                          "/metrics");
    }
    return settings.server.control.empty() ? Result<Done>{Done{}}
                                           : bind_control(settings.server, owner);
}

Result<Done> FigureService::bind_control(const config::ServerSettings& server,
                                         const std::optional<Identity>& owner) {
    const std::string path = server.control.string();
    is_control_needed_ = server.is_control_named;
    auto listening = http::listen_on(path);
    Result<Done> done = Done{};
    if (!listening) {
        done = Unexpected{std::move(listening.error())};
    } else if (owner && ::chown(path.c_str(), owner->uid, owner->gid) != 0) {
        done = Unexpected{Error{ErrorCode::System, "give " + path + " to " + owner->user,
                                std::strerror(errno), ""}};
    }
    if (!done && !is_control_needed_) {
        leave_control_out(done.error());
        return Done{};
    }
    if (done) {
        control_socket_ = std::move(listening->socket);
        control_path_ = server.control;
        places_.push_back("control socket " + path);
    }
    return done;
}

Result<Done> FigureService::start() {
    const auto begin = [this](FileDescriptor& socket, bool is_control,
                              std::unique_ptr<http::Server>& server) -> Result<Done> {
        if (!socket.is_open()) {
            return Done{};
        }
        auto started =
            serve_figures(std::move(socket), [this, is_control](const http::Request& request) {
                return answer(request, is_control);
            });
        if (!started) {
            return Unexpected{std::move(started.error())};
        }
        server = std::move(*started);
        return Done{};
    };
    if (auto done = begin(metrics_socket_, false, metrics_); !done) {
        return done;
    }
    auto done = begin(control_socket_, true, control_);
    if (!done && !is_control_needed_) {
        places_.pop_back();
        leave_control_out(done.error());
        return Done{};
    }
    return done;
}

void FigureService::leave_control_out(const Error& error) {
    warnings_.push_back("no control socket, so that `ostrakon top` shows nothing: " +
                        message(error));
}

void FigureService::stop() {
    board_.close();
    metrics_.reset();
    control_.reset();
}

http::Response FigureService::answer(const http::Request& request, bool is_control) {
    const bool wants_json = is_control && request.path == "/figures";
    if (request.method != http::Method::Get) {
        return plain(405, "figures can only be read\n");
    }
    if (request.path != "/metrics" && !wants_json) {
        return plain(404, is_control ? "there are /figures and /metrics\n" : "there is /metrics\n");
    }
    const auto figures = board_.get();
    if (figures == nullptr) {
        return plain(503, "the server is busy or stopping: try again\n");
    }
    http::Response response;
    response.content_type = wants_json ? "application/json" : metrics::kPrometheusType;
    response.body = wants_json ? figures_json(*figures, OSTRAKON_VERSION)
                               : metrics_text(*figures, OSTRAKON_VERSION);
    return response;
}

}  // namespace ostrakon::server
