#include "ostrakon/responder/question_reading.hpp"

#include "ostrakon/dns/reversed_address.hpp"

namespace ostrakon::responder {
namespace {

constexpr std::size_t kOctets = 4;
constexpr std::size_t kNibbles = 32;

std::string_view last_of(dns::Labels labels) noexcept {
    std::string_view last;
    while (!labels.empty()) {
        last = labels.pop_front();
    }
    return last;
}

template <class T, class E>
std::optional<T> value_of(const Expected<T, E>& parsed) noexcept {
    return parsed ? std::optional<T>{*parsed} : std::nullopt;
}

}  // namespace

QuestionReading read_question(dns::Labels labels, std::size_t count) noexcept {
    QuestionReading reading;
    const std::string_view last = last_of(labels);
    const bool is_address = dns::is_address_label(last);
    reading.may_precede_name = !is_address;
    if (count == 1 && dns::is_hash_label(last)) {
        reading.is_hash = true;
        return reading;
    }
    if (!is_address) {
        reading.is_name = true;
        return reading;
    }
    if (count < kOctets) {
        reading.ipv4_cut = value_of(dns::parse_ipv4_cut(labels));
    } else if (count == kOctets) {
        reading.ipv4 = value_of(dns::parse_reversed_ipv4(labels));
    }
    if (count == kNibbles) {
        reading.ipv6 = value_of(dns::parse_reversed_ipv6(labels));
    } else if (last.size() == 1) {  // a single digit: nibbles, as far as the rest goes along
        reading.ipv6_cut = value_of(dns::parse_ipv6_cut(labels));
    }
    return reading;
}

}  // namespace ostrakon::responder
