#include "transfer_sending.hpp"

#include "ostrakon/responder/signature.hpp"
#include "ostrakon/responder/transfer_request.hpp"
#include "ostrakon/server/log.hpp"
#include "ostrakon/server/tcp_framing.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/transaction.hpp"
#include "ostrakon/transfer/catalog_zone.hpp"
#include "ostrakon/transfer/message_stream.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>

namespace ostrakon::server {
namespace {

using TransferClock = std::chrono::steady_clock;

// A client that takes no message within this time makes no progress.
constexpr std::chrono::seconds kProgressPatience{30};
// The follower looks once a second, and may have much to compare.
constexpr std::chrono::seconds kFollowerPatience{5};
// How often a wait looks whether the transfer is to end.
constexpr int kPollMilliseconds = 200;

// RFC 1982: whether `serial` is `other` or newer.
bool is_as_new(std::uint32_t serial, std::uint32_t other) {
    return static_cast<std::int32_t>(serial - other) >= 0;
}

class Sending {
public:
    Sending(TransferJob& job, const TransferState& state) : job_(job), state_(state) {}

    bool run();

private:
    bool read_request();
    Result<Done> choose_source();
    Result<Done> choose_catalog();
    Result<std::uint32_t> newest_serial() const;
    std::optional<transfer::Differences> changes_for_client();
    Result<Done> choose_changes_or_zone();
    Result<Done> send_messages();
    Result<Done> send_message(std::vector<std::uint8_t>& message);
    Result<Done> write_all(std::span<const std::uint8_t> bytes, int flags);
    void tell(const Result<Done>& result) const;
    static Unexpected<Error> failed(std::string why) {
        return Unexpected{Error{ErrorCode::System, "", std::move(why), ""}};
    }

