#include "fetch_process.hpp"

#include "ostrakon/store/codec.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

namespace ostrakon::pull {
namespace {

using fetch::Failure;
using fetch::FailureKind;
using fetch::Fetched;
using Outcome = Expected<Fetched, Failure>;

// A message is its kind, the size of what follows (u32, host order), and that.
constexpr char kProgressMessage = 'P';
constexpr char kResultMessage = 'R';
constexpr std::size_t kHeaderSize = 1 + sizeof(std::uint32_t);
constexpr std::size_t kMessageSizeMax = 65536;
constexpr std::uint64_t kMd5SizeMax = 65536;
constexpr std::int64_t kBesideSeconds = 60;  // beyond the limit that the fetch itself heeds

void say(int news, char kind, const std::string& bytes) {
    std::string message(1, kind);
    store::append_raw(message, static_cast<std::uint32_t>(bytes.size()));
    message += bytes;
    for (std::size_t at = 0; at < message.size();) {
        const ssize_t written = write(news, message.data() + at, message.size() - at);
        if (written < 0 && errno != EINTR) {
            _exit(1);  // nobody listens
        }
        at += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    }
}

std::string encode(const Outcome& outcome) {
    store::Encoder encoder;
    encoder.flag(outcome.has_value());
    if (outcome) {
        encoder.flag(outcome->is_unchanged)
            .text(outcome->validators.etag)
            .text(outcome->validators.last_modified)
            .flag(outcome->fresh_until.has_value())
            .number(static_cast<std::uint64_t>(outcome->fresh_until.value_or(UnixTime{}).seconds))
            .number(outcome->size);
    } else {
        const Failure& failure = outcome.error();
        encoder.number(static_cast<std::uint64_t>(failure.kind))
            .number(static_cast<std::uint64_t>(failure.error.code))
            .text(failure.error.attempt)
            .text(failure.error.why)
            .text(failure.error.remedy)
            .flag(failure.retry_after.has_value())
            .number(static_cast<std::uint64_t>(failure.retry_after.value_or(Duration{}).seconds));
    }
    return encoder.take();
}

Failure broken_off(std::string why) {
    return {FailureKind::Temporary, {ErrorCode::System, "fetch", std::move(why), ""}, std::nullopt};
}

Outcome decode(std::string_view bytes) {
    store::Decoder decoder{bytes};
    if (decoder.flag()) {
        Fetched fetched;
        fetched.is_unchanged = decoder.flag();
        fetched.validators.etag = decoder.text();
        fetched.validators.last_modified = decoder.text();
        const bool has_time = decoder.flag();
        const UnixTime time{static_cast<std::int64_t>(decoder.number())};
        if (has_time) {
            fetched.fresh_until = time;
        }
        fetched.size = decoder.number();
        return decoder.is_damaged() ? Outcome{Unexpected{broken_off("the fetching process gave no "
                                                                    "whole answer")}}
                                    : Outcome{std::move(fetched)};
    }
    Failure failure;
    failure.kind = static_cast<FailureKind>(decoder.number());
    failure.error.code = static_cast<ErrorCode>(decoder.number());
    failure.error.attempt = decoder.text();
    failure.error.why = decoder.text();
    failure.error.remedy = decoder.text();
    const bool has_wish = decoder.flag();
    const Duration wish{static_cast<std::int64_t>(decoder.number())};
    if (has_wish) {
        failure.retry_after = wish;
    }
    return Unexpected{decoder.is_damaged() || bytes.empty()
                          ? broken_off("the fetching process has ended early")
                          : std::move(failure)};
}

Outcome carry_out(const FetchJob& job, int news) {
    fetch::Request request = job.request;
    if (job.key != nullptr) {
        auto key = fetch::read_key(*job.key);
        if (!key) {
            return Unexpected{Failure{FailureKind::BadRequest, std::move(key.error()), {}}};
        }
        request.key = std::move(*key);
    }
    request.progress = [news](std::uint64_t done, std::uint64_t total) {
        store::Encoder encoder;
        say(news, kProgressMessage, encoder.number(done).number(total).take());
    };
    auto fetched = fetch::fetch(request);
    if (fetched && !fetched->is_unchanged && !job.md5_url.empty()) {
        fetch::Request digest = job.request;
        digest.url = job.md5_url;
        digest.validators = {};
        digest.previous.clear();
        digest.body = job.md5_body;
        digest.limits.size_max = kMd5SizeMax;
        // A publisher without one is borne: the list has counts of its own.
        [[maybe_unused]] const auto ignored = fetch::fetch(digest);
    }
    return fetched;
}

[[noreturn]] void run_child(pid_t parent, int news, const FetchJob& job) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1);
    }
    signal(SIGPIPE, SIG_IGN);
    // What looks up names has no limit of its own.
    alarm(static_cast<unsigned>(job.request.limits.total.seconds + kBesideSeconds));
    try {
        say(news, kResultMessage, encode(carry_out(job, news)));
    } catch (const std::exception& problem) {
        say(news, kResultMessage, encode(Unexpected{broken_off(problem.what())}));
    }
    _exit(0);
}

