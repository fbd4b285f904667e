#include "ostrakon/tsig/record.hpp"

#include "ostrakon/dns/protocol.hpp"
#include "ostrakon/dns/wire.hpp"

namespace ostrakon::tsig {
namespace {

constexpr std::uint16_t kClassAny = 255;
constexpr unsigned kPointerBits = 0xC0;
constexpr std::size_t kPointerMask = 0x3FFF;
constexpr std::size_t kQuestionFixedSize = 4;
constexpr std::size_t kClassAndTtl = 6;

// Steps through a message; nothing is read behind its end, and then everything fails.
class Walker {
public:
    Walker(Bytes message, std::size_t at) noexcept
        : message_(message), at_(at), is_sound_(at <= message.size()) {}

    bool is_sound() const noexcept { return is_sound_; }
    std::size_t at() const noexcept { return at_; }
    bool is_at_end() const noexcept { return at_ == message_.size(); }

    Bytes take(std::size_t size) noexcept {
        if (!is_sound_ || size > message_.size() - at_) {
            is_sound_ = false;
            return {};
        }
        at_ += size;
        return message_.subspan(at_ - size, size);
    }
    std::uint16_t number_16() noexcept {
        const Bytes bytes = take(2);
        return is_sound_ ? dns::load_u16(bytes.data()) : std::uint16_t{0};
    }
    std::uint64_t number_48() noexcept {
        const std::uint64_t high = number_16();
        const std::uint64_t middle = number_16();
        return high << 32 | middle << 16 | number_16();
    }
    // Takes a name, a pointer as it is.
    void skip_name() noexcept {
        const std::size_t begin = at_;
        while (is_sound_) {
            const Bytes length = take(1);
            if (!is_sound_ || length[0] == 0) {
                break;
            }
            if ((length[0] & kPointerBits) == kPointerBits) {
                take(1);
                break;
            }
            is_sound_ = (length[0] & kPointerBits) == 0;
            take(length[0]);
            is_sound_ = is_sound_ && at_ - begin < dns::kNameSizeMax;
        }
    }
    // Reads a name; each pointer leads further to the front, so that it ends.
    void read_name(WireName& name, bool may_have_pointers) noexcept {
        name.size = 0;
        const std::size_t begin = at_;
        skip_name();
        std::size_t at = begin;
        std::size_t limit = begin;
        while (is_sound_) {
            if (at >= message_.size()) {
                is_sound_ = false;
                break;
            }
            const std::size_t length = message_[at];
            if ((length & kPointerBits) == kPointerBits) {
                const std::size_t target =
                    at + 1 < message_.size() ? dns::load_u16(&message_[at]) & kPointerMask : limit;
                is_sound_ = may_have_pointers && target < limit;
                at = limit = target;
                continue;
            }
            is_sound_ = (length & kPointerBits) == 0 && length < message_.size() - at &&
                        name.size + length < dns::kNameSizeMax;
            if (!is_sound_) {
                break;
            }
            name.bytes[name.size++] = static_cast<char>(length);
            for (std::size_t i = 1; i <= length; ++i) {
                name.bytes[name.size++] = static_cast<char>(dns::lower(message_[at + i]));
            }
            at += length + 1;
            if (length == 0) {
                break;
            }
        }
    }

private:
    Bytes message_;
    std::size_t at_;
    bool is_sound_;
};

}  // namespace

bool read_record(Bytes message, std::size_t begin, Record& record) noexcept {
    Walker walker{message, begin};
    record.begin = begin;
    walker.read_name(record.name, true);
    const std::uint16_t type = walker.number_16();
    const std::uint16_t record_class = walker.number_16();
    const std::uint32_t ttl = static_cast<std::uint32_t>(walker.number_16()) << 16;
    const bool has_ttl = (ttl | walker.number_16()) != 0;
    const std::size_t data_size = walker.number_16();
    const std::size_t data_begin = walker.at();
    walker.read_name(record.algorithm, false);
    record.time = walker.number_48();
    record.fudge = walker.number_16();
    record.mac = walker.take(walker.number_16());
    record.original_id = walker.number_16();
    record.error = walker.number_16();
    record.other = walker.take(walker.number_16());
    return walker.is_sound() && walker.at() - data_begin == data_size &&
           dns::RecordType{type} == dns::RecordType::Tsig && record_class == kClassAny && !has_ttl;
}

std::optional<std::size_t> find_record(Bytes message) noexcept {
    if (message.size() < dns::kHeaderSize) {
        return std::nullopt;
    }
    const unsigned questions = dns::load_u16(&message[4]);
    const unsigned before = dns::load_u16(&message[6]) + unsigned{dns::load_u16(&message[8])};
    const unsigned records = before + dns::load_u16(&message[10]);
    Walker walker{message, dns::kHeaderSize};
    for (unsigned i = 0; i < questions && walker.is_sound(); ++i) {
        walker.skip_name();
        walker.take(kQuestionFixedSize);
    }
    std::size_t found = 0;
    for (unsigned i = 0; i < records && walker.is_sound(); ++i) {
        const std::size_t begin = walker.at();
        walker.skip_name();
        const dns::RecordType type{walker.number_16()};
        walker.take(kClassAndTtl);
        walker.take(walker.number_16());
        if (type == dns::RecordType::Tsig) {
            if (i < before || i + 1 != records) {
                return std::nullopt;
            }
            found = begin;
        }
    }
    return walker.is_sound() && walker.is_at_end() ? std::optional{found} : std::nullopt;
}

}  // namespace ostrakon::tsig
