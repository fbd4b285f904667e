#include "ostrakon/responder/question_reading.hpp"

#include "ostrakon/dns/reversed_address.hpp"

namespace ostrakon::responder {
namespace {

constexpr std::size_t kOctets = 4;
constexpr std::size_t kNibbles = 32;

template <class T, class E>
std::optional<T> value_of(const Expected<T, E>& parsed) noexcept {
    return parsed ? std::optional<T>{*parsed} : std::nullopt;
}

}  // namespace

void QuestionReading::read(const dns::QuestionName& name, std::size_t count) noexcept {
    clear();
    const dns::Labels labels = name.first(count);
    const std::string_view last = name.label(count - 1);
    const bool is_address = dns::is_address_label(last);
    may_precede_name = !is_address;
    if (count == 1 && dns::is_hash_label(last)) {
        is_hash = true;
        return;
    }
    if (!is_address) {
        is_name = true;
        return;
    }
    if (count < kOctets) {
        ipv4_cut = value_of(dns::parse_ipv4_cut(labels));
    } else if (count == kOctets) {
        ipv4 = dns::whole_ipv4(name);
    }
    if (count == kNibbles) {
        ipv6 = value_of(dns::parse_reversed_ipv6(labels));
    } else if (last.size() == 1) {  // a single digit: nibbles, as far as the rest goes along
        ipv6_cut = value_of(dns::parse_ipv6_cut(labels));
    }
}

}  // namespace ostrakon::responder