Unexpected<Error> cannot_start() {
    return Unexpected{Error{ErrorCode::System, "start a process", std::strerror(errno), ""}};
}

}  // namespace

Result<FetchProcess> FetchProcess::start(const FetchJob& job) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        return cannot_start();
    }
    FileDescriptor read_end{ends[0]};
    const FileDescriptor write_end{ends[1]};
    if (fcntl(read_end.get(), F_SETFL, O_NONBLOCK) != 0) {
        return cannot_start();
    }
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
        return cannot_start();
    }
    if (pid == 0) {
        read_end.reset();
        run_child(parent, write_end.get(), job);
    }
    return FetchProcess{pid, std::move(read_end)};
}

FetchProcess::FetchProcess(FetchProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      news_(std::move(other.news_)),
      unread_(std::move(other.unread_)),
      result_(std::move(other.result_)) {}

FetchProcess& FetchProcess::operator=(FetchProcess&& other) noexcept {
    if (this != &other) {
        end();
        pid_ = std::exchange(other.pid_, -1);
        news_ = std::move(other.news_);
        unread_ = std::move(other.unread_);
        result_ = std::move(other.result_);
    }
    return *this;
}

FetchProcess::~FetchProcess() {
    end();
}

void FetchProcess::end() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
    }
}

void FetchProcess::take_messages(const Progress& progress) {
    while (unread_.size() >= kHeaderSize) {
        const auto size = store::load_raw<std::uint32_t>(unread_.data() + 1);
        if (size > kMessageSizeMax) {
            unread_.clear();
            return;
        }
        if (unread_.size() < kHeaderSize + size) {
            return;
        }
        const std::string bytes = unread_.substr(kHeaderSize, size);
        if (unread_.front() == kResultMessage) {
            result_ = bytes;
        } else if (progress) {
            store::Decoder decoder{bytes};
            const std::uint64_t done = decoder.number();
            progress(done, decoder.number());
        }
        unread_.erase(0, kHeaderSize + size);
    }
}

bool FetchProcess::advance(const Progress& progress) {
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t got = read(news_.get(), buffer.data(), buffer.size());
        if (got > 0) {
            unread_.append(buffer.data(), static_cast<std::size_t>(got));
            take_messages(progress);
        } else if (got == 0) {
            return false;
        } else if (errno != EINTR) {
            return errno == EAGAIN;
        }
    }
}

Expected<Fetched, Failure> FetchProcess::finish() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (WIFSIGNALED(status)) {
        return Unexpected{broken_off(WTERMSIG(status) == SIGALRM
                                         ? std::string{"it took too long"}
                                         : "the fetching process was ended by signal " +
                                               std::to_string(WTERMSIG(status)))};
    }
    return decode(result_);
}

}  // namespace ostrakon::pull
