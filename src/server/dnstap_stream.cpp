#include "dnstap_stream.hpp"

#include "ostrakon/base/shared_library.hpp"

#include <fcntl.h>
#include <fstrm.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>

namespace ostrakon::server {

struct FstrmLibrary {
    decltype(&fstrm_rdwr_init) rdwr_init;
    decltype(&fstrm_rdwr_destroy) rdwr_destroy;
    decltype(&fstrm_rdwr_set_open) set_open;
    decltype(&fstrm_rdwr_set_close) set_close;
    decltype(&fstrm_rdwr_set_read) set_read;
    decltype(&fstrm_rdwr_set_write) set_write;
    decltype(&fstrm_writer_options_init) options_init;
    decltype(&fstrm_writer_options_destroy) options_destroy;
    decltype(&fstrm_writer_options_add_content_type) add_content_type;
    decltype(&fstrm_writer_init) writer_init;
    decltype(&fstrm_writer_destroy) writer_destroy;
    decltype(&fstrm_writer_open) writer_open;
    decltype(&fstrm_writer_write) writer_write;
};

namespace {

using StreamClock = std::chrono::steady_clock;

constexpr std::string_view kContentType = "protobuf:dnstap.Dnstap";
constexpr std::size_t kBufferedMax = std::size_t{256} << 10;
// How long the other side may take nothing, or say nothing, before it is given up.
constexpr std::chrono::seconds kStreamPatience{5};
constexpr std::chrono::seconds kPatienceAtEnd{1};
constexpr int kStreamPollMs = 50;
constexpr mode_t kTapMode = 0640;  // who asks about whom is nobody's business

Unexpected<Error> failed_stream(const config::DnstapTarget& place, const char* what, int error) {
    return Unexpected{Error{ErrorCode::System, std::string{what} + " [log] dnstap " + place.path,
                            std::strerror(error), ""}};
}

Result<FileDescriptor> open_tap_file(const config::DnstapTarget& place) {
    const std::string before = place.path + ".1";
    if (::rename(place.path.c_str(), before.c_str()) != 0 && errno != ENOENT) {
        return failed_stream(place, "move away the former", errno);
    }
    FileDescriptor file{
        ::open(place.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, kTapMode)};
    if (!file.is_open()) {
        return failed_stream(place, "open", errno);
    }
    return file;
}

Result<FileDescriptor> connect_tap(const config::DnstapTarget& place) {
    FileDescriptor socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!socket.is_open() || place.path.size() >= sizeof address.sun_path) {
        return failed_stream(place, "make a socket for", socket.is_open() ? ENAMETOOLONG : errno);
    }
    std::memcpy(address.sun_path, place.path.c_str(), place.path.size() + 1);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address),  // NOLINT: sockets
                  sizeof address) != 0) {
        return failed_stream(place, "connect to", errno);
    }
    return socket;
}

}  // namespace

Result<std::shared_ptr<const FstrmLibrary>> load_fstrm_library() {
    auto library = SharedLibrary::open("libfstrm.so.0", "libfstrm0");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    auto fstrm = std::make_shared<FstrmLibrary>();
    library->find(fstrm->rdwr_init, "fstrm_rdwr_init");
    library->find(fstrm->rdwr_destroy, "fstrm_rdwr_destroy");
    library->find(fstrm->set_open, "fstrm_rdwr_set_open");
    library->find(fstrm->set_close, "fstrm_rdwr_set_close");
    library->find(fstrm->set_read, "fstrm_rdwr_set_read");
    library->find(fstrm->set_write, "fstrm_rdwr_set_write");
    library->find(fstrm->options_init, "fstrm_writer_options_init");
    library->find(fstrm->options_destroy, "fstrm_writer_options_destroy");
    library->find(fstrm->add_content_type, "fstrm_writer_options_add_content_type");
    library->find(fstrm->writer_init, "fstrm_writer_init");
    library->find(fstrm->writer_destroy, "fstrm_writer_destroy");
    library->find(fstrm->writer_open, "fstrm_writer_open");
    library->find(fstrm->writer_write, "fstrm_writer_write");
    if (auto whole = library->whole(); !whole) {
        return Unexpected{std::move(whole.error())};
    }
    return std::shared_ptr<const FstrmLibrary>{std::move(fstrm)};
}

// What libfstrm reads and writes through: its own I/O would wait for ever where nobody reads.
struct DnstapStream::State {
    std::shared_ptr<const FstrmLibrary> fstrm;
    FileDescriptor fd;
    bool is_socket = false;
    const std::atomic<bool>* is_ending = nullptr;
    fstrm_writer* writer = nullptr;
    std::string buffer;
    bool is_broken = false;

