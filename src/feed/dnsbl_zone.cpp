// dnsbl-zone: a block list as the DNS zone that it is served from, in master format (RFC 1035 §5),
// as a zone transfer gives it. What stands in front of the zone's name is what is listed (RFC 5782
// §2): an IPv4 address with its octets reversed, an IPv6 address with its nibbles reversed, or a
// name; "*." before fewer octets or nibbles is a prefix, before a name what is below it. Each A
// record is an entry, with its address as the code; TXT records of the owner are the reason.
//
// The records of one owner stand together, as servers write them. What the zone says about itself
// and for its own test, and records outside of it, are no entries.
#include "line_format.hpp"
#include "list_subject.hpp"
#include "map_format.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/zone/test_point.hpp"
#include "zone_walk.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kCodesMax = 64;  // of one owner
constexpr std::size_t kOctets = 4;
constexpr std::size_t kNibbles = 32;

// What an owner lists.
struct ListedOwner {
    bool is_test = false;      // nothing, but that the list works
    std::string_view mistake;  // why it lists nothing; empty where it does
    bool is_name = false;
    std::string text;  // an address, prefix or name
    policy::NameScope scope = policy::NameScope::Exact;
};

std::optional<std::uint32_t> octet_of(std::string_view label) {
    std::uint32_t octet = 0;
    const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), octet);
    const bool is_number = error == std::errc{} && end == label.data() + label.size();
    return is_number && octet <= 255 && (label.size() == 1 || label.front() != '0')
               ? std::optional{octet}
               : std::nullopt;
}

bool is_nibble(std::string_view label) {
    return label.size() == 1 &&
           std::string_view{"0123456789abcdef"}.find(label.front()) != std::string_view::npos;
}

// "2.0.192" is 192.0.2.0/24. Labels are octets, the last of them the first octet.
net::Ipv4Range ipv4_of(const std::vector<std::string_view>& labels) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::uint32_t octet = octet_of(labels[labels.size() - 1 - i]).value_or(0);
        bits |= octet << (24 - 8 * i);
    }
    return net::prefix(net::Ipv4{bits}, static_cast<int>(8 * labels.size()));
}

net::Ipv6Range ipv6_of(const std::vector<std::string_view>& labels) {
    net::Uint128 bits = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const char c = labels[labels.size() - 1 - i].front();
        const auto nibble = static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
        bits |= net::Uint128{nibble} << (124 - 4 * i);
    }
    return net::prefix(net::Ipv6{bits}, static_cast<int>(4 * labels.size()));
}

// Loopback addresses are those of tests (RFC 5782 §5), and nobody else's.
bool is_loopback(net::Ipv4Range range) {
    return range.first.bits >> 24 == 127;
}

ListedOwner listed_addresses(const std::vector<std::string_view>& labels, bool is_below,
                             bool is_ipv6) {
    ListedOwner listed;
    if (is_ipv6) {
        const net::Ipv6Range range = ipv6_of(labels);
        listed.text = net::to_string(range);
        const auto first = net::mapped_ipv4(range.first);
        listed.is_test = first && net::mapped_ipv4(range.last) && is_loopback({*first, *first});
    } else {
        const net::Ipv4Range range = ipv4_of(labels);
        listed.text = net::to_string(range);
        listed.is_test = is_loopback(range);
    }
    const bool is_whole = labels.size() == (is_ipv6 ? kNibbles : kOctets);
    if (is_whole == is_below) {
        listed.mistake = is_whole ? "is below an address" : "is part of an address";
    }
    return listed;
}

// `owner` is what stands in front of the zone's name; not empty.
ListedOwner listed_by(std::string_view owner) {
    ListedOwner listed;
    if (owner == "*") {
        listed.mistake = "lists everything";
        return listed;
    }
    if (owner == zone::kTestName || owner == zone::kNeverListedName) {
        listed.is_test = true;
        return listed;
    }
    const bool is_below = owner.starts_with("*.");
    const std::string_view rest = owner.substr(is_below ? 2 : 0);
    const auto labels = split_fields(rest, '.');
    // Up to four labels that are numbers are octets, though they may be nibbles: nobody lists an
    // IPv6 /16.
    if (labels.size() <= kOctets && std::all_of(labels.begin(), labels.end(), octet_of)) {
        return listed_addresses(labels, is_below, false);
    }
    if (labels.size() <= kNibbles && std::all_of(labels.begin(), labels.end(), is_nibble)) {
        return listed_addresses(labels, is_below, true);
    }
    listed.is_name = true;
    listed.text = rest;
    listed.scope = is_below ? policy::NameScope::Below : policy::NameScope::Exact;
    return listed;
}

