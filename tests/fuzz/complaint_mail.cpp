// Property: any bytes as a complaint are refused with a reason, or say who sent what within bounds,
// the same each time; and they are kept and given back whole.
#include "target.hpp"

#include "ostrakon/feed/complaint_mail.hpp"

#include <algorithm>

namespace {

using namespace ostrakon;
using fuzz::require;

constexpr std::size_t kSendersMax = 20;
constexpr std::size_t kWordSizeMax = 320;
constexpr std::int64_t kTimeMax = 253'402'300'799;  // the last second that RFC 3339 can spell

void check_word(std::string_view word, std::string_view what) {
    require(word.size() <= kWordSizeMax, what);
    require(std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7F; }),
            what);
}

void check(const feed::ComplaintMail& mail) {
    require(mail.senders.size() <= kSendersMax, "the number of senders");
    check_word(mail.kind, "a kind is a word");
    check_word(mail.reporter, "a reporter is a word");
    check_word(mail.domain, "a domain is a word");
    require(std::none_of(mail.domain.begin(), mail.domain.end(),
                         [](char c) { return c >= 'A' && c <= 'Z'; }),
            "a domain is in lower case");
    require(!mail.arrived || (mail.arrived->seconds > 0 && mail.arrived->seconds <= kTimeMax),
            "a time that can be written");
}

bool is_equal(const feed::ComplaintMail& a, const feed::ComplaintMail& b) {
    return a.is_report == b.is_report && a.kind == b.kind && a.reporter == b.reporter &&
           a.senders == b.senders && a.domain == b.domain && a.arrived == b.arrived;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text = fuzz::as_text(bytes, size);
    const auto kept = feed::unpack_message(feed::pack_message(text), text.size());
    require(kept && *kept == text, "a message is kept whole");
    const auto damaged = feed::unpack_message(text, size);
    require(!damaged || damaged->size() == size, "what is unpacked has the size that was said");
    const auto mail = feed::read_complaint_mail("mail", text);
    if (!mail) {
        require(mail.error().code == ErrorCode::Usage && !mail.error().why.empty(),
                "a refusal says why");
        return 0;
    }
    check(*mail);
    const auto again = feed::read_complaint_mail("mail", text);
    require(again && is_equal(*again, *mail), "reading again gives the same");
    return 0;
}
