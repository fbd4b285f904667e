#include "ostrakon/dns/message_writer.hpp"

#include "message_layout.hpp"
#include "ostrakon/base/assert.hpp"
#include "ostrakon/dns/wire.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace ostrakon::dns {
namespace {

constexpr std::size_t kPointerTargetMax = 0x3FFF;
constexpr std::size_t kOptFixedSize = 11;
constexpr std::size_t kSoaNumbersSize = 20;
constexpr std::size_t kPreparedMessageSizeMax = 1024;  // three names, and all that is fixed
constexpr std::uint16_t kOptionExtendedError = 15;     // RFC 8914
constexpr std::size_t kExtendedErrorSize = kOptionFixedSize + 2;
constexpr std::size_t kKeepaliveSize = kOptionFixedSize + 2;

// Writes the head of an option, and returns where its data goes.
std::uint8_t* put_option(std::uint8_t* at, std::uint16_t code, std::size_t size) noexcept {
    store_u16(at, code);
    store_u16(at + 2, static_cast<std::uint16_t>(size));
    return at + kOptionFixedSize;
}

}  // namespace

MessageWriter::MessageWriter(std::span<std::uint8_t> buffer, std::size_t size_max,
                             const Query& query) noexcept
    : buffer_(buffer.first(std::min(buffer.size(), std::max(size_max, kAnswerBufferSizeMin)))),
      question_name_(query.name),
      id_(query.id),
      flags_(static_cast<std::uint16_t>(kQr | query.opcode << kOpcodeShift |
                                        (query.recursion_desired ? kRd : 0) |
                                        (query.checking_disabled ? kCd : 0))) {
    OSTRAKON_ASSERT(buffer.size() >= kAnswerBufferSizeMin);
    size_ = kHeaderSize;
    std::copy(query.question.begin(), query.question.end(), &buffer_[size_]);
    size_ += query.question.size();
    question_end_ = size_;
    record_limit_ = buffer_.size();
}

void MessageWriter::set_opt(const OptReply& opt) noexcept {
    OSTRAKON_ASSERT(size_ == question_end_);  // records leave room for the OPT
    opt_ = opt;
    set_record_limit();
}

void MessageWriter::set_error(ExtendedError error) noexcept {
    OSTRAKON_ASSERT(size_ == question_end_);
    if (opt_) {
        opt_->error = error;
        set_record_limit();
    }
}

std::size_t MessageWriter::opt_size(bool with_nsid) const noexcept {
    if (!opt_) {
        return 0;
    }
    return kOptFixedSize + (opt_->error ? kExtendedErrorSize : 0) +
           (opt_->cookie.empty() ? 0 : kOptionFixedSize + opt_->cookie.size()) +
           (opt_->keepalive_100ms ? kKeepaliveSize : 0) +
           (with_nsid && !opt_->nsid.empty() ? kOptionFixedSize + opt_->nsid.size() : 0);
}

void MessageWriter::set_record_limit() noexcept {
    const std::size_t room = buffer_.size() - kept_free_;
    const std::size_t whole = opt_size(true);
    record_limit_ = room - (question_end_ + whole <= room ? whole : opt_size(false));
}

void MessageWriter::keep_free(std::size_t bytes) noexcept {
    OSTRAKON_ASSERT(size_ == question_end_ &&
                    question_end_ + opt_size(false) + bytes <= buffer_.size());
    kept_free_ = bytes;
    set_record_limit();
}

std::uint8_t* MessageWriter::reserve(std::size_t bytes) noexcept {
    if (size_ + bytes > record_limit_) {
        return nullptr;
    }
    std::uint8_t* const at = &buffer_[size_];
    size_ += bytes;
    return at;
}

// Compares a name in the message, pointers followed, with `wire`; both have the same uncompressed
// size.
bool MessageWriter::stands_at(std::size_t offset, std::string_view wire) const noexcept {
    std::size_t at = 0;
    while (at < wire.size()) {
        while (buffer_[offset] >= kPointer >>
               8) {  // every pointer was written here, and points back
            offset = load_u16(&buffer_[offset]) & kPointerTargetMax;
        }
        const std::size_t length = buffer_[offset];
        if (length != static_cast<std::uint8_t>(wire[at])) {
            return false;
        }
        for (std::size_t i = 1; i <= length; ++i) {
            if (lower(buffer_[offset + i]) != static_cast<std::uint8_t>(wire[at + i])) {
                return false;
            }
        }
        offset += length + 1;
        at += length + 1;
    }
    return true;
}

