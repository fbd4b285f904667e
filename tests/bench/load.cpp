#include "bench/load.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <stdexcept>
#include <system_error>

namespace ostrakon::bench {
namespace {

constexpr int kBufferBytes = 4 << 20;
constexpr std::size_t kReceiveBatch = 64;
constexpr std::size_t kAnswerSizeMax = 4096;
constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kComparedBytes = 8;  // of the name: enough to know whose answer it is
constexpr std::size_t kMessagesPerSend = 32;
constexpr int kIdleWaitMs = 1;
constexpr std::chrono::milliseconds kGiveUpEvery{20};

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

int connected_socket(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kBufferBytes, sizeof kBufferBytes);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kBufferBytes, sizeof kBufferBytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        fail("connect");
    }
    return fd;
}

class Load {
public:
    Load(const LoadOptions& options, QuestionTrain& questions)
        : options_(options),
          questions_(questions),
          group_(options.rate_per_s > 0 ? 1 : QuestionTrain::kGroup),
          next_question_(options.first_question / group_ * group_ % questions.count()) {
        if (options_.window == 0) {
            options_.window = options_.rate_per_s > 0 ? kRateWindow : kFloodWindow;
        }
        for (std::size_t i = 0; i < options.sockets; ++i) {
            sockets_.push_back({connected_socket(options.port), POLLIN, 0});
        }
        for (std::size_t i = 0; i < kReceiveBatch; ++i) {
            parts_[i] = {answers_[i].data(), kAnswerSizeMax};
            received_[i].msg_hdr.msg_iov = &parts_[i];
            received_[i].msg_hdr.msg_iovlen = 1;
        }
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;
    ~Load() {
        for (const pollfd& socket : sockets_) {
            ::close(socket.fd);
        }
    }

    LoadResult run(const std::atomic<bool>& stop) {
        begin_ = Clock::now();
        last_answer_ = begin_;
        const auto end = begin_ + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(options_.seconds));
        Clock::time_point now = begin_;
        while (now < end && !stop) {
            const bool any_received = receive();
            now = Clock::now();
            const bool any_sent = send(now, any_received);
            give_up(now);
            if (!any_received && !any_sent && options_.rate_per_s <= 0) {
                ::poll(sockets_.data(), sockets_.size(), kIdleWaitMs);
            }
        }
        note_gap(now);
        result_.seconds = std::chrono::duration<double>(now - begin_).count();
        while (outstanding_.waiting() > 0) {
            if (!receive()) {
                ::poll(sockets_.data(), sockets_.size(), kIdleWaitMs);
            }
            give_up(Clock::now());
        }
        return result_;
    }

private:
    bool receive() {
        bool any = false;
        for (const pollfd& socket : sockets_) {
            const int count =
                ::recvmmsg(socket.fd, received_.data(), kReceiveBatch, MSG_DONTWAIT, nullptr);
            if (count <= 0) {
                continue;
            }
            any = true;
            const Clock::time_point now = Clock::now();
            note_gap(now);
            for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
                note(answers_[i].data(), received_[i].msg_len, now);
            }
        }
        return any;
    }

    void note_gap(Clock::time_point now) {
        if (result_.answered > 0) {
            result_.longest_gap =
                std::max<std::chrono::nanoseconds>(result_.longest_gap, now - last_answer_);
        }
        last_answer_ = now;
    }

    void note(const std::uint8_t* answer, std::size_t size, Clock::time_point now) {
        const auto id = static_cast<std::uint16_t>(answer[0] << 8 | answer[1]);
        const Outstanding::Sent* const sent =
            size < kHeaderSize + kComparedBytes ? nullptr : outstanding_.find(id);
        if (sent == nullptr || std::memcmp(questions_.packet(sent->question) + kHeaderSize,
                                           answer + kHeaderSize, kComparedBytes) != 0) {
            ++result_.strange;
            return;
        }
        result_.times_ns.add(static_cast<std::uint64_t>((now - sent->at).count()));
        outstanding_.finish(id);
        ++result_.answered;
        ++result_.rcodes[answer[3] & 0xF];
        result_.listed += (answer[6] | answer[7]) != 0 ? 1 : 0;
    }

    // How many questions are to be sent now.
    std::size_t due(Clock::time_point now, bool any_received) {
        const std::size_t waiting = outstanding_.waiting();
        const std::size_t room = options_.window - std::min(options_.window, waiting);
        if (options_.rate_per_s <= 0) {
            // A server that has just answered will answer more: few sends of many cost less.
            return any_received && room < options_.window / 4 ? 0 : room;
        }
        const double wanted =
            std::chrono::duration<double>(now - begin_).count() * options_.rate_per_s;
        const auto behind = static_cast<std::size_t>(wanted) - result_.sent - result_.unsent;
        result_.unsent += behind - std::min(behind, room);
        return std::min(behind, room);
    }

    bool send(Clock::time_point now, bool any_received) {
        std::size_t messages = 0;
        const std::size_t count = due(now, any_received);
        for (std::size_t done = 0;
             done + group_ <= count && messages < kMessagesPerSend && outstanding_.has_ids(group_);
             done += group_) {
            load_message(messages++, now);
        }
        const int fd = sockets_[next_socket_++ % sockets_.size()].fd;
        for (std::size_t done = 0; done < messages;) {
            const int sent =
                ::sendmmsg(fd, &sent_[done], static_cast<unsigned>(messages - done), 0);
            if (sent > 0) {
                done += static_cast<std::size_t>(sent);
            } else if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS &&
                       errno != ECONNREFUSED) {
                fail("sendmmsg");
            }
        }
        result_.sent += messages * group_;
        return messages > 0;
    }

    // Makes message number `message` of the next group of questions.
    void load_message(std::size_t message, Clock::time_point now) {
        if (next_question_ + group_ > questions_.count()) {
            next_question_ = 0;
        }
        const std::size_t size = questions_.size(next_question_);
        iovec& part = sent_parts_[message];
        part = {questions_.packet(next_question_), size * group_};
        for (std::size_t i = 0; i < group_; ++i, ++next_question_) {
            const std::uint16_t id =
                outstanding_.add(now, static_cast<std::uint32_t>(next_question_));
            std::uint8_t* const packet = questions_.packet(next_question_);
            packet[0] = static_cast<std::uint8_t>(id >> 8);
            packet[1] = static_cast<std::uint8_t>(id);
        }
        msghdr& header = sent_[message].msg_hdr;
        header = {};
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        if (group_ > 1) {
            cut_into(header, controls_[message], static_cast<std::uint16_t>(size));
        }
    }

    struct Control {
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
    };

    // Has the kernel make packets of `size` bytes out of a message.
    static void cut_into(msghdr& header, Control& control, std::uint16_t size) {
        header.msg_control = control.bytes.data();
        header.msg_controllen = control.bytes.size();
        cmsghdr* const segment = CMSG_FIRSTHDR(&header);
        segment->cmsg_level = SOL_UDP;
        segment->cmsg_type = UDP_SEGMENT;
        segment->cmsg_len = CMSG_LEN(sizeof size);
        std::memcpy(CMSG_DATA(segment), &size, sizeof size);
    }

    void give_up(Clock::time_point now) {
        if (now >= next_give_up_) {
            next_give_up_ = now + kGiveUpEvery;
            result_.lost += outstanding_.give_up(now - options_.patience);
        }
    }

    LoadOptions options_;
    QuestionTrain& questions_;
    std::size_t group_;  ///< Questions in a message.
    std::size_t next_question_;
    std::size_t next_socket_ = 0;
    std::vector<pollfd> sockets_;
    Outstanding outstanding_;
    LoadResult result_;
    Clock::time_point begin_;
    Clock::time_point last_answer_;
    Clock::time_point next_give_up_;
    std::array<std::array<std::uint8_t, kAnswerSizeMax>, kReceiveBatch> answers_{};
    std::array<iovec, kReceiveBatch> parts_{};
    std::array<mmsghdr, kReceiveBatch> received_{};
    std::array<iovec, kMessagesPerSend> sent_parts_{};
    std::array<mmsghdr, kMessagesPerSend> sent_{};
    std::array<Control, kMessagesPerSend> controls_{};
};

}  // namespace

QuestionTrain::QuestionTrain(const std::vector<test::Bytes>& questions) {
    std::map<std::size_t, std::vector<const test::Bytes*>> by_size;
    for (const test::Bytes& question : questions) {
        std::vector<const test::Bytes*>& group = by_size[question.size()];
        group.push_back(&question);
        if (group.size() < kGroup) {
            continue;
        }
        for (const test::Bytes* const member : group) {
            starts_.push_back(static_cast<std::uint32_t>(bytes_.size()));
            bytes_.insert(bytes_.end(), member->begin(), member->end());
        }
        group.clear();
    }
    if (starts_.empty()) {
        throw std::runtime_error(
            fmt::format("fewer than {} questions of any one size", QuestionTrain::kGroup));
    }
    starts_.push_back(static_cast<std::uint32_t>(bytes_.size()));
}

LoadResult run_load(const LoadOptions& options, QuestionTrain& questions,
                    const std::atomic<bool>& stop) {
    return Load{options, questions}.run(stop);
}

}  // namespace ostrakon::bench
