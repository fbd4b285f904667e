#include "ostrakon/server/query_record.hpp"

#include "ostrakon/dns/type_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>

namespace ostrakon::server {
namespace {

constexpr std::uint16_t kNoAnswer = 0xFFFF;  // in place of the rcode
constexpr std::size_t kLoggedCodesMax = 32;
constexpr int kIpv4NetworkBits = 24;
constexpr int kIpv6NetworkBits = 56;
constexpr std::size_t kIpv4Size = 4;
constexpr std::size_t kIpv6Size = 16;
constexpr std::uint8_t kCodeNetwork = 127;

// In front of: client, name, partner, codes.
struct RecordHead {
    std::int64_t seconds = 0;
    std::uint16_t type = 0;
    std::uint16_t record_class = 0;
    std::uint16_t rcode = 0;
    std::uint8_t client_size = 0;
    std::uint8_t name_size = 0;
    std::uint8_t partner_size = 0;
    std::uint8_t code_count = 0;
};
static_assert(sizeof(RecordHead) + kIpv6Size + dns::kNameSizeMax + partner::kNameSizeMax +
                  kLoggedCodesMax * kIpv4Size <=
              QueryRing::kRecordSizeMax);

// What an answer of ours says, read out of its bytes: it is what went out.
struct AnswerFigures {
    std::uint16_t rcode = kNoAnswer;
    std::uint8_t code_count = 0;
    std::array<std::array<std::uint8_t, kIpv4Size>, kLoggedCodesMax> codes;
};

class AnswerWalk {
public:
    explicit AnswerWalk(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}

    AnswerFigures read() noexcept {
        AnswerFigures figures;
        if (bytes_.size() < dns::kHeaderSize) {
            return figures;
        }
        figures.rcode = bytes_[3] & 0x0F;
        const unsigned questions = number_at(4);
        const unsigned answers = number_at(6);
        const unsigned records = answers + number_at(8) + number_at(10);
        at_ = dns::kHeaderSize;
        for (unsigned i = 0; i < questions; ++i) {
            skip_name();
            at_ += 4;
        }
        for (unsigned i = 0; i < records && take_record(i < answers, figures); ++i) {
        }
        return figures;
    }

private:
    unsigned number_at(std::size_t at) const noexcept {
        return at + 2 <= bytes_.size() ? unsigned{bytes_[at]} << 8 | bytes_[at + 1] : 0;
    }

    void skip_name() noexcept {
        constexpr std::uint8_t kPointer = 0xC0;
        while (at_ < bytes_.size() && bytes_[at_] != 0 && bytes_[at_] < kPointer) {
            at_ += std::size_t{bytes_[at_]} + 1;
        }
        at_ += at_ < bytes_.size() && bytes_[at_] >= kPointer ? 2 : 1;
    }

