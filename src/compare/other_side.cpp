#include "ostrakon/compare/other_side.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/diagnose/exchange.hpp"
#include "ostrakon/dns/wire.hpp"
#include "ostrakon/net/socket_address.hpp"
#include "pace.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <random>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr std::size_t kWindow = 64;  // questions under way
constexpr unsigned kTries = 3;
constexpr std::size_t kGivenUpInRowMax = 4 * kWindow;  // then it has stopped answering
constexpr std::size_t kTcpFailuresInRowMax = 10;
constexpr std::uint8_t kTruncatedBit = 0x02;

struct UnderWay {
    std::size_t place = 0;
    Bytes query;
    Clock::time_point due;  // when it is asked again, or given up
    unsigned tries = 0;
};

// One run over all questions.
class Run {
public:
    Run(const Asking& asking, const std::vector<Question>& questions, const TakeAnswer& take)
        : asking_(asking),
          questions_(questions),
          take_(take),
          pace_(asking.packets_per_second),
          buffer_(dns::kMessageSizeMax) {}

    Result<Done> run() {
        if (auto connected = connect(); !connected) {
            return connected;
        }
        while (next_ < questions_.size() || !under_way_.empty()) {
            send_all();
            wait();
            for (const auto step : {&Run::receive_all, &Run::give_up}) {
                if (auto done = (this->*step)(); !done) {
                    return done;
                }
            }
        }
        return ask_over_tcp();
    }

private:
    Unexpected<Error> cannot_ask(std::string why) const {
        return Unexpected{Error{ErrorCode::System, "ask " + config::to_string(asking_.server),
                                std::move(why), "see that a DNS server runs there"}};
    }

    Result<Done> connect() {
        const net::SocketAddress address =
            net::socket_address(asking_.server.address, asking_.server.port);
        socket_ = FileDescriptor{
            ::socket(address.storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
        if (!socket_.is_open() || ::connect(socket_.get(), address.get(), address.size) != 0) {
            return cannot_ask(std::strerror(errno));
        }
        return Done{};
    }

    void send(UnderWay& question) {
        // An earlier packet that was refused is told by the next call, which then sends nothing.
        if (::send(socket_.get(), question.query.data(), question.query.size(), MSG_NOSIGNAL) < 0) {
            last_error_ = errno;
            ::send(socket_.get(), question.query.data(), question.query.size(), MSG_NOSIGNAL);
        }
        ++question.tries;
        const auto now = Clock::now();
        question.due = now + asking_.patience;
        pace_.sent(now);
    }

    // Ids are random and distinct, so that nobody can answer in the server's place unseen.
    std::uint16_t free_id() {
        auto id = static_cast<std::uint16_t>(random_());
        while (under_way_.contains(id)) {  // of 65,536 at most kWindow are taken
            id = static_cast<std::uint16_t>(random_());
        }
        return id;
    }

    void send_all() {
        for (auto& [id, question] : under_way_) {
            const auto now = Clock::now();
            if (question.due <= now && question.tries < kTries && pace_.lets_send(now)) {
                send(question);
            }
        }
        while (next_ < questions_.size() && under_way_.size() < kWindow &&
               pace_.lets_send(Clock::now())) {
            const std::uint16_t id = free_id();
            UnderWay& question = under_way_[id];
            question.place = next_;
            question.query = write_question(questions_[next_++], id);
            send(question);
        }
    }

    // Until something comes, may be sent, or is due.
    void wait() {
        auto until = Clock::time_point::max();
        bool is_waiting_to_send = next_ < questions_.size() && under_way_.size() < kWindow;
        const auto now = Clock::now();
        for (const auto& [id, question] : under_way_) {
            if (question.due > now || question.tries == kTries) {
                until = std::min(until, question.due);
            } else {
                is_waiting_to_send = true;
            }
        }
        if (is_waiting_to_send) {
            until = std::min(until, pace_.next());
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
        pollfd polled{socket_.get(), POLLIN, 0};
        ::poll(&polled, 1,
               static_cast<int>(std::clamp<std::int64_t>(left, 0, asking_.patience.count())));
    }

    Result<Done> receive_all() {
        for (std::size_t i = 0; i < kWindow; ++i) {
            const ssize_t size = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
            if (size < 0 && errno != EAGAIN && errno != EINTR) {
                last_error_ = errno;
            }
            if (size < 0) {
                return Done{};
            }
            if (auto taken = take_packet({buffer_.data(), static_cast<std::size_t>(size)});
                !taken) {
                return taken;
            }
        }
        return Done{};
    }

    Result<Done> take_packet(std::span<const std::uint8_t> packet) {
        if (packet.size() < dns::kHeaderSize) {
            return Done{};
        }
        const auto found = under_way_.find(dns::load_u16(packet.data()));
        if (found == under_way_.end() || !diagnose::is_answer_to(found->second.query, packet)) {
            return Done{};
        }
        const std::size_t place = found->second.place;
        under_way_.erase(found);
        has_answered_ = true;
        given_up_in_row_ = 0;
        if ((packet[2] & kTruncatedBit) != 0) {
            for_tcp_.push_back(place);
            return Done{};
        }
        return take_(place, {packet.begin(), packet.end()});
    }

    Result<Done> give_up() {
        const auto now = Clock::now();
        for (auto at = under_way_.begin(); at != under_way_.end();) {
            if (at->second.due > now || at->second.tries < kTries) {
                ++at;
                continue;
            }
            const std::size_t place = at->second.place;
            at = under_way_.erase(at);
            ++given_up_in_row_;
            if (auto taken = take_(place, {}); !taken) {
                return taken;
            }
        }
        if (!has_answered_ && given_up_in_row_ >= std::min(kWindow, questions_.size())) {
            return cannot_ask(last_error_ == 0 ? "no answer comes" : std::strerror(last_error_));
        }
        while (given_up_in_row_ >= kGivenUpInRowMax && next_ < questions_.size()) {
            if (auto taken = take_(next_++, {}); !taken) {
                return taken;
            }
        }
        return Done{};
    }

    Result<Done> ask_over_tcp() {
        std::size_t failures_in_row = 0;
        for (const std::size_t place : for_tcp_) {
            Bytes answer;
            if (failures_in_row < kTcpFailuresInRowMax) {
                pace_.wait();
                const Bytes query =
                    write_question(questions_[place], static_cast<std::uint16_t>(random_()));
                answer = diagnose::exchange_over_tcp(asking_.server, query,
                                                     Clock::now() + 2 * asking_.patience)
                             .answer;
                failures_in_row = answer.empty() ? failures_in_row + 1 : 0;
            }
            if (auto taken = take_(place, answer); !taken) {
                return taken;
            }
        }
        return Done{};
    }

    const Asking& asking_;
    const std::vector<Question>& questions_;
    const TakeAnswer& take_;
    Pace pace_;
    Bytes buffer_;
    FileDescriptor socket_;
    std::random_device random_;
    std::map<std::uint16_t, UnderWay> under_way_;
    std::vector<std::size_t> for_tcp_;
    std::size_t next_ = 0;
    std::size_t given_up_in_row_ = 0;
    bool has_answered_ = false;
    int last_error_ = 0;
};

}  // namespace

Result<Done> ask_all(const Asking& asking, const std::vector<Question>& questions,
                     const TakeAnswer& take) {
    return Run{asking, questions, take}.run();
}

}  // namespace ostrakon::compare
