#include "ostrakon/figures/server_figures.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

namespace ostrakon::figures {
namespace {

using json::Json;

constexpr std::size_t kAnswerSizeMax = std::size_t{64} << 20;
constexpr std::string_view kRequest = "GET /figures HTTP/1.0\r\nHost: localhost\r\n\r\n";

Unexpected<Error> no_answer(const std::filesystem::path& control, std::string why,
                            std::string remedy) {
    return Unexpected{Error{ErrorCode::System, "ask the server at " + control.string(),
                            std::move(why), std::move(remedy)}};
}

Unexpected<Error> not_reached(const std::filesystem::path& control, int number) {
    const std::string why = std::strerror(number);
    if (number == EACCES || number == EPERM) {
        return no_answer(control, why, "ask as root, or as a member of the socket's group");
    }
    return no_answer(control, why,
                     "start ostrakond (systemctl start ostrakond), or say with --config which "
                     "configuration it has: [server] control names the socket");
}

// Everything until the other side closes.
Result<std::string> read_all(int socket, const std::filesystem::path& control,
                             std::chrono::seconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::string all;
    std::array<char, 65536> buffer;
    while (all.size() < kAnswerSizeMax) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd readable{socket, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&readable, 1, static_cast<int>(left.count())) == 0) {
            return no_answer(control, "no answer in " + std::to_string(patience.count()) + " s",
                             "look into its log");
        }
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno != EINTR) {
            return no_answer(control, std::strerror(errno), "");
        }
        if (got == 0) {
            return all;
        }
        all.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    }
    return no_answer(control, "the answer has no end", "");
}

std::uint64_t number_at(const Json& json, const char* key) {
    return json.value(key, std::uint64_t{0});
}

std::optional<UnixTime> time_at(const Json& json, const char* key) {
    if (!json.contains(key) || !json.at(key).is_string()) {
        return std::nullopt;
    }
    const auto time = parse_timestamp(json.at(key).get<std::string>());
    return time ? std::optional{*time} : std::nullopt;
}

std::vector<TopItem> top_items(const Json& list, const char* what) {
    std::vector<TopItem> items;
    for (const Json& each : list) {
        items.push_back({each.at(what).get<std::string>(), each.value("zone", ""),
                         number_at(each, "queries"), each.value("listed", false)});
    }
    return items;
}

void take_queries(const Json& queries, ServerFigures& figures) {
    for (const Json& each : queries) {
        const std::uint64_t count = number_at(each, "count");
        figures
            .outcomes[each.at("zone").get<std::string>()][each.at("outcome").get<std::string>()] +=
            count;
        figures.types[each.at("type").get<std::string>()] += count;
        figures.transports[each.at("transport").get<std::string>()] += count;
    }
}

void take_listed(const Json& listed, ServerFigures& figures) {
    for (const Json& each : listed) {
        figures.listed[each.at("class").get<std::string>()] += number_at(each, "count");
    }
}

ServerFigures figures_of(const Json& json) {
    ServerFigures figures;
    figures.at = time_at(json, "at").value_or(UnixTime{});
    figures.started = time_at(json, "started").value_or(UnixTime{});
    figures.uptime_seconds = json.at("uptime_seconds").get<double>();
    figures.version = json.at("version").get<std::string>();
    figures.workers = number_at(json, "workers");
    figures.zones = json.at("zones").get<std::vector<std::string>>();
    figures.is_configuration_current = json.value("configuration_current", true);
    take_queries(json.at("queries"), figures);
    take_listed(json.at("listed"), figures);
    figures.limited =
        number_at(json.at("limited"), "dropped") + number_at(json.at("limited"), "in_brief");
    const Json& udp = json.at("udp");
    figures.lost = number_at(udp, "receive_overflows");
    figures.answer_microseconds =
        udp.at("answer_microseconds").at("counts").get<std::vector<std::uint64_t>>();
    figures.tcp_open = number_at(json.at("tcp"), "open");
    figures.tcp_open_max = number_at(json.at("tcp"), "open_max");
    if (const Json& database = json.at("database"); database.is_object()) {
        figures.has_database = true;
        figures.database_used = number_at(database, "used_bytes");
        figures.database_size = number_at(database, "size_bytes");
        figures.disk_free = number_at(database, "disk_free_bytes");
        figures.serial = number_at(database, "serial");
    }
    for (const Json& feed : json.at("feeds")) {
        figures.feeds.push_back({feed.at("name").get<std::string>(),
                                 feed.at("state").get<std::string>(), number_at(feed, "entries"),
                                 time_at(feed, "last_success")});
    }
    const Json& top = json.at("top");
    figures.top_seconds = std::max<std::uint64_t>(1, number_at(top, "seconds"));
    figures.subjects = top_items(top.at("subjects"), "subject");
    figures.clients = top_items(top.at("clients"), "client");
    return figures;
}

}  // namespace

Result<ServerFigures> parse_figures(const std::string& json) {
    try {
        return figures_of(Json::parse(json));
    } catch (const Json::exception& problem) {
        return Unexpected{Error{ErrorCode::System, "read the figures of the server", problem.what(),
                                "have the server and this program of one version"}};
    }
}

Result<ServerFigures> ask_server(const std::filesystem::path& control,
                                 std::chrono::seconds patience) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string& path = control.native();
    if (path.empty()) {
        return Unexpected{Error{ErrorCode::System, "ask the server",
                                "[server] control is empty: it has no control socket",
                                "name one, and start the server again"}};
    }
    if (path.size() >= sizeof name.sun_path) {
        return no_answer(control, "the path of a socket cannot be so long", "name a shorter one");
    }
    std::memcpy(name.sun_path, path.data(), path.size());
    const FileDescriptor socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const timeval connecting{patience.count(), 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &connecting, sizeof connecting);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
        ::send(socket.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) {
        return not_reached(control, errno);
    }
    const auto answer = read_all(socket.get(), control, patience);
    if (!answer) {
        return Unexpected{answer.error()};
    }
    const std::size_t body = answer->find("\r\n\r\n");
    const std::string_view status = std::string_view{*answer}.substr(0, answer->find('\r'));
    if (body == std::string::npos || status.find(" 200") == std::string_view::npos) {
        return no_answer(control, "it says: " + std::string{status}, "try again");
    }
    return parse_figures(answer->substr(body + 4));
}

}  // namespace ostrakon::figures