    TransferJob& job_;
    const TransferState& state_;
    const TransferClock::time_point begin_ = TransferClock::now();
    responder::PendingQuery query_;
    responder::Signature signature_;
    responder::TransferRequest request_;
    std::optional<tsig::AnswerSigner> signer_;
    std::unique_ptr<transfer::RecordSource> source_;
    std::string what_;  // is sent, for people
    std::uint32_t serial_ = 0;
    std::uint64_t records_ = 0;
    std::uint64_t bytes_ = 0;
};

bool Sending::read_request() {
    const responder::Site::Prepared& site = job_.site->prepared();
    responder::read_query(job_.connection.request, site, query_);
    const tsig::Key* signer = nullptr;
    if (!query_.error && query_.query.tsig_begin != 0) {
        responder::check_signature(query_, site, job_.received, signature_);
        signer = signature_.signer();
        signer_.emplace(signature_.record, signature_.key, signature_.finding);
    }
    const auto granted = responder::granted_transfer(query_, job_.connection.client, site, signer);
    if (granted) {
        request_ = *granted;
    }
    return granted.has_value();
}

Result<Done> Sending::choose_source() {
    return request_.is_catalog ? choose_catalog() : choose_changes_or_zone();
}

Result<std::uint32_t> Sending::newest_serial() const {
    const auto snapshot = store::Snapshot::begin(state_.environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    return static_cast<std::uint32_t>(store::meta_number(*snapshot, store::meta_key::kSerial));
}

Result<Done> Sending::choose_catalog() {
    const auto newest = newest_serial();
    if (!newest) {
        return Unexpected{newest.error()};
    }
    serial_ = *newest;
    const zone::Zone& catalog = *request_.zone->zone;
    if (request_.client_serial && is_as_new(*request_.client_serial, serial_)) {
        what_ = "nothing new";
        source_ =
            std::make_unique<transfer::ChangesOfZone>(catalog, serial_, transfer::Differences{});
        return Done{};
    }
    if (request_.client_serial && state_.catalog_since &&
        *request_.client_serial != *state_.catalog_since &&
        is_as_new(*request_.client_serial, *state_.catalog_since)) {
        what_ = "a newer serial";
        transfer::Difference nothing;
        nothing.from = *request_.client_serial;
        nothing.to = serial_;
        source_ = std::make_unique<transfer::ChangesOfZone>(
            catalog, serial_,
            transfer::Differences{std::make_shared<const transfer::Difference>(nothing)});
        return Done{};
    }
    what_ = "the catalog";
    source_ =
        std::make_unique<transfer::CatalogZone>(catalog, job_.site->rulebook().zones, serial_);
    return Done{};
}

// What the client lacks; nothing where that is not known. Who has what the follower saw last waits
// for what it sees next, rather than for the whole zone.
std::optional<transfer::Differences> Sending::changes_for_client() {
    const auto deadline = TransferClock::now() + kFollowerPatience;
    while (state_.history != nullptr) {
        auto known = state_.history->since(request_.zone->number, *request_.client_serial);
        if (!known || !known->empty()) {
            return known;
        }
        if (state_.is_ending || TransferClock::now() >= deadline) {
            break;
        }
        ::poll(nullptr, 0, kPollMilliseconds);
    }
    return std::nullopt;
}

Result<Done> Sending::choose_changes_or_zone() {
    const zone::Zone& zone = *request_.zone->zone;
    if (request_.client_serial) {
        const auto newest = newest_serial();
        if (!newest) {
            return Unexpected{newest.error()};
        }
        if (is_as_new(*request_.client_serial, *newest)) {
            what_ = "nothing new";
            serial_ = *newest;
            source_ =
                std::make_unique<transfer::ChangesOfZone>(zone, serial_, transfer::Differences{});
            return Done{};
        }
        if (auto known = changes_for_client()) {
            what_ = fmt::format("the changes since {}", *request_.client_serial);
            serial_ = known->back()->to;
            source_ = std::make_unique<transfer::ChangesOfZone>(zone, serial_, std::move(*known));
            return Done{};
        }
    }
    // Judged by the time of the last sweep, as its differences are: a serial means one content.
    auto contents = transfer::Contents::take(state_.environment, job_.site->shared_rulebook(),
                                             {.zone = request_.zone->number});
    if (!contents) {
        return Unexpected{contents.error()};
    }
    serial_ = (*contents)->serial();
    what_ = "the zone";
    source_ = std::make_unique<transfer::WholeZone>(std::move(*contents));
    return Done{};
}

// Waits for the client as long as it takes a part of the bytes now and then.
Result<Done> Sending::write_all(std::span<const std::uint8_t> bytes, int flags) {
    const auto deadline = TransferClock::now() + kProgressPatience;
    const int socket = job_.connection.socket.get();
    while (!bytes.empty()) {
        if (state_.is_ending) {
            return failed("the server ends it");
        }
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | flags);
        if (sent > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return failed("the client has gone");
        }
        if (TransferClock::now() >= deadline) {
            return failed(fmt::format("the client did not take a message within {} s",
                                      kProgressPatience.count()));
        }
        pollfd waiting{socket, POLLOUT, 0};
        ::poll(&waiting, 1, kPollMilliseconds);
    }
    return Done{};
}

Result<Done> Sending::send_message(std::vector<std::uint8_t>& message) {
    if (signer_) {
        const std::size_t size = message.size();
        message.resize(size + tsig::answer_record_size(signature_.record, signature_.key));
        message.resize(signer_->sign(message, size, now()));
    }
    std::array<std::uint8_t, kFrameHeaderSize> length{};
    write_frame_header(length, message.size());
    bytes_ += message.size();
    if (auto written = write_all(length, MSG_MORE); !written) {
        return written;
    }
    return write_all(message, 0);
}

// The last message goes out when it is known that all could be read.
Result<Done> Sending::send_messages() {
    transfer::MessageStream stream{*source_,
                                   {.id = query_.query.id,
                                    .name = std::string{query_.query.name.wire()},
                                    .type = query_.query.type}};
    std::vector<std::uint8_t> message;
    std::vector<std::uint8_t> following;
    bool has_message = stream.next(message);
    while (has_message) {
        has_message = stream.next(following);
        if (!has_message) {
            if (auto sound = source_->check(); !sound) {
                return sound;
            }
        }
        if (auto sent = send_message(message); !sent) {
            return sent;
        }
        std::swap(message, following);
    }
    records_ = stream.record_count();
    return Done{};
}

void Sending::tell(const Result<Done>& result) const {
    const double seconds = std::chrono::duration<double>(TransferClock::now() - begin_).count();
    const std::string whom = fmt::format(
        "{}{}", net::to_string(job_.connection.client.address),
        signer_ ? fmt::format(" (key {})", dns::to_string(signature_.key->name)) : std::string{});
    const std::string& zone = request_.zone->zone->name;
    if (!result) {
        log(LogLevel::Warn,
            fmt::format("the transfer of {} to {} was not finished after {} bytes and {:.1f} s: {}",
                        zone, whom, bytes_, seconds, message(result.error())));
        return;
    }
    log(LogLevel::Info, fmt::format("transferred {} of {} to {}: serial {}, {} records, {} bytes, "
                                    "{:.3f} s",
                                    what_, zone, whom, serial_, records_, bytes_, seconds));
}

bool Sending::run() {
    if (!read_request()) {
        return false;
    }
    const auto chosen = choose_source();
    if (!chosen) {
        tell(chosen);
        ++state_.counters.refused;
        return send_refusal(job_);
    }
    const auto sent = send_messages();
    TransferCounters::Ends& ends =
        query_.query.type == dns::RecordType::Ixfr ? state_.counters.ixfr : state_.counters.axfr;
    ++(sent ? ends.sent : ends.unfinished);
    state_.counters.bytes += bytes_;
    tell(sent);
    return sent.has_value();
}

}  // namespace

bool send_transfer(TransferJob& job, const TransferState& state) {
    return Sending{job, state}.run();
}

bool send_refusal(TransferJob& job) {
    // What answers questions says SERVFAIL to a transfer that is not sent.
    verdict::Judge judge{job.site->shared_rulebook()};
    std::vector<std::uint8_t> answer(kFrameHeaderSize + responder::kTcpAnswerSizeMax);
    const std::size_t size =
        responder::respond(job.connection.request, job.connection.client, *job.site, judge, false,
                           job.received, std::span{answer}.subspan(kFrameHeaderSize));
    write_frame_header(std::span{answer}.first<kFrameHeaderSize>(), size);
    const auto all = static_cast<ssize_t>(kFrameHeaderSize + size);
    return size != 0 && ::send(job.connection.socket.get(), answer.data(),
                               static_cast<std::size_t>(all), MSG_NOSIGNAL) == all;
}

}  // namespace ostrakon::server
