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

    void name(std::size_t count, const QuestionReading& reading) noexcept {
        const dns::QuestionName& asked = exchange_.query.name;
        const std::string_view only = count == 1 ? asked.label(0) : std::string_view{};
        if (dns::is_label(only, zone::kTestName)) {
            found_.finding = Finding::TestName;
            return;
        }
        const verdict::Subject subject = verdict::NameKey{asked.write_key(count, found_.key_bytes)};
        const verdict::Location location = exchange_.judge.locate(subject, exchange_.now);
        found_.has_below = location.exists;
        judge(subject, location, reading.is_name && !dns::is_label(only, zone::kNeverListedName));
    }

    // A hash is a mail address itself, but can be the end of a longer name.
    void mail(const zone::Kinds& kinds) noexcept {
        const verdict::Subject subject =
            verdict::NameKey{exchange_.query.name.write_key(1, found_.key_bytes)};
        verdict::Location location = exchange_.judge.locate(subject, exchange_.now);
        location.set = kinds.mail ? location.set : 0;
        location.exists = location.exists && kinds.name;
        judge(subject, location, true);
    }

private:
    template <class A>
    void whole_address(A address, std::optional<net::Ipv4> as_ipv4) noexcept {
        if (as_ipv4 == zone::kTestAddress) {
            found_.finding = Finding::TestAddress;
        } else if (as_ipv4 != zone::kNeverListedAddress) {
            judge(address, exchange_.asked.location, true);
            // An address that other zones list has nothing below it: it is as absent here as any
            // other.
            if (found_.finding == Finding::Exists) {
                found_.finding = Finding::Absent;
            }
        }
    }

    void judge(const verdict::Subject& subject, verdict::Location location,
               bool may_answer) noexcept {
        found_.subject = subject;
        const verdict::Verdict& verdict =
            exchange_.judge.judge(zone_.number, subject, location, exchange_.now);
        found_.verdict = &verdict;
        if (verdict.listed && may_answer) {
            found_.finding = Finding::Listed;
        } else if (verdict.exists) {
            found_.finding = Finding::Exists;
        }
    }

    Exchange& exchange_;
    const PreparedZone& zone_;
    Found& found_;
};

}  // namespace

void look_up(Exchange& exchange, const PreparedZone& zone, Found& found) noexcept {
    const std::size_t count = exchange.asked.subject_labels;
    const QuestionReading& reading = exchange.asked.reading;
    LookUp look_up{exchange, zone, found};
    if (zone.zone->kinds.ip) {
        look_up.address(reading);
    }
    if (reading.is_hash) {
        look_up.mail(zone.zone->kinds);
    } else if (zone.zone->kinds.name && reading.may_precede_name) {
        look_up.name(count, reading);
    }
}

}  // namespace ostrakon::responder
