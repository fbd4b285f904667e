// postfix-cidr, postfix-access and nftables: what a zone lists, for programs that ask no DNS.
#include "export_format.hpp"
#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr const char* kNamesLeftOut =
    "names and mail addresses, which this format has no place for";
constexpr const char* kAddressesLeftOut = "ranges of addresses, which this format has no place for";
constexpr const char* kHashesLeftOut = "mail addresses of which only the hash is known";
constexpr const char* kNamesAloneLeftOut =
    "names listed alone, which Postfix would take for all below them, too";
constexpr const char* kBelowLeftOut = "names listed only below, which Postfix cannot tell apart";

std::string reject_line(std::string_view pattern, const transfer::AnswerPtr& answer) {
    const std::string text = first_text(answer);
    return fmt::format("{}\tREJECT{}{}\n", pattern, text.empty() ? "" : " ", text);
}

void count_names(transfer::Contents& contents, ExportCounts& counts) {
    for_each_listed_name(contents, [&](const transfer::ListedName& name) {
        if (name.self || name.below) {
            ++counts.left_out[kNamesLeftOut];
        }
    });
}

template <class A>
void add_set(transfer::Contents& contents, ExportText& text, ExportCounts& counts,
             std::string_view name, std::string_view type) {
    text.add(
        fmt::format("\tset {} {{\n\t\ttype {}\n\t\tflags interval\n\t\tauto-merge\n", name, type));
    bool is_first = true;
    for_each_listed_range<A>(contents, [&](net::Range<A> range, const transfer::AnswerPtr&) {
        text.add(is_first ? "\t\telements = {\n" : ",\n");
        text.add("\t\t\t" + net::to_string(range));
        is_first = false;
        ++counts.written;
    });
    text.add(is_first ? "\t}\n" : "\n\t\t}\n\t}\n");
}

}  // namespace

Result<ExportCounts> export_postfix_cidr(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    const auto add = [&](const auto& range, const transfer::AnswerPtr& answer) {
        for_each_prefix(range, [&](const auto& block) {
            text.add(reject_line(net::to_string(block), answer));
            ++counts.written;
        });
    };
    for_each_listed_range<net::Ipv4>(*source.contents, add);
    for_each_listed_range<net::Ipv6>(*source.contents, add);
    count_names(*source.contents, counts);
    return counts;
}

Result<ExportCounts> export_postfix_access(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    transfer::Contents& contents = *source.contents;
    for_each_listed_name(contents, [&](const transfer::ListedName& name) {
        const std::string domain = dns::to_string(dns::name_from_key(name.key));
        if (name.is_mail) {
            const std::string address = name.self ? mail_address_of(contents, name.key) : "";
            if (address.empty()) {
                ++counts.left_out[kHashesLeftOut];
                return;
            }
            text.add(reject_line(address, name.self));
        } else if (name.self && name.below) {
            // Whether a domain stands for those below it, too, is a setting of Postfix; ".domain"
            // does where it does not.
            text.add(reject_line(domain, name.self));
            text.add(reject_line("." + domain, name.below));
        } else if (!name.self && !name.below) {
            text.add(fmt::format("{0}\tDUNNO\n.{0}\tDUNNO\n", domain));
        } else {
            ++counts.left_out[name.self ? kNamesAloneLeftOut : kBelowLeftOut];
            return;
        }
        ++counts.written;
    });
    const auto count = [&](const auto&, const transfer::AnswerPtr&) {
        ++counts.left_out[kAddressesLeftOut];
    };
    for_each_listed_range<net::Ipv4>(contents, count);
    for_each_listed_range<net::Ipv6>(contents, count);
    return counts;
}

Result<ExportCounts> export_nftables(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    // Made and thrown away first, so that the file can be loaded again in one step.
    text.add("table inet ostrakon\ndelete table inet ostrakon\ntable inet ostrakon {\n");
    add_set<net::Ipv4>(*source.contents, text, counts, "listed4", "ipv4_addr");
    add_set<net::Ipv6>(*source.contents, text, counts, "listed6", "ipv6_addr");
    text.add("}\n");
    count_names(*source.contents, counts);
    return counts;
}

}  // namespace ostrakon::tool
