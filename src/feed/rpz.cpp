// rpz: response policy zones (draft-vixie-dnsop-dns-rpz) as zone files. NAME CNAME . (also *. and
// rpz-drop.) bans that name, *.NAME what is below it, PREFIX.rpz-ip an address or prefix;
// rpz-passthru. makes an allow. Everything else a policy can say is no block: records that answer
// something else, rpz-tcp-only., and triggers about clients and name servers.
//
// A record whose owner lies outside of the zone is skipped, as BIND does, and not the zone.
#include "line_format.hpp"
#include "list_subject.hpp"
#include "zone_walk.hpp"

#include <algorithm>
#include <optional>

namespace ostrakon::feed {
namespace {

// "24.0.2.0.192" → "192.0.2.0/24"; "48.zz.2.db8.2001" → "2001:db8:2::/48". Nothing where the prefix
// length is missing or it is neither.
std::optional<std::string> rpz_prefix(std::string_view labels) {
    constexpr std::size_t kIpv4Labels = 5;
    constexpr std::size_t kIpv6LabelsMax = 9;
    std::vector<std::string> parts;
    for (std::string_view rest = labels;;) {
        const std::size_t dot = rest.find('.');
        parts.emplace_back(rest.substr(0, dot));
        if (dot == std::string_view::npos || parts.size() > kIpv6LabelsMax) {
            break;
        }
        rest.remove_prefix(dot + 1);
    }
    if (parts.size() < 3 || parts.size() > kIpv6LabelsMax) {
        return std::nullopt;
    }
    const std::string length = parts.front();
    std::reverse(parts.begin() + 1, parts.end());
    const bool is_ipv6 =
        parts.size() != kIpv4Labels || std::find(parts.begin(), parts.end(), "zz") != parts.end();
    std::string address;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const bool is_gap = is_ipv6 && parts[i] == "zz";
        address += i > 1 ? (is_ipv6 ? ":" : ".") : "";
        address += is_gap ? (i == 1 || i + 1 == parts.size() ? ":" : "") : parts[i];
    }
    return address + "/" + length;
}

enum class RpzAction : std::uint8_t { Block, Pass, Other };

RpzAction action_of(const std::string& target, std::string_view owner) {
    if (target == "." || target == "*." || target == "rpz-drop.") {
        return RpzAction::Block;
    }
    const bool is_itself =
        target == owner || (target.ends_with('.') && target.substr(0, target.size() - 1) == owner);
    return target == "rpz-passthru." || is_itself ? RpzAction::Pass : RpzAction::Other;
}

class RpzReader {
public:
    explicit RpzReader(Collector& collector) : collector_(collector), walk_(collector) {
        policy::Statement allow;
        allow.listing_class = "allow";
        block_ = collector.statement({});
        pass_ = collector.statement(allow);
    }

    void read(const ZoneRecord& record) {
        const auto owned = walk_.take(record);
        if (owned && owned->type != "soa" &&
            (owned->type != "ns" || owned->owner != walk_.zone())) {
            read_policy(record, *owned);
        }
    }

private:
    void read_policy(const ZoneRecord& record, const OwnedRecord& owned) {
        std::string_view trigger = owned.owner;
        if (!take_suffix(trigger, walk_.zone())) {
            collector_.reject(record.line, record.text, "lies outside of its zone");
            return;
        }
        if (trigger.empty()) {
            return;  // what the zone says about itself
        }
        std::string wanted = owned.values.empty() ? "" : in_lower_case(owned.values.front());
        if (wanted != trigger && !wanted.ends_with('.')) {
            wanted = walk_.absolute(wanted);
        }
        const RpzAction action =
            owned.type == "cname" ? action_of(wanted, trigger) : RpzAction::Other;
        if (action == RpzAction::Other) {
            collector_.reject(record.line, record.text,
                              "answers something else, or in another way, which is no block");
            return;
        }
        const std::uint32_t statement = action == RpzAction::Block ? block_ : pass_;
        if (take_suffix(trigger, "rpz-ip")) {
            const auto prefix = rpz_prefix(trigger);
            if (!prefix) {
                collector_.reject(record.line, record.text,
                                  "is no address with a prefix length in front of rpz-ip");
                return;
            }
            add_addresses(collector_, record.line, *prefix, statement);
            return;
        }
        for (const std::string_view other : {"rpz-client-ip", "rpz-nsdname", "rpz-nsip"}) {
            if (take_suffix(trigger, other)) {
                collector_.reject(record.line, record.text,
                                  "is about clients or name servers, not about a name");
                return;
            }
        }
        const bool is_below = trigger.starts_with("*.");
        add_name(collector_, record.line, is_below ? trigger.substr(2) : trigger,
                 is_below ? policy::NameScope::Below : policy::NameScope::Exact, statement);
    }

    Collector& collector_;
    std::uint32_t block_ = 0;
    std::uint32_t pass_ = 0;
    ZoneWalk walk_;
};

}  // namespace

Result<Done> read_rpz(const Document& document, Collector& collector) {
    RpzReader reader{collector};
    return for_each_record(document, collector,
                           [&reader](const ZoneRecord& record) { reader.read(record); });
}

}  // namespace ostrakon::feed
