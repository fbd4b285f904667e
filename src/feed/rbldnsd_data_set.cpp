#include "rbldnsd_data_set.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "rbldnsd_address.hpp"
#include "rbldnsd_name.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kRangeShownSizeMax = 60;

std::string why(AddressMistake mistake, DataSetType type) {
    switch (mistake) {
        case AddressMistake::HostBitsSet:
            return "is no network: its address has bits set behind the length";
        case AddressMistake::BareNumber:
            return "is a bare number (write 10/8 for a network, or the whole address)";
        case AddressMistake::Everything:
            return "is everything, which an ip4set does not take";
        case AddressMistake::NotWhole:
            return type == DataSetType::Ip4Tset ? "is no whole address, as all of an ip4tset are"
                                                : "is neither a /64 written as four words nor an "
                                                  "exclusion of one whole address, as all of an "
                                                  "ip6tset are";
        case AddressMistake::NotAnAddress:
            break;
    }
    switch (type) {
        case DataSetType::Ip4Set:
            return "is no address, prefix or range (write 192.0.2.7, 192.0.2.0/24 or "
                   "192.0.2.10-192.0.2.90)";
        case DataSetType::Ip4Trie:
            return "is no address or prefix, as all of an ip4trie are (write 192.0.2.7 or "
                   "192.0.2.0/24)";
        case DataSetType::Ip4Tset:
            return "is no address (write 192.0.2.7)";
        default:
            return "is no IPv6 address or prefix (write 2001:db8::/32)";
    }
}

// What may stand directly behind an address.
bool is_end_of_address(std::string_view rest) {
    return rest.empty() || is_rbldnsd_blank(rest.front()) || is_rbldnsd_comment(rest.front()) ||
           rest.front() == ':';
}

template <class A>
struct TrieEntry {
    net::Range<A> range;
    std::uint32_t statement = 0;
    std::uint32_t line = 0;
};

class DataSetReader {
public:
    DataSetReader(const Document& document, const DataSetOutline& data_set,
                  std::optional<UnixTime> expires, Collector& collector)
        : document_(document),
          data_set_(data_set),
          expires_(expires),
          max_range_(data_set.max_range),
          collector_(collector),
          number_(collector.data_set(data_set.label).value_or(0)) {}

    void read() {
        RbldnsdLines lines{data_set_.text, data_set_.first_line};
        Line line;
        const auto begin =
            static_cast<std::uint64_t>(data_set_.text.data() - document_.bytes.data());
        while (lines.next(line) && !collector_.is_full()) {
            read_line(line);
            if (line.number % kProgressLines == 0) {
                document_.progress(begin + lines.consumed());
            }
        }
        add_all(trie4_);
        add_all(trie6_);
    }

private:
    bool is_tset() const {
        return data_set_.type == DataSetType::Ip4Tset || data_set_.type == DataSetType::Ip6Tset;
    }

    void read_line(const Line& line) {
        if (line.text.empty()) {
            return;
        }
        const Special special = special_of(line.text);
        if (special.kind == SpecialKind::MaxRange4) {
            max_range_.take(special.argument);  // the outline has told if it is not in order
        }
        if (special.kind != SpecialKind::None || is_rbldnsd_comment(line.text.front())) {
            return;
        }
        if (line.text.find('\0') != std::string_view::npos) {
            collector_.reject(line.number, line.text,
                              "holds zero bytes, as a damaged file does (restore the file)");
            return;
        }
        const bool may_be_address =
            data_set_.type == DataSetType::Ip6Trie && line.text.starts_with("::");
        if (line.text.front() == ':' && !may_be_address) {
            read_default(line);
            return;
        }
        std::string_view rest = line.text;
        const bool is_exception = data_set_.type != DataSetType::Ip4Tset && rest.starts_with('!');
        if (is_exception) {
            rest.remove_prefix(1);
            skip_blanks(rest);
        }
        switch (data_set_.type) {
            case DataSetType::Ip4Set:
            case DataSetType::Ip4Tset:
            case DataSetType::Ip4Trie:
                read_ipv4(line, rest, is_exception);
                break;
            case DataSetType::Ip6Tset:
            case DataSetType::Ip6Trie:
                read_ipv6(line, rest, is_exception);
                break;
            default:
                read_name(line, rest, is_exception);
                break;
        }
    }

    void read_default(const Line& line) {
        const auto value = read_value(line.text, {});
        if (!value) {
            collector_.reject(line.number, line.text, value.error());
        } else if (!is_tset()) {
            default_ = *value;
        }
    }

