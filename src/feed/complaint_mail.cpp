#include "ostrakon/feed/complaint_mail.hpp"

#include "format.hpp"
#include "lines.hpp"
#include "mime_library.hpp"
#include "received_header.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <algorithm>
#include <memory>

namespace ostrakon::feed {
namespace {

constexpr int kMailDepthMax = 10;
constexpr int kPartsMax = 100;
constexpr int kHeadersMax = 1000;
constexpr std::size_t kSendersMax = 20;
constexpr std::size_t kReportSizeMax = std::size_t{64} << 10;
constexpr std::size_t kWordSizeMax = 320;
constexpr std::int64_t kTimeMax = 253'402'300'799;  // the last second that can be spelled

bool is_same_word(std::string_view a, std::string_view b) {
    const auto lowered = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lowered(x) == lowered(y); });
}

// One line of printable text, bounded; domains and words in lower case.
std::string word_of(std::string_view text, bool is_lowered) {
    std::string word;
    for (const char c : trimmed(text).substr(0, kWordSizeMax)) {
        const bool is_plain = c > ' ' && c < 0x7F;
        if (is_plain) {
            word.push_back(is_lowered && c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
        }
    }
    return word;
}

// Reads parts of a message into what a complaint says.
class MailReader {
public:
    MailReader(const MimeLibrary& mime, ComplaintMail& mail) : mime_(mime), mail_(mail) {}

    /// `is_outer`: the mail itself, which may only carry the message that it complains about.
    void read(GMimeMessage* message, bool is_outer) {
        GMimeObject* const body = mime_.mime_part(message);
        if (body != nullptr && is_outer) {
            walk(body, 0);
        }
        if (is_outer && (mail_.is_report || has_message_)) {
            mail_.reporter = sender_of(message);
            return;
        }
        if (is_outer || !has_message_) {
            has_message_ = true;
            read_offending(message);
        }
    }

private:
    using Object = std::unique_ptr<void, decltype(&g_object_unref)>;

    bool is(void* object, GType type) const {
        return object != nullptr && mime_.is_a(static_cast<GTypeInstance*>(object), type) != FALSE;
    }

    void walk(GMimeObject* part, int depth) {
        if (part == nullptr || depth > kMailDepthMax || ++parts_ > kPartsMax) {
            return;
        }
        if (is(part, mime_.multipart_type())) {
            auto* const multipart = reinterpret_cast<GMimeMultipart*>(part);
            const int count = std::min(mime_.multipart_count(multipart), kPartsMax);
            for (int i = 0; i < count; ++i) {
                walk(mime_.multipart_part(multipart, i), depth + 1);
            }
            return;
        }
        if (is(part, mime_.message_part_type())) {
            if (auto* const inner = mime_.part_message(reinterpret_cast<GMimeMessagePart*>(part))) {
                read(inner, false);
            }
            return;
        }
        GMimeContentType* const type = mime_.content_type(part);
        if (type == nullptr || !is(part, mime_.part_type())) {
            return;
        }
        if (mime_.is_type(type, "message", "feedback-report") != FALSE) {
            read_report(content_of(reinterpret_cast<GMimePart*>(part)));
        } else if (mime_.is_type(type, "text", "rfc822-headers") != FALSE) {
            read_headers_part(content_of(reinterpret_cast<GMimePart*>(part)));
        }
    }

    std::string content_of(GMimePart* part) const {
        GMimeDataWrapper* const content = mime_.part_content(part);
        const Object stream{mime_.mem_new(), mime_.object_unref};
        if (content == nullptr || !stream) {
            return "";
        }
        mime_.write_content(content, static_cast<GMimeStream*>(stream.get()));
        const GByteArray* const bytes = mime_.mem_bytes(static_cast<GMimeStreamMem*>(stream.get()));
        return bytes == nullptr || bytes->data == nullptr
                   ? std::string{}
                   : std::string{reinterpret_cast<const char*>(bytes->data),
                                 std::min<std::size_t>(bytes->len, kReportSizeMax)};
    }

    // RFC 5965 §3: fields as in a header.
    void read_report(const std::string& text) {
        mail_.is_report = true;
        Lines lines{text};
        Line line;
        while (lines.next(line)) {
            const std::size_t colon = line.text.find(':');
            if (colon == std::string_view::npos) {
                continue;
            }
            const std::string_view name = trimmed(line.text.substr(0, colon));
            const std::string_view value = trimmed(line.text.substr(colon + 1));
            if (is_same_word(name, "Feedback-Type")) {
                mail_.kind = word_of(value, true);
            } else if (is_same_word(name, "Source-IP")) {
                add_sender(net::parse_address(word_of(value, false)), true);
            } else if (is_same_word(name, "Reported-Domain") && !has_reported_domain_) {
                mail_.domain = word_of(value, true);
                has_reported_domain_ = true;
            } else if (is_same_word(name, "Arrival-Date") || is_same_word(name, "Received-Date")) {
                mail_.arrived = date_of(std::string{value});
            }
        }
    }

    void read_headers_part(const std::string& text) {
        if (has_message_) {
            return;
        }
        const Object stream{mime_.mem_new_with_buffer(text.data(), text.size()),
                            mime_.object_unref};
        const Object parser{mime_.parser_new(static_cast<GMimeStream*>(stream.get())),
                            mime_.object_unref};
        const Object message{
            mime_.construct_message(static_cast<GMimeParser*>(parser.get()), nullptr),
            mime_.object_unref};
        if (message) {
            read(static_cast<GMimeMessage*>(message.get()), false);
        }
    }

    void read_offending(GMimeMessage* message) {
        GMimeHeaderList* const headers = mime_.header_list(reinterpret_cast<GMimeObject*>(message));
        const int count =
            headers == nullptr ? 0 : std::min(mime_.header_count(headers), kHeadersMax);
        for (int i = 0; i < count; ++i) {
            GMimeHeader* const header = mime_.header_at(headers, i);
            const char* const name = mime_.header_name(header);
            const char* const value = mime_.header_value(header);
            if (name != nullptr && value != nullptr && is_same_word(name, "Received")) {
                add_sender(sender_in_received(value), false);
            }
        }
        if (mail_.domain.empty()) {
            const std::string sender = sender_of(message);
            const std::size_t at = sender.rfind('@');
            mail_.domain = at == std::string::npos ? "" : word_of(sender.substr(at + 1), true);
        }
        if (!mail_.arrived) {
            if (GDateTime* const date = mime_.date(message)) {
                mail_.arrived = bounded(mime_.date_to_unix(date));
            }
        }
    }

    std::string sender_of(GMimeMessage* message) const {
        InternetAddressList* const from = mime_.from(message);
        if (from == nullptr || mime_.address_count(from) < 1) {
            return "";
        }
        InternetAddress* const address = mime_.address_at(from, 0);
        if (!is(address, mime_.mailbox_type())) {
            return "";
        }
        const char* const text =
            mime_.mailbox_address(reinterpret_cast<InternetAddressMailbox*>(address));
        return text == nullptr ? std::string{} : word_of(text, false);
    }

    std::optional<UnixTime> date_of(const std::string& text) const {
        GDateTime* const date = mime_.decode_date(text.c_str());
        if (date == nullptr) {
            return std::nullopt;
        }
        const auto time = bounded(mime_.date_to_unix(date));
        mime_.date_unref(date);
        return time;
    }
    static std::optional<UnixTime> bounded(std::int64_t seconds) {
        return seconds > 0 && seconds <= kTimeMax ? std::optional{UnixTime{seconds}} : std::nullopt;
    }

    void add_sender(const std::optional<net::Address>& address, bool is_first) {
        if (!address || mail_.senders.size() >= kSendersMax) {
            return;
        }
        mail_.senders.insert(is_first ? mail_.senders.begin() : mail_.senders.end(), *address);
    }

    const MimeLibrary& mime_;
    ComplaintMail& mail_;
    int parts_ = 0;
    bool has_message_ = false;  // the offending one was met
    bool has_reported_domain_ = false;
};

}  // namespace

