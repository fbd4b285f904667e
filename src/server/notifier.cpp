#include "ostrakon/server/notifier.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/dns/wire.hpp"
#include "ostrakon/net/socket_address.hpp"
#include "ostrakon/responder/prepared.hpp"
#include "ostrakon/server/log.hpp"
#include "ostrakon/transfer/zone_records.hpp"

#include <sys/random.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace ostrakon::server {
namespace {

using NotifyClock = std::chrono::steady_clock;

constexpr std::uint8_t kNotifyFlags = 0x24;  // opcode NOTIFY, AA (RFC 1996 §3.6)
constexpr unsigned kOpcodeAndQr = 0xF8;
constexpr unsigned kNotifyAnswer = 0xA0;
constexpr unsigned kRcodeBits = 0xF;
constexpr std::chrono::seconds kFirstPause{2};
constexpr std::chrono::seconds kSpacing{1};
constexpr std::uint16_t kPointerToQuestion = 0xC00C;
constexpr std::size_t kNotifyAnswerMax = 4096;

void append_u16(std::vector<std::uint8_t>& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

// The zone's SOA goes along, so that a secondary sees whether it has that already (RFC 1996 §3.7).
std::vector<std::uint8_t> notify_message(const zone::Zone& zone, std::uint32_t serial,
                                         std::uint16_t id) {
    std::vector<std::uint8_t> message;
    append_u16(message, id);
    append_u16(message, std::size_t{kNotifyFlags} << 8);
    append_u16(message, 1);
    append_u16(message, 1);
    append_u16(message, 0);
    append_u16(message, 0);
    const std::string_view origin = zone.origin.wire();
    message.insert(message.end(), origin.begin(), origin.end());
    append_u16(message, static_cast<std::size_t>(dns::RecordType::Soa));
    append_u16(message, static_cast<std::size_t>(dns::RecordClass::In));
    const transfer::Record soa = transfer::soa_record(zone, serial);
    append_u16(message, kPointerToQuestion);
    append_u16(message, static_cast<std::size_t>(soa.type));
    append_u16(message, static_cast<std::size_t>(dns::RecordClass::In));
    append_u16(message, soa.ttl_s >> 16);
    append_u16(message, soa.ttl_s & 0xFFFFU);
    append_u16(message, soa.rdata.size());
    message.insert(message.end(), soa.rdata.begin(), soa.rdata.end());
    return message;
}

bool is_wildcard(const net::Address& address) {
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
        return ipv4->bits == 0;
    }
    return std::get<net::Ipv6>(address) == net::Ipv6{};
}

bool is_own_machine(const net::Address& address) {
    constexpr std::uint32_t kLoopbackOctet = 127;
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
        return ipv4->bits >> 24 == kLoopbackOctet;
    }
    return std::get<net::Ipv6>(address) == net::Ipv6{1};
}

}  // namespace

struct Notifier::Target {
    const zone::Zone* zone = nullptr;
    zone::NotifyTarget target;
    const tsig::Key* key = nullptr;

    FileDescriptor socket;  // while it waits for an answer
    std::optional<ReadableWatch> watch;
    std::optional<tsig::Session> session;
    std::uint16_t id = 0;

    std::uint32_t serial = 0;
    int tries = 0;  // of this serial
    bool is_due = false;
    bool is_told_of_refusal = false;
    NotifyClock::time_point next{};
    NotifyClock::time_point last{};

    std::string name() const {
        return fmt::format("{} of {}", config::to_string({target.address, target.port}),
                           zone->name);
    }
    void end() {
        watch.reset();
        socket.reset();
        session.reset();
        is_due = false;
    }
};

Notifier::Notifier(EventLoop& loop, std::vector<config::Endpoint> sources)
    : loop_(loop), sources_(std::move(sources)) {}

Notifier::~Notifier() = default;

void Notifier::adopt(std::shared_ptr<const responder::Site> site) {
    targets_.clear();
    site_ = std::move(site);
    const responder::Site::Prepared& prepared = site_->prepared();
    const auto add = [&](const responder::PreparedZone& zone, bool is_catalog) {
        for (const zone::NotifyTarget& each : zone.zone->secondaries.notify) {
            auto target = std::make_unique<Target>();
            target->zone = zone.zone;
            target->target = each;
            if (const auto name = tsig::key_name(each.key); name && !each.key.empty()) {
                target->key = prepared.find_key(is_catalog ? nullptr : &zone, name->wire());
            }
            targets_.push_back(std::move(target));
        }
    };
    for (const responder::PreparedZone& zone : prepared.zones) {
        add(zone, false);
    }
    if (prepared.catalog) {
        add(*prepared.catalog, true);
    }
}