    // What the entry says, if its line is in order.
    std::optional<std::uint32_t> statement_of(const Line& line, std::string_view rest,
                                              bool is_exception) {
        if (is_exception) {
            if (!exception_) {
                policy::Statement statement;
                statement.is_exception = true;
                statement.until = expires_;
                statement.data_set = number_;
                exception_ = collector_.statement(statement);
            }
            return exception_;
        }
        skip_blanks(rest);
        RbldnsdValue value =
            is_tset() ? data_set_.first_default.value_or(RbldnsdValue{}) : default_;
        if (is_tset()) {
            note_ignored_value(line, rest);
        } else if (!rest.empty() && !is_rbldnsd_comment(rest.front())) {
            const auto read = read_value(rest, value);
            if (!read) {
                collector_.reject(line.number, line.text, read.error());
                return std::nullopt;
            }
            note_blanks_in_range(line, rest);
            value = *read;
        }
        if (value.code.bits != 0 && !zone::is_valid_code(value.code)) {
            collector_.reject(
                line.number, line.text,
                fmt::format("its value {} can be no answer (those lie in 127.0.0.0/8; 127.0.0.1 "
                            "and 127.255.255.0/24 are taken)",
                            to_string(value.code)));
            return std::nullopt;
        }
        return statement_of(value);
    }

    std::uint32_t statement_of(const RbldnsdValue& value) {
        if (last_ && last_value_ == value) {
            return *last_;
        }
        policy::Statement statement;
        if (value.code.bits != 0) {
            statement.code = value.code;
        }
        statement.reason = fill_in(value.text, data_set_.substitutions, kReasonSizeMax);
        statement.until = expires_;
        statement.data_set = number_;
        last_ = collector_.statement(statement);
        last_value_ = value;
        return *last_;
    }

    void note_ignored_value(const Line& line, std::string_view rest) {
        if (!rest.empty() && !is_rbldnsd_comment(rest.front())) {
            collector_.note("tset", [&] {
                return fmt::format(
                    "line {}: what stands behind an address of an {} "
                    "does not count",
                    line.number, name_of(data_set_.type));
            });
        }
    }

    void note_blanks_in_range(const Line& line, std::string_view rest) {
        if (data_set_.type == DataSetType::Ip4Set && rest.starts_with("- ")) {
            collector_.note("blanks", [&] {
                return fmt::format(
                    "line {}: {} is one address and a text (a range has no "
                    "blanks in it)",
                    line.number, printable(line.text, kRangeShownSizeMax));
            });
        }
    }

    bool is_too_wide(const Line& line, net::Ipv4Range range) {
        const std::uint64_t size = std::uint64_t{range.last.bits} - range.first.bits + 1;
        if (data_set_.type == DataSetType::Ip4Tset || !max_range_.forbids(size)) {
            return false;
        }
        collector_.reject(line.number, line.text,
                          fmt::format("has {} addresses, more than the {} of the list's $MAXRANGE4",
                                      size, *max_range_.addresses()));
        return true;
    }

    void read_ipv4(const Line& line, std::string_view rest, bool is_exception) {
        const Ipv4Grammar grammar = data_set_.type == DataSetType::Ip4Set ? Ipv4Grammar::Ranges
                                    : data_set_.type == DataSetType::Ip4Trie
                                        ? Ipv4Grammar::Prefixes
                                        : Ipv4Grammar::Addresses;
        auto range = take_ipv4(rest, grammar);
        if (range && !is_end_of_address(rest)) {
            range = Unexpected{AddressMistake::NotAnAddress};
        }
        if (!range) {
            collector_.reject(line.number, line.text, why(range.error(), data_set_.type));
            return;
        }
        if (is_too_wide(line, *range)) {
            return;
        }
        const auto statement = statement_of(line, rest, is_exception);
        if (!statement) {
            return;
        }
        if (data_set_.type == DataSetType::Ip4Trie) {
            trie4_.push_back({*range, *statement, line.number});
        } else if (data_set_.type == DataSetType::Ip4Set && document_.is_feed) {
            add_units(line, *range, *statement);
        } else {
            collector_.add(line.number, policy::Subject{*range}, *statement);
        }
    }