std::optional<std::uint16_t> MessageWriter::find(std::string_view wire) const noexcept {
    const std::string_view asked = question_name_.wire();
    if (question_end_ > kHeaderSize && asked.size() >= wire.size()) {
        const std::size_t start = asked.size() - wire.size();
        if (question_name_.label_at(start) && stands_at(kHeaderSize + start, wire)) {
            return static_cast<std::uint16_t>(kHeaderSize + start);
        }
    }
    for (std::size_t i = 0; i < target_count_; ++i) {
        if (targets_[i].size == wire.size() && stands_at(targets_[i].offset, wire)) {
            return targets_[i].offset;
        }
    }
    return std::nullopt;
}

// Writes a lower-case name, its longest end that the message already holds as a pointer.
bool MessageWriter::put_name(std::string_view wire) noexcept {
    while (wire.size() > 1) {
        if (const auto offset = find(wire)) {
            std::uint8_t* const at = reserve(2);
            if (at == nullptr) {
                return false;
            }
            store_u16(at, static_cast<std::uint16_t>(kPointer | *offset));
            return true;
        }
        const std::size_t label_size = static_cast<std::uint8_t>(wire.front()) + std::size_t{1};
        const std::size_t offset = size_;
        std::uint8_t* const at = reserve(label_size);
        if (at == nullptr) {
            return false;
        }
        std::memcpy(at, wire.data(), label_size);
        if (target_count_ < kTargetsMax && offset <= kPointerTargetMax) {
            targets_[target_count_++] = {static_cast<std::uint16_t>(offset),
                                         static_cast<std::uint16_t>(wire.size())};
        }
        wire.remove_prefix(label_size);
    }
    std::uint8_t* const root = reserve(1);
    if (root == nullptr) {
        return false;
    }
    *root = 0;
    return true;
}

MessageWriter::Mark MessageWriter::begin(Owner owner, RecordType type, RecordClass record_class,
                                         std::uint32_t ttl_s) noexcept {
    Mark mark{size_, target_count_, false};
    if (owner.name() != nullptr) {
        if (!put_name(owner.name()->wire())) {
            return mark;
        }
    } else if (const std::size_t start = question_name_.label_start(owner.label());
               start + 1 < question_name_.wire().size()) {
        std::uint8_t* const at = reserve(2);
        if (at == nullptr) {
            return mark;
        }
        store_u16(at, static_cast<std::uint16_t>(kPointer | (kHeaderSize + start)));
    } else if (!put_name(
                   question_name_.wire().substr(start))) {  // the root is shorter than a pointer
        return mark;
    }
    std::uint8_t* const fixed = reserve(kRecordFixedSize);
    if (fixed == nullptr) {
        return mark;
    }
    store_u16(fixed, static_cast<std::uint16_t>(type));
    store_u16(fixed + 2, static_cast<std::uint16_t>(record_class));
    store_u32(fixed + 4, ttl_s);
    data_start_ = size_;
    mark.ok = true;
    return mark;
}

bool MessageWriter::end(Section section, const Mark& mark, bool ok) noexcept {
    if (!mark.ok || !ok) {
        size_ = mark.size;
        target_count_ = mark.targets;
        overflowed_ = overflowed_ || section != Section::Additional;
        return false;
    }
    store_u16(&buffer_[data_start_ - 2], static_cast<std::uint16_t>(size_ - data_start_));
    ++counts_[static_cast<std::size_t>(section)];
    return true;
}

bool MessageWriter::add_a(Section section, Owner owner, std::uint32_t ttl_s,
                          net::Ipv4 address) noexcept {
    const Mark mark = begin(owner, RecordType::A, RecordClass::In, ttl_s);
    std::uint8_t* const data = mark.ok ? reserve(4) : nullptr;
    if (data != nullptr) {
        store_u32(data, address.bits);
    }
    return end(section, mark, data != nullptr);
}

bool MessageWriter::add_aaaa(Section section, Owner owner, std::uint32_t ttl_s,
                             net::Ipv6 address) noexcept {
    const Mark mark = begin(owner, RecordType::Aaaa, RecordClass::In, ttl_s);
    std::uint8_t* const data = mark.ok ? reserve(16) : nullptr;
    if (data != nullptr) {
        const auto bytes = net::to_bytes(address);
        std::copy(bytes.begin(), bytes.end(), data);
    }
    return end(section, mark, data != nullptr);
}