Result<ComplaintMail> read_complaint_mail(std::string_view file, std::string_view bytes) {
    if (bytes.size() > kComplaintSizeMax) {
        return refuse(file, fmt::format("has more than {} bytes", kComplaintSizeMax),
                      "cut attachments out of it");
    }
    const auto mime = load_mime_library();
    if (!mime) {
        return Unexpected{mime.error()};
    }
    using Object = std::unique_ptr<void, decltype(&g_object_unref)>;
    const Object stream{mime->mem_new_with_buffer(bytes.data(), bytes.size()), mime->object_unref};
    const Object parser{mime->parser_new(static_cast<GMimeStream*>(stream.get())),
                        mime->object_unref};
    const Object message{mime->construct_message(static_cast<GMimeParser*>(parser.get()), nullptr),
                         mime->object_unref};
    auto* const parsed = static_cast<GMimeMessage*>(message.get());
    GMimeHeaderList* const headers =
        parsed == nullptr ? nullptr : mime->header_list(reinterpret_cast<GMimeObject*>(parsed));
    if (headers == nullptr || mime->header_count(headers) == 0) {
        return refuse(file, "is no message with a header",
                      "a complaint is a report by RFC 5965 or the whole message that it is about");
    }
    ComplaintMail mail;
    MailReader{*mime, mail}.read(parsed, true);
    return mail;
}

std::string pack_message(std::string_view bytes) {
    uLongf size = compressBound(bytes.size());
    std::string packed(size, '\0');
    compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
              reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_DEFAULT_COMPRESSION);
    packed.resize(size);
    return packed;
}

std::optional<std::string> unpack_message(std::string_view packed, std::uint64_t size) {
    if (size > kComplaintSizeMax) {
        return std::nullopt;
    }
    std::string bytes(size, '\0');
    uLongf unpacked = bytes.size();
    const int rc = uncompress(reinterpret_cast<Bytef*>(bytes.data()), &unpacked,
                              reinterpret_cast<const Bytef*>(packed.data()), packed.size());
    return rc == Z_OK && unpacked == size ? std::optional{std::move(bytes)} : std::nullopt;
}

}  // namespace ostrakon::feed