void Notifier::tell(std::uint32_t serial) {
    for (const auto& target : targets_) {
        target->serial = serial;
        target->tries = 0;
        target->is_due = true;
        target->next = target->last + kSpacing;
    }
    look();
}

void Notifier::look() {
    const auto time = NotifyClock::now();
    for (const auto& target : targets_) {
        if (!target->is_due || time < target->next) {
            continue;
        }
        if (target->tries == kNotifyTries) {
            ++counters_.given_up;
            log(LogLevel::Warn,
                fmt::format("no answer to NOTIFY from {}, asked {} times: it will see serial {} "
                            "when it looks by itself",
                            target->name(), kNotifyTries, target->serial));
            target->end();
            continue;
        }
        send(*target);
    }
}

void Notifier::send(Target& target) {
    target.last = NotifyClock::now();
    target.next = target.last + kFirstPause * (1 << target.tries);
    ++target.tries;
    target.watch.reset();
    const auto to = net::socket_address(target.target.address, target.target.port);
    target.socket = FileDescriptor{
        ::socket(to.storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!target.socket.is_open() || ::getrandom(&target.id, sizeof target.id, 0) < 0) {
        return;  // tried again
    }
    const auto source =
        std::find_if(sources_.begin(), sources_.end(), [&](const config::Endpoint& each) {
            return each.address.index() == target.target.address.index() &&
                   !is_wildcard(each.address) &&
                   is_own_machine(each.address) == is_own_machine(target.target.address);
        });
    if (source != sources_.end()) {
        const auto from = net::socket_address(source->address, 0);
        static_cast<void>(::bind(target.socket.get(), from.get(), from.size));
    }
    auto message = notify_message(*target.zone, target.serial, target.id);
    target.session.reset();
    if (target.key != nullptr) {
        target.session.emplace(*target.key).sign(message, now());
    }
    if (::connect(target.socket.get(), to.get(), to.size) != 0 ||
        ::send(target.socket.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0) {
        return;
    }
    ++counters_.sent;
    target.watch.emplace(loop_, target.socket.get(), [this, &target] { receive(target); });
}

void Notifier::receive(Target& target) {
    std::array<std::uint8_t, kNotifyAnswerMax> buffer{};
    const ssize_t size = ::recv(target.socket.get(), buffer.data(), buffer.size(), 0);
    if (size < 0) {
        return;  // nobody listens there: another try, or the last
    }
    const auto message = std::span{buffer}.first(static_cast<std::size_t>(size));
    const auto begin = tsig::find_record(message);
    if (!begin || dns::load_u16(message.data()) != target.id ||
        (message[2] & kOpcodeAndQr) != kNotifyAnswer) {
        return;
    }
    const unsigned rcode = message[3] & kRcodeBits;
    if (target.session) {
        tsig::Record record;
        const bool has_record = *begin != 0 && tsig::read_record(message, *begin, record);
        const auto doubt = target.session->take(message, has_record ? &record : nullptr, now());
        const bool is_refusal = rcode != 0;  // which may be about the key, and then is not signed
        if (doubt != tsig::Doubt::None && !is_refusal) {
            return;
        }
    }
    if (rcode != 0 && !std::exchange(target.is_told_of_refusal, true)) {
        log(LogLevel::Warn,
            fmt::format("{} refuses NOTIFY with rcode {}: its configuration has to name this "
                        "server{}",
                        target.name(), rcode, target.key != nullptr ? " and the key" : ""));
    }
    ++(rcode == 0 ? counters_.confirmed : counters_.refused);
    if (rcode == 0) {
        target.is_told_of_refusal = false;
    }
    // The watch is not ended within its own call.
    target.is_due = false;
    loop_.post([this, gone = &target] {
        for (const auto& each : targets_) {
            if (each.get() == gone && !each->is_due) {
                each->end();
            }
        }
    });
}

}  // namespace ostrakon::server