    // False: not within the patience.
    bool wait_for(short events) const {
        const auto begin = StreamClock::now();
        pollfd polled{fd.get(), events, 0};
        while (::poll(&polled, 1, kStreamPollMs) <= 0) {
            const auto patience = is_ending->load() ? kPatienceAtEnd : kStreamPatience;
            if (StreamClock::now() - begin > patience) {
                return false;
            }
        }
        return true;
    }

    bool flush() {
        std::string_view rest = buffer;
        while (!rest.empty() && !is_broken) {
            const ssize_t written = is_socket
                                        ? ::send(fd.get(), rest.data(), rest.size(), MSG_NOSIGNAL)
                                        : ::write(fd.get(), rest.data(), rest.size());
            if (written > 0) {
                rest.remove_prefix(static_cast<std::size_t>(written));
            } else if (errno == EAGAIN && is_socket) {
                is_broken = !wait_for(POLLOUT);
            } else if (errno != EINTR) {
                is_broken = true;
            }
        }
        buffer.clear();
        return !is_broken;
    }

    bool read(char* data, std::size_t count) {
        while (count > 0 && flush()) {
            const ssize_t got = ::recv(fd.get(), data, count, 0);
            if (got > 0) {
                data += got;
                count -= static_cast<std::size_t>(got);
            } else if (got < 0 && errno == EAGAIN) {
                is_broken = !wait_for(POLLIN);
            } else if (got == 0 || errno != EINTR) {
                is_broken = true;
            }
        }
        return count == 0;
    }

    static fstrm_res on_open(void*) { return fstrm_res_success; }
    static fstrm_res on_close(void* self) {
        return static_cast<State*>(self)->flush() ? fstrm_res_success : fstrm_res_failure;
    }
    static fstrm_res on_read(void* self, void* data, std::size_t count) {
        return static_cast<State*>(self)->read(static_cast<char*>(data), count) ? fstrm_res_success
                                                                                : fstrm_res_failure;
    }
    static fstrm_res on_write(void* self, const iovec* pieces, int count) {
        State& state = *static_cast<State*>(self);
        for (int i = 0; i < count; ++i) {
            state.buffer.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
        }
        const bool is_good =
            !state.is_broken && (state.buffer.size() < kBufferedMax || state.flush());
        return is_good ? fstrm_res_success : fstrm_res_failure;
    }

    bool begin() {
        fstrm_rdwr* rdwr = fstrm->rdwr_init(this);
        fstrm->set_open(rdwr, on_open);
        fstrm->set_close(rdwr, on_close);
        fstrm->set_write(rdwr, on_write);
        if (is_socket) {  // then the other side is asked what it takes
            fstrm->set_read(rdwr, on_read);
        }
        fstrm_writer_options* options = fstrm->options_init();
        const bool is_named = fstrm->add_content_type(options, kContentType.data(),
                                                      kContentType.size()) == fstrm_res_success;
        writer = is_named ? fstrm->writer_init(options, &rdwr) : nullptr;
        fstrm->options_destroy(&options);
        if (writer == nullptr && rdwr != nullptr) {
            fstrm->rdwr_destroy(&rdwr);
        }
        return writer != nullptr && fstrm->writer_open(writer) == fstrm_res_success && flush();
    }
};

DnstapStream::DnstapStream(std::unique_ptr<State> state) : state_(std::move(state)) {}

DnstapStream::~DnstapStream() {
    if (state_->writer != nullptr) {
        state_->fstrm->writer_destroy(&state_->writer);
    }
}

Result<std::unique_ptr<DnstapStream>> DnstapStream::open(
    std::shared_ptr<const FstrmLibrary> library, const config::DnstapTarget& place,
    const std::atomic<bool>& is_ending) {
    auto fd = place.is_socket ? connect_tap(place) : open_tap_file(place);
    if (!fd) {
        return Unexpected{std::move(fd.error())};
    }
    auto state = std::make_unique<State>();
    state->fstrm = std::move(library);
    state->fd = std::move(*fd);
    state->is_socket = place.is_socket;
    state->is_ending = &is_ending;
    std::unique_ptr<DnstapStream> stream{new DnstapStream{std::move(state)}};
    if (!stream->state_->begin()) {
        return Unexpected{Error{
            ErrorCode::System, "begin a stream to [log] dnstap " + place.path,
            place.is_socket ? "who listens there does not take dnstap" : "it cannot be written",
            ""}};
    }
    return stream;
}

bool DnstapStream::write(std::string_view frame) {
    return state_->fstrm->writer_write(state_->writer, frame.data(), frame.size()) ==
           fstrm_res_success;
}

bool DnstapStream::flush() {
    return state_->flush();
}

}  // namespace ostrakon::server