bool MessageWriter::add_ns(Section section, Owner owner, std::uint32_t ttl_s,
                           const Name& target) noexcept {
    const Mark mark = begin(owner, RecordType::Ns, RecordClass::In, ttl_s);
    return end(section, mark, mark.ok && put_name(target.wire()));
}

bool MessageWriter::add_soa(Section section, Owner owner, std::uint32_t ttl_s,
                            const SoaData& soa) noexcept {
    const Mark mark = begin(owner, RecordType::Soa, RecordClass::In, ttl_s);
    std::uint8_t* const numbers =
        mark.ok && put_name(soa.primary.wire()) && put_name(soa.contact.wire())
            ? reserve(kSoaNumbersSize)
            : nullptr;
    if (numbers != nullptr) {
        store_u32(numbers, soa.serial);
        store_u32(numbers + 4, soa.refresh_s);
        store_u32(numbers + 8, soa.retry_s);
        store_u32(numbers + 12, soa.expire_s);
        store_u32(numbers + 16, soa.minimum_s);
    }
    return end(section, mark, numbers != nullptr);
}

PreparedSoa::PreparedSoa(const Name& origin, const SoaData& soa) : soa_(soa) {
    const std::string origin_key = reversed_key(origin);
    for (const auto& [name, label] : {std::pair{&soa.primary, inner_labels_.data()},
                                      std::pair{&soa.contact, &inner_labels_[1]}}) {
        const std::string key = reversed_key(*name);
        if (key.size() > origin_key.size() && key.starts_with(origin_key)) {
            const auto size = static_cast<std::uint8_t>(key[origin_key.size()]) + std::size_t{1};
            *label = key.substr(origin_key.size(), size);
        }
    }
    // Written once in answer to a question for the origin itself; then its pointers are looked for.
    Query query;
    std::vector<std::uint8_t> question(origin.wire().begin(), origin.wire().end());
    question.resize(question.size() + 4);  // type, class
    query.name.parse(question);
    query.question = question;
    std::array<std::uint8_t, kPreparedMessageSizeMax> buffer{};
    MessageWriter writer{buffer, buffer.size(), query};
    writer.add_soa(Section::Authority, Owner::question(), 0, soa);
    const std::size_t end = writer.finish();
    const std::size_t question_end = kHeaderSize + question.size();
    // A record of the root has the root for its owner, any other a pointer.
    const std::size_t data_start =
        question_end + (origin.wire().size() == 1 ? 1 : 2) + kRecordFixedSize;
    const auto* const data = reinterpret_cast<const char*>(&buffer[data_start]);
    data_.assign(data, end - data_start);
    std::size_t at = 0;
    note_pointer(at, question_end, data_start);
    note_pointer(at, question_end, data_start);
}

// Goes over the name at byte `at` of the data, and notes the pointer that it may end in.
void PreparedSoa::note_pointer(std::size_t& at, std::size_t question_end, std::size_t data_start) {
    while (true) {
        const auto length = static_cast<std::uint8_t>(data_[at]);
        if (length >= kPointer >> 8) {
            const std::size_t target =
                load_u16(reinterpret_cast<const std::uint8_t*>(&data_[at])) & kPointerTargetMax;
            const bool is_in_data = target >= question_end;
            const std::size_t base = is_in_data ? data_start : kHeaderSize;
            pointers_[pointer_count_++] = {static_cast<std::uint16_t>(at),
                                           static_cast<std::uint16_t>(target - base), is_in_data};
            at += 2;
            return;
        }
        at += length + std::size_t{1};
        if (length == 0) {
            return;
        }
    }
}

bool PreparedSoa::shares_more_than_origin(const QuestionName& question,
                                          std::size_t origin_label) const noexcept {
    if (origin_label == 0) {
        return false;
    }
    const std::string_view from =
        question.lower_wire(question.label_start(origin_label - std::size_t{1}));
    return std::any_of(inner_labels_.begin(), inner_labels_.end(), [&](const std::string& label) {
        return !label.empty() && from.starts_with(label);
    });
}