    void add_units(const Line& line, net::Ipv4Range range, std::uint32_t statement) {
        std::uint64_t units = 0;
        for_each_unit(range, [&](net::Ipv4Range unit) {
            if (!collector_.is_full()) {
                collector_.add(line.number, policy::Subject{unit}, statement);
                ++units;
            }
        });
        if (units > 1) {
            collector_.note_range(range);
            collector_.note_further_entries(units - 1);
        }
    }

    void read_ipv6(const Line& line, std::string_view rest, bool is_exception) {
        const Ipv6Grammar grammar = data_set_.type == DataSetType::Ip6Trie ? Ipv6Grammar::Prefixes
                                    : is_exception                         ? Ipv6Grammar::Addresses
                                                                           : Ipv6Grammar::Networks;
        auto range = take_ipv6(rest, grammar);
        if (range && !is_end_of_address(rest)) {
            range = Unexpected{AddressMistake::NotAnAddress};
        }
        if (!range) {
            collector_.reject(line.number, line.text, why(range.error(), data_set_.type));
            return;
        }
        if (net::kMappedIpv4.contains(*range)) {
            collector_.reject(line.number, line.text,
                              "is IPv4 in IPv6 spelling, which rbldnsd looks up among IPv4 "
                              "addresses (write it into an ip4set or ip4trie)");
            return;
        }
        const auto statement = statement_of(line, rest, is_exception);
        if (!statement) {
            return;
        }
        if (data_set_.type == DataSetType::Ip6Trie) {
            trie6_.push_back({*range, *statement, line.number});
        } else {
            collector_.add(line.number, policy::Subject{*range}, *statement);
        }
    }

    void read_name(const Line& line, std::string_view rest, bool is_exception) {
        auto found = take_dnset_name(rest);
        if (!found) {
            collector_.reject(line.number, line.text, found.error());
            return;
        }
        const bool is_hash = found->is_hash();
        if (!document_.is_feed && !is_hash && !dns::parse_name(dns::to_string(found->name))) {
            collector_.reject(line.number, line.text,
                              "has characters in its name that only names of feeds may have");
            return;
        }
        const auto statement = statement_of(line, rest, is_exception);
        if (!statement) {
            return;
        }
        using policy::NameScope;
        const auto add = [&](NameScope scope) {
            collector_.add(line.number, policy::NameSubject{found->name, scope}, *statement);
        };
        if (is_hash && found->holds_itself) {
            collector_.add(line.number, policy::mail_of_hash(found->name.labels().front()),
                           *statement);
            if (found->holds_below) {
                add(NameScope::Below);
                collector_.note_further_entries(1);
            }
        } else if (!found->holds_below) {
            add(NameScope::Exact);
        } else if (!found->holds_itself) {
            add(NameScope::Below);
        } else if (!document_.is_feed) {
            add(NameScope::Tree);
        } else {
            add(NameScope::Exact);  // which decides before what is below
            add(NameScope::Below);
            collector_.note_further_entries(1);
        }
    }

    // In a trie the first value of a prefix counts.
    template <class A>
    void add_all(std::vector<TrieEntry<A>>& entries) {
        std::stable_sort(entries.begin(), entries.end(),
                         [](const auto& a, const auto& b) { return a.range < b.range; });
        const TrieEntry<A>* first = nullptr;
        for (const TrieEntry<A>& entry : entries) {
            if (first != nullptr && first->range == entry.range) {
                if (entry.statement != first->statement) {
                    collector_.note("duplicate", [&] {
                        return fmt::format(
                            "line {}: {} stands already in line {}, whose value counts", entry.line,
                            net::to_string(entry.range), first->line);
                    });
                }
                continue;
            }
            first = &entry;
            collector_.add(entry.line, policy::Subject{entry.range}, entry.statement);
        }
        entries.clear();
    }

    const Document& document_;
    const DataSetOutline& data_set_;
    std::optional<UnixTime> expires_;
    MaxRange max_range_;
    Collector& collector_;
    std::uint32_t number_;
    RbldnsdValue default_;
    std::optional<std::uint32_t> exception_;  // the statement of all exceptions
    std::optional<std::uint32_t> last_;       // the statement of last_value_
    RbldnsdValue last_value_;
    std::vector<TrieEntry<net::Ipv4>> trie4_;
    std::vector<TrieEntry<net::Ipv6>> trie6_;
};

}  // namespace

void read_data_set(const Document& document, const DataSetOutline& data_set,
                   std::optional<UnixTime> expires, Collector& collector) {
    DataSetReader{document, data_set, expires, collector}.read();
}

}  // namespace ostrakon::feed