// The bytes of a string of a TXT record, \" and \DDD undone.
std::string txt_string(std::string_view quoted) {
    std::string text;
    for (std::size_t at = 0; at < quoted.size(); ++at) {
        if (quoted[at] != '\\' || at + 1 >= quoted.size()) {
            text.push_back(quoted[at]);
            continue;
        }
        const std::string_view digits = quoted.substr(at + 1, 3);
        unsigned byte = 256;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), byte);
        if (error == std::errc{} && end == digits.data() + 3 && byte < 256) {
            text.push_back(static_cast<char>(byte));
            at += 3;
        } else {
            text.push_back(quoted[++at]);
        }
    }
    return text;
}

class DnsblReader {
public:
    explicit DnsblReader(Collector& collector) : collector_(collector), walk_(collector) {}

    void read(const ZoneRecord& record) {
        const auto owned = walk_.take(record);
        if (!owned) {
            return;
        }
        if (owned->owner != owner_) {
            finish_owner();
            owner_ = owned->owner;
        }
        if (owned->type != "a" && owned->type != "txt") {
            return;  // what the zone says about itself, and signatures
        }
        if (!is_within_zone(record, owned->owner)) {
            return;
        }
        if (owned->type == "a") {
            read_code(record, *owned);
        } else {
            read_text(*owned);
        }
    }

    /// The records of the last owner are all there.
    void finish_owner() {
        if (line_ != 0) {
            add();
        }
        line_ = 0;
        codes_.clear();
        reason_.clear();
    }

private:
    bool is_within_zone(const ZoneRecord& record, std::string_view owner) {
        front_ = owner;
        if (take_suffix(front_, walk_.zone())) {
            return !front_.empty();
        }
        collector_.note("outside", [&] {
            return fmt::format("line {}: {} lies outside of its zone and is left out", record.line,
                               printable(owner, kRejectTextSizeMax));
        });
        return false;
    }

    // Texts of records that are one too many are left out.
    void read_text(const OwnedRecord& owned) {
        std::string text = reason_.empty() ? "" : "; ";
        for (const std::string_view value : owned.values) {
            text += txt_string(value);
        }
        if (reason_.size() + text.size() <= kReasonSizeMax) {
            reason_ += text;
        }
    }

    void read_code(const ZoneRecord& record, const OwnedRecord& owned) {
        policy::Statement said;
        const std::string_view text = owned.values.size() == 1 ? owned.values.front() : "";
        const ListedOwner listed = listed_by(front_);
        if (listed.is_test) {
            return;
        }
        if (text.empty() || !set_code(said, text)) {
            collector_.reject(
                record.line, record.text,
                "answers with what is no code of a list (127.0.0.2 to 127.255.254.255)");
            return;
        }
        if (!listed.mistake.empty()) {
            collector_.reject(record.line, record.text, std::string{listed.mistake});
            return;
        }
        if (codes_.size() >= kCodesMax) {
            collector_.reject(record.line, record.text,
                              fmt::format("is more than the {}th code of its owner", kCodesMax));
            return;
        }
        listed_ = listed;
        codes_.push_back({record.line, *said.code});
        line_ = record.line;
    }

    void add() {
        for (const auto& [line, code] : codes_) {
            policy::Statement said;
            said.code = code;
            if (!set_reason(said, reason_)) {
                said.reason.clear();
            }
            const std::uint32_t statement = collector_.statement(said);
            const bool is_hash = listed_.is_name && dns::is_hash_label(listed_.text);
            if (is_hash) {
                collector_.add(line, listed_.text, statement);
            } else if (listed_.is_name) {
                add_name(collector_, line, listed_.text, listed_.scope, statement);
            } else {
                add_addresses(collector_, line, listed_.text, statement);
            }
        }
    }

    struct Code {
        std::uint32_t line;
        net::Ipv4 code;
    };

    Collector& collector_;
    ZoneWalk walk_;
    std::string owner_;
    std::string_view front_;  // of the owner that is being read
    // Of the owner that is being read: nothing is listed while line_ is 0.
    std::uint32_t line_ = 0;
    ListedOwner listed_;
    std::vector<Code> codes_;
    std::string reason_;
};

}  // namespace

Result<Done> read_dnsbl_zone(const Document& document, Collector& collector) {
    DnsblReader reader{collector};
    auto read = for_each_record(document, collector,
                                [&reader](const ZoneRecord& record) { reader.read(record); });
    if (read) {
        reader.finish_owner();
    }
    return read;
}

}  // namespace ostrakon::feed
