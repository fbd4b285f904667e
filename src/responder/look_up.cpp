#include "ostrakon/responder/look_up.hpp"

#include "ostrakon/responder/question_reading.hpp"

namespace ostrakon::responder {
namespace {

constexpr int kMappedPrefixLength = 96;

// The part of IPv4 space whose mapped addresses lie in `range`, a prefix.
std::optional<net::Ipv4Range> mapped_part(net::Ipv6Range range) noexcept {
    if (range.contains(net::kMappedIpv4)) {
        return net::everything<net::Ipv4>();
    }
    if (net::kMappedIpv4.contains(range)) {
        return net::Ipv4Range{*net::mapped_ipv4(range.first), *net::mapped_ipv4(range.last)};
    }
    return std::nullopt;
}
static_assert(net::prefix(net::kMappedIpv4.first, kMappedPrefixLength) == net::kMappedIpv4);

bool is_anything_in(verdict::Judge& judge, net::Ipv4Range range) noexcept {
    return range.contains(zone::kTestAddress) || judge.is_anything_in(range);
}

bool is_anything_in(verdict::Judge& judge, net::Ipv6Range range) noexcept {
    const auto mapped = mapped_part(range);
    return (mapped && is_anything_in(judge, *mapped)) || judge.is_anything_in(range);
}

class LookUp {
public:
    LookUp(Exchange& exchange, const PreparedZone& zone, Found& found) noexcept
        : exchange_(exchange), zone_(zone), found_(found) {}

    void address(const QuestionReading& reading) noexcept {
        if (reading.ipv4) {
            whole_address(*reading.ipv4, *reading.ipv4);
        } else if (reading.ipv6) {
            whole_address(*reading.ipv6, net::mapped_ipv4(*reading.ipv6));
        }
        if (found_.finding != Finding::Absent) {
            return;
        }
        const bool exists =
            (reading.ipv4_cut && is_anything_in(exchange_.judge, *reading.ipv4_cut)) ||
            (reading.ipv6_cut && is_anything_in(exchange_.judge, *reading.ipv6_cut));
        if (exists) {
            found_.finding = Finding::Exists;
        }
    }

    void name(dns::Labels labels, std::size_t count, const QuestionReading& reading) noexcept {
        const std::string_view only = count == 1 ? labels.front() : std::string_view{};
        if (dns::is_label(only, zone::kTestName)) {
            found_.finding = Finding::TestName;
            return;
        }
        // A hash is a mail address itself, but can be the end of a longer name.
        judge(verdict::NameKey{exchange_.query.name.key().substr(
                  exchange_.query.name.key_size(zone_.origin_labels))},
              reading.is_name && !dns::is_label(only, zone::kNeverListedName));
    }

private:
    template <class A>
    void whole_address(A address, std::optional<net::Ipv4> as_ipv4) noexcept {
        if (as_ipv4 == zone::kTestAddress) {
            found_.finding = Finding::TestAddress;
        } else if (as_ipv4 != zone::kNeverListedAddress) {
            judge(address, true);
            // An address that other zones list has nothing below it: it is as absent here as any
            // other.
            if (found_.finding == Finding::Exists) {
                found_.finding = Finding::Absent;
            }
        }
    }

    void judge(const verdict::Subject& subject, bool may_answer) noexcept {
        found_.subject = subject;
        exchange_.judge.judge(zone_.number, found_.subject, exchange_.now, found_.verdict);
        if (found_.verdict.listed && may_answer) {
            found_.finding = Finding::Listed;
        } else if (found_.verdict.exists) {
            found_.finding = Finding::Exists;
        }
    }

    Exchange& exchange_;
    const PreparedZone& zone_;
    Found& found_;
};

}  // namespace

void look_up(Exchange& exchange, const PreparedZone& zone, Found& found) noexcept {
    const std::size_t count = exchange.query.name.label_count() - zone.origin_labels;
    const dns::Labels labels = exchange.query.name.first(count);
    const QuestionReading reading = read_question(labels, count);
    LookUp look_up{exchange, zone, found};
    if (zone.zone->kinds.ip) {
        look_up.address(reading);
    }
    if (zone.zone->kinds.name && reading.may_precede_name) {
        look_up.name(labels, count, reading);
    }
}

}  // namespace ostrakon::responder