bool MessageWriter::add_soa(Section section, std::size_t origin_label, std::uint32_t ttl_s,
                            const PreparedSoa& soa, std::uint32_t serial) noexcept {
    if (soa.shares_more_than_origin(question_name_, origin_label)) {
        SoaData whole = soa.soa_;
        whole.serial = serial;
        return add_soa(section, Owner::question(origin_label), ttl_s, whole);
    }
    const Mark mark = begin(Owner::question(origin_label), RecordType::Soa, RecordClass::In, ttl_s);
    std::uint8_t* const data = mark.ok ? reserve(soa.data_.size()) : nullptr;
    if (data != nullptr) {
        std::copy(soa.data_.begin(), soa.data_.end(), data);
        const std::size_t origin = kHeaderSize + question_name_.label_start(origin_label);
        for (std::size_t i = 0; i < soa.pointer_count_; ++i) {
            const PreparedSoa::Pointer& pointer = soa.pointers_[i];
            const std::size_t base = pointer.is_in_data ? data_start_ : origin;
            store_u16(data + pointer.at,
                      static_cast<std::uint16_t>(kPointer | (base + pointer.target)));
        }
        store_u32(data + soa.data_.size() - kSoaNumbersSize, serial);
    }
    return end(section, mark, data != nullptr);
}

bool MessageWriter::add_txt(Owner owner, std::uint32_t ttl_s,
                            std::span<const std::string_view> strings,
                            RecordClass record_class) noexcept {
    const Mark mark = begin(owner, RecordType::Txt, record_class, ttl_s);
    bool ok = mark.ok;
    for (std::size_t i = 0; ok && i < strings.size(); ++i) {
        const std::string_view text = strings[i].substr(0, kCharacterStringSizeMax);
        std::uint8_t* const at = reserve(text.size() + 1);
        ok = at != nullptr;
        if (ok) {
            *at = static_cast<std::uint8_t>(text.size());
            std::copy(text.begin(), text.end(), at + 1);
        }
    }
    return end(Section::Answer, mark, ok);
}

void MessageWriter::truncate() noexcept {
    size_ = question_end_;
    counts_ = {};
    target_count_ = 0;
    truncated_ = true;
}

void MessageWriter::write_opt() noexcept {
    const bool with_nsid =
        !opt_->nsid.empty() && size_ + opt_size(true) <= buffer_.size() - kept_free_;
    std::uint8_t* at = &buffer_[size_];
    size_ += opt_size(with_nsid);
    const std::size_t data_size = opt_size(with_nsid) - kOptFixedSize;
    *at++ = 0;  // the root
    store_u16(at, static_cast<std::uint16_t>(RecordType::Opt));
    store_u16(at + 2, opt_->payload_bytes);
    at[4] = static_cast<std::uint8_t>(static_cast<unsigned>(rcode_) >> 4);
    at[5] = 0;  // version
    store_u16(at + 6, opt_->dnssec_ok ? kDnssecOk : std::uint16_t{0});
    store_u16(at + 8, static_cast<std::uint16_t>(data_size));
    at += kRecordFixedSize;
    if (with_nsid) {
        at = put_option(at, kOptionNsid, opt_->nsid.size());
        at = std::copy(opt_->nsid.begin(), opt_->nsid.end(), at);
    }
    if (!opt_->cookie.empty()) {
        at = put_option(at, kOptionCookie, opt_->cookie.size());
        at = std::copy(opt_->cookie.begin(), opt_->cookie.end(), at);
    }
    if (opt_->keepalive_100ms) {
        at = put_option(at, kOptionKeepalive, 2);
        store_u16(at, *opt_->keepalive_100ms);
        at += 2;
    }
    if (opt_->error) {
        store_u16(put_option(at, kOptionExtendedError, 2),
                  static_cast<std::uint16_t>(*opt_->error));
    }
}

std::size_t MessageWriter::finish() noexcept {
    std::uint16_t additional = counts_[2];
    if (opt_) {
        write_opt();
        ++additional;
    }
    std::uint8_t* const header = buffer_.data();
    store_u16(header, id_);
    store_u16(header + 2, static_cast<std::uint16_t>(flags_ | (authoritative_ ? kAa : 0) |
                                                     (truncated_ ? kTc : 0) |
                                                     (static_cast<unsigned>(rcode_) & 0xF)));
    store_u16(header + 4, question_end_ > kHeaderSize ? 1 : 0);
    store_u16(header + 6, counts_[0]);
    store_u16(header + 8, counts_[1]);
    store_u16(header + 10, additional);
    return size_;
}

}  // namespace ostrakon::dns
