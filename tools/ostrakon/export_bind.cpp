// bind: a zone as a master file (RFC 1035 §5), record for record what a transfer would give.
#include "export_format.hpp"
#include "ostrakon/transfer/zone_records.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

using dns::RecordType;

// Bytes in a name that mean something else when they stand alone.
constexpr std::string_view kSpecialInNames = "\".;\\@$()";

std::string master_name(std::string_view wire, bool is_absolute) {
    std::string text;
    for (dns::Labels labels{wire}; !labels.empty() && labels.wire().front() != '\0';) {
        text += text.empty() ? "" : ".";
        for (const char c : labels.pop_front()) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte <= ' ' || byte >= 0x7F) {
                text += fmt::format("\\{:03}", byte);
            } else {
                text += kSpecialInNames.find(c) == std::string_view::npos ? "" : "\\";
                text += c;
            }
        }
    }
    if (is_absolute) {
        return text + ".";
    }
    return text.empty() ? "@" : text;
}

std::string master_strings(std::string_view rdata) {
    std::string text;
    while (!rdata.empty()) {
        const auto size = static_cast<unsigned char>(rdata.front());
        text += text.empty() ? "\"" : " \"";
        for (const char c : rdata.substr(1, size)) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < ' ' || byte >= 0x7F) {
                text += fmt::format("\\{:03}", byte);
            } else {
                text += c == '"' || c == '\\' ? "\\" : "";
                text += c;
            }
        }
        text += '"';
        rdata.remove_prefix(size + std::size_t{1});
    }
    return text;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (const char c : bytes.substr(at, sizeof number)) {
        number = number << 8 | static_cast<unsigned char>(c);
    }
    return number;
}

std::string master_soa(std::string_view rdata) {
    std::string text;
    for (int name = 0; name < 2; ++name) {
        text += master_name(rdata, true) + " ";
        std::size_t size = 0;
        while (rdata[size] != '\0') {
            size += static_cast<unsigned char>(rdata[size]) + 1U;
        }
        rdata.remove_prefix(size + 1);
    }
    text += "(";
    for (std::size_t at = 0; at + 4 <= rdata.size(); at += 4) {
        text += fmt::format(" {}", number_at(rdata, at));
    }
    return text + " )";
}

std::string master_line(const transfer::Record& record) {
    const auto line = [&](std::string_view type, const std::string& data) {
        return fmt::format("{}\t{}\tIN\t{}\t{}\n", master_name(record.owner, false), record.ttl_s,
                           type, data);
    };
    switch (record.type) {
        case RecordType::A:
            return line("A", net::to_string(net::Ipv4{number_at(record.rdata, 0)}));
        case RecordType::Aaaa:
            return line("AAAA", net::to_string(net::ipv6_from_bytes(
                                    reinterpret_cast<const std::uint8_t*>(record.rdata.data()))));
        case RecordType::Ns:
            return line("NS", master_name(record.rdata, true));
        case RecordType::Soa:
            return line("SOA", master_soa(record.rdata));
        case RecordType::Txt:
            return line("TXT", master_strings(record.rdata));
        default:
            return line("HINFO", master_strings(record.rdata));
    }
}

}  // namespace

Result<ExportCounts> export_bind(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    const zone::Zone& zone = source.contents->zone();
    text.add(fmt::format("$ORIGIN {}\n", master_name(zone.origin.wire(), true)));
    transfer::Record record = transfer::soa_record(*source.contents);
    transfer::ZoneRecords records{*source.contents};
    do {
        text.add(master_line(record));
        ++counts.written;
    } while (records.next(record));
    return counts;
}

}  // namespace ostrakon::tool
