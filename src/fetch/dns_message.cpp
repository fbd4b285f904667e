#include "dns_message.hpp"

namespace ostrakon::fetch {
namespace {

constexpr std::size_t kNameSizeMax = 255;
constexpr std::uint64_t kTsigClassAndTtl = 0x00FF'0000'0000;  // ANY, 0 (RFC 8945 §4.2)

// Steps through a message; nothing is read behind its end, and then everything fails.
class Walker {
public:
    explicit Walker(ByteSpan message) : message_(message) {}

    bool is_sound() const { return is_sound_; }
    std::size_t at() const { return at_; }
    bool is_at_end() const { return at_ == message_.size(); }

    ByteSpan take(std::size_t size) {
        if (!is_sound_ || size > message_.size() - at_) {
            is_sound_ = false;
            return {};
        }
        at_ += size;
        return message_.subspan(at_ - size, size);
    }
    std::uint16_t number_16() {
        const ByteSpan bytes = take(2);
        return is_sound_ ? read_16(bytes, 0) : std::uint16_t{0};
    }
    std::uint64_t number_48() {
        const std::uint64_t high = number_16();
        const std::uint64_t middle = number_16();
        return high << 32 | middle << 16 | number_16();
    }
    // The bytes of a name, a pointer as it is.
    ByteSpan name() {
        const std::size_t begin = at_;
        while (is_sound_ && at_ - begin < kNameSizeMax) {
            const ByteSpan length = take(1);
            if (!is_sound_ || length[0] == 0) {
                break;
            }
            if ((length[0] & 0xC0U) == 0xC0U) {
                take(1);
                break;
            }
            is_sound_ = (length[0] & 0xC0U) == 0;
            take(length[0]);
        }
        is_sound_ = is_sound_ && at_ - begin <= kNameSizeMax;
        return is_sound_ ? message_.subspan(begin, at_ - begin) : ByteSpan{};
    }

private:
    ByteSpan message_;
    std::size_t at_ = 0;
    bool is_sound_ = true;
};

TsigRecord read_tsig(ByteSpan data, bool& is_sound) {
    TsigRecord tsig;
    Walker walker{data};
    tsig.algorithm = walker.name();
    tsig.time = walker.number_48();
    tsig.fudge = walker.number_16();
    tsig.mac = walker.take(walker.number_16());
    tsig.original_id = walker.number_16();
    tsig.error = walker.number_16();
    tsig.other = walker.take(walker.number_16());
    is_sound = walker.is_sound() && walker.is_at_end();
    return tsig;
}

}  // namespace

void put_16(Bytes& bytes, std::uint16_t value) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

void put_48(Bytes& bytes, std::uint64_t value) {
    put_16(bytes, static_cast<std::uint16_t>(value >> 32));
    put_16(bytes, static_cast<std::uint16_t>(value >> 16));
    put_16(bytes, static_cast<std::uint16_t>(value));
}

std::uint16_t read_16(ByteSpan bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

Bytes write_question(std::uint16_t id, const dns::Name& name, std::uint16_t type) {
    Bytes message;
    put_16(message, id);
    put_16(message, 0);  // flags
    put_16(message, 1);  // one question
    put_48(message, 0);  // no records
    const std::string_view wire = name.wire();
    message.insert(message.end(), wire.begin(), wire.end());
    put_16(message, type);
    put_16(message, 1);  // IN
    return message;
}

std::optional<MessageOutline> read_outline(ByteSpan message) {
    Walker walker{message};
    MessageOutline outline;
    outline.id = walker.number_16();
    const unsigned flags = walker.number_16();
    outline.is_answer = (flags & 0x8000U) != 0;
    outline.is_truncated = (flags & 0x0200U) != 0;
    outline.rcode = flags & 0xFU;
    const unsigned questions = walker.number_16();
    unsigned records = walker.number_16();
    records += walker.number_16();
    const unsigned additional = walker.number_16();
    records += additional;
    for (unsigned i = 0; i < questions && walker.is_sound(); ++i) {
        walker.name();
        walker.take(4);
    }
    for (unsigned i = 0; i < records && walker.is_sound(); ++i) {
        const std::size_t begin = walker.at();
        const ByteSpan name = walker.name();
        const std::uint16_t type = walker.number_16();
        const std::uint64_t class_and_ttl = walker.number_48();
        const ByteSpan data = walker.take(walker.number_16());
        if (walker.is_sound() && type == kTypeTsig) {
            bool is_sound = false;
            outline.tsig = read_tsig(data, is_sound);
            outline.tsig->begin = begin;
            outline.tsig->name = name;
            if (!is_sound || additional == 0 || i + 1 != records ||
                class_and_ttl != kTsigClassAndTtl) {
                return std::nullopt;
            }
        }
    }
    return walker.is_sound() && walker.is_at_end() ? std::optional{outline} : std::nullopt;
}

}  // namespace ostrakon::fetch