    bool take_record(bool is_answer, AnswerFigures& figures) noexcept {
        constexpr std::size_t kFixedSize = 10;  // type, class, TTL, length
        skip_name();
        if (at_ + kFixedSize > bytes_.size()) {
            return false;
        }
        const dns::RecordType type{static_cast<std::uint16_t>(number_at(at_))};
        const std::size_t size = number_at(at_ + 8);
        const std::size_t data = at_ + kFixedSize;
        if (data + size > bytes_.size()) {
            return false;
        }
        if (type == dns::RecordType::Opt) {
            figures.rcode = static_cast<std::uint16_t>(figures.rcode | bytes_[at_ + 4] << 4);
        }
        const bool is_code = is_answer && type == dns::RecordType::A && size == kIpv4Size &&
                             bytes_[data] == kCodeNetwork && figures.code_count < kLoggedCodesMax;
        if (is_code) {
            std::memcpy(figures.codes[figures.code_count++].data(), bytes_.data() + data, size);
        }
        at_ = data + size;
        return true;
    }

    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

// Puts one thing behind another; there is room for all of a record.
class RecordWriter {
public:
    explicit RecordWriter(QueryRecordBuffer& record) noexcept : record_(record) {}
    std::uint8_t add(const void* bytes, std::size_t size) noexcept {
        std::memcpy(record_.data() + size_, bytes, size);
        size_ += size;
        return static_cast<std::uint8_t>(size);
    }
    std::uint8_t add(std::string_view text) noexcept { return add(text.data(), text.size()); }
    std::size_t size() const noexcept { return size_; }

private:
    QueryRecordBuffer& record_;
    std::size_t size_ = sizeof(RecordHead);
};

std::uint8_t add_client(const net::Address& client, RecordWriter& writer) noexcept {
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&client)) {
        return writer.add(&ipv4->bits, sizeof ipv4->bits);
    }
    const auto bytes = net::to_bytes(*std::get_if<net::Ipv6>(&client));
    return writer.add(bytes.data(), bytes.size());
}

// The labels of the name, without the root; never a key.
std::uint8_t add_name(const responder::PendingQuery& asked, RecordWriter& writer) noexcept {
    using responder::KeyKind;
    constexpr std::string_view kHidden = "\1-";
    const dns::QuestionName& name = asked.query.name;
    const std::string_view all = name.wire().substr(0, name.wire().size() - 1);
    if (asked.key == KeyKind::None) {
        return writer.add(all);
    }
    const std::size_t key = name.label_count() - asked.zone->origin_labels - 1;
    std::uint8_t size = writer.add(all.substr(0, name.label_start(key)));
    if (asked.key == KeyKind::Unknown) {
        size = static_cast<std::uint8_t>(size + writer.add(kHidden));
    }
    return static_cast<std::uint8_t>(size + writer.add(all.substr(name.label_start(key + 1))));
}

// One piece of a record after the other; nothing of what is not there.
class RecordReader {
public:
    explicit RecordReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::span<const std::uint8_t> take(std::size_t size) {
        const auto piece = bytes_.first(std::min(size, bytes_.size()));
        bytes_ = bytes_.subspan(piece.size());
        return piece;
    }
    std::string_view take_text(std::size_t size) {
        const auto piece = take(size);
        return {reinterpret_cast<const char*>(piece.data()), piece.size()};  // NOLINT: bytes
    }

private:
    std::span<const std::uint8_t> bytes_;
};

void append_client(std::span<const std::uint8_t> bytes, LoggedClient shown, std::string& text) {
    if (shown == LoggedClient::None) {
        text += '-';
        return;
    }
    const bool is_network = shown == LoggedClient::Network;
    if (bytes.size() == kIpv4Size) {
        net::Ipv4 address;
        std::memcpy(&address.bits, bytes.data(), bytes.size());
        text += net::to_string(is_network ? net::prefix(address, kIpv4NetworkBits).first : address);
    } else if (bytes.size() == kIpv6Size) {
        const net::Ipv6 address = net::ipv6_from_bytes(bytes.data());
        text += net::to_string(is_network ? net::prefix(address, kIpv6NetworkBits).first : address);
    }
}

// As master files have it (RFC 1035 §5.1).
void append_name(std::string_view wire, std::string& text) {
    if (wire.empty()) {
        text += '.';
    }
    for (dns::Labels labels{wire}; !labels.empty();) {
        for (const char c : labels.pop_front()) {
            const auto byte = static_cast<std::uint8_t>(c);
            if (byte > ' ' && byte < 0x7F && c != '.' && c != '\\' && c != '"' && c != ';') {
                text += c;
            } else {
                fmt::format_to(std::back_inserter(text), "\\{:03}", byte);
            }
        }
        text += labels.empty() ? "" : ".";
    }
}

}  // namespace

std::size_t write_query_record(const responder::PendingQuery& asked,
                               const responder::Client& client,
                               std::span<const std::uint8_t> answer, UnixTime at,
                               QueryRecordBuffer& record) noexcept {
    if (asked.query.question.empty() || asked.error) {
        return 0;
    }
    const AnswerFigures figures = AnswerWalk{answer}.read();
    RecordHead head;
    head.seconds = at.seconds;
    head.type = static_cast<std::uint16_t>(asked.query.type);
    head.record_class = static_cast<std::uint16_t>(asked.query.record_class);
    head.rcode = figures.rcode;
    RecordWriter writer{record};
    head.client_size = add_client(client.address, writer);
    head.name_size = add_name(asked, writer);
    head.partner_size = asked.partner != nullptr ? writer.add(asked.partner->name) : 0;
    head.code_count = figures.code_count;
    writer.add(figures.codes.data(), figures.code_count * kIpv4Size);
    std::memcpy(record.data(), &head, sizeof head);
    return writer.size();
}

namespace {

void append_plain_line(std::span<const std::uint8_t> record, LoggedClient client,
                       std::string& text) {
    RecordHead head;
    if (record.size() < sizeof head) {
        return;
    }
    std::memcpy(&head, record.data(), sizeof head);
    RecordReader reader{record.subspan(sizeof head)};
    text += to_string(UnixTime{head.seconds});
    text += ' ';
    append_client(reader.take(head.client_size), client, text);
    text += ' ';
    append_name(reader.take_text(head.name_size), text);
    const dns::RecordClass record_class{head.record_class};
    const bool is_internet = record_class == dns::RecordClass::In;
    text += is_internet ? " " : fmt::format(" CLASS{}/", head.record_class);
    text += dns::type_name(dns::RecordType{head.type});
    text += ' ';
    text += head.rcode == kNoAnswer ? "-" : dns::rcode_name(dns::Rcode{head.rcode});
    text += ' ';
    const std::string_view partner = reader.take_text(head.partner_size);
    for (std::size_t i = 0; i < head.code_count; ++i) {
        const auto code = reader.take(kIpv4Size);
        text += i > 0 ? "," : "";
        text += fmt::format("{}.{}.{}.{}", code[0], code[1], code[2], code[3]);
    }
    text += head.code_count == 0 ? "- " : " ";
    text += partner.empty() ? "-" : partner;
    text += '\n';
}

constexpr std::array<std::string_view, 7> kWords{"time",  "client", "name",   "type",
                                                 "rcode", "codes",  "partner"};
constexpr std::size_t kCodesWord = 5;

void append_json_word(std::size_t number, std::string_view word, std::string& text) {
    if (number != kCodesWord) {
        append_json_text(text, word);
        return;
    }
    for (char mark = '['; !word.empty(); mark = ',') {
        const std::size_t end = std::min(word.find(','), word.size());
        text += mark;
        append_json_text(text, word.substr(0, end));
        word.remove_prefix(std::min(end + 1, word.size()));
    }
    text += ']';
}

// No word of a plain line has a blank, and a line has all of them.
void append_named_words(std::string_view plain, LogFormat format, std::string& text) {
    std::string line;
    for (std::size_t number = 0; number < kWords.size(); ++number) {
        const std::size_t end = std::min(plain.find_first_of(" \n"), plain.size());
        const std::string_view word = plain.substr(0, end);
        plain.remove_prefix(std::min(end + 1, plain.size()));
        if (word == "-") {
            continue;
        }
        if (format == LogFormat::Logfmt) {
            append_logfmt(line, kWords[number], word);
        } else {
            line += line.empty() ? "{" : ",";
            append_json_text(line, kWords[number]);
            line += ':';
            append_json_word(number, word, line);
        }
    }
    text += line;
    text += format == LogFormat::Json ? "}\n" : "\n";
}

}  // namespace

void append_query_line(std::span<const std::uint8_t> record, LoggedClient client, std::string& text,
                       LogFormat format) {
    if (format == LogFormat::Plain) {
        append_plain_line(record, client, text);
        return;
    }
    std::string plain;
    append_plain_line(record, client, plain);
    if (!plain.empty()) {
        append_named_words(plain, format, text);
    }
}

}  // namespace ostrakon::server
