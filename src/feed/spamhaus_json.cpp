// spamhaus-json, drop_v4.json and drop_v6.json, and spamhaus-asn, asndrop.json. A JSON object a
// line; the last one is the metadata,
// whose `size` is the number of bytes before it and whose `records` is the number of lines before
// it. A file that does not add up was cut off or changed.
#include "format.hpp"
#include "lines.hpp"
#include "spamhaus_line.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace ostrakon::feed {
namespace {

using Json = nlohmann::json;

struct Metadata {
    std::uint64_t size = 0;
    std::uint64_t records = 0;
};

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<std::uint64_t> count_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned()
               ? std::optional{found->get<std::uint64_t>()}
               : std::nullopt;
}

void read_record(const Line& line, const Json& record, Collector& collector) {
    const std::string cidr = text_of(record, "cidr");
    if (cidr.empty()) {
        collector.reject(line.number, line.text,
                         record.contains("asn") ? "is an AS number; name --format spamhaus-asn"
                                                : "has no \"cidr\"");
        return;
    }
    auto subject = collector.subject(line.number, cidr);
    if (!subject) {
        return;
    }
    if (!std::holds_alternative<net::Ipv4Range>(*subject) &&
        !std::holds_alternative<net::Ipv6Range>(*subject)) {
        collector.reject(line.number, line.text, "is a name in a list of prefixes");
        return;
    }
    policy::Statement statement;
    statement.reason = text_of(record, "sblid");
    if (!is_sbl_id(statement.reason)) {
        collector.reject(line.number, line.text, "has no \"sblid\" of the form SBL123456");
        return;
    }
    collector.add(line.number, std::move(*subject), collector.statement(statement));
}

// The AS with its name, and the domain that stands for who runs it.
void read_asn_record(const Line& line, const Json& record, Collector& collector) {
    const auto number = count_of(record, "asn");
    if (!number || *number == 0 || *number > UINT32_MAX) {
        collector.reject(line.number, line.text, "has no \"asn\" that is an AS number");
        return;
    }
    policy::Statement statement;
    const std::string domain = text_of(record, "domain");
    const std::string name = text_of(record, "asname") + (domain.empty() ? "" : ", " + domain);
    if (auto fit = set_reason(statement, name); !fit) {
        collector.reject(line.number, line.text, message(fit.error()));
        return;
    }
    const net::Origin origin{net::OriginKind::As, static_cast<std::uint32_t>(*number)};
    collector.add(line.number, policy::Subject{origin}, collector.statement(statement));
}

Result<Done> check_metadata(std::string_view file, const std::optional<Metadata>& metadata,
                            std::uint64_t size, std::uint64_t records) {
    constexpr auto kAgain = "fetch it again";
    if (!metadata) {
        return refuse(file,
                      "does not end in the metadata line: it was cut off, or is no Spamhaus list",
                      "fetch it again; if it is another list, name its --format");
    }
    if (metadata->records != records) {
        return refuse(
            file,
            fmt::format("has {} records where its metadata says {}", records, metadata->records),
            kAgain);
    }
    if (metadata->size != size) {
        return refuse(
            file,
            fmt::format("has {} bytes before its metadata, which says {}", size, metadata->size),
            kAgain);
    }
    return Done{};
}

using RecordReader = void (*)(const Line& line, const Json& record, Collector& collector);

Result<Done> read_records(const Document& document, Collector& collector, RecordReader read_one) {
    Lines lines{document.bytes};
    Line line;
    std::optional<Metadata> metadata;
    std::uint64_t records = 0;
    std::uint64_t size = 0;
    for (std::size_t start = 0; lines.next(line) && !collector.is_full();
         start = lines.consumed()) {
        if (trimmed(line.text).empty()) {
            continue;
        }
        if (metadata) {
            return refuse(fmt::format("{}:{}", document.file, line.number),
                          "goes on behind its metadata", "fetch it again");
        }
        const Json record = line.text.size() > kLineSizeMax
                                ? Json(Json::value_t::discarded)
                                : Json::parse(line.text.begin(), line.text.end(), nullptr, false);
        if (!record.is_object()) {
            ++records;
            collector.reject(line.number, line.text, "is no JSON object");
            continue;
        }
        if (text_of(record, "type") == "metadata") {
            metadata = Metadata{count_of(record, "size").value_or(0),
                                count_of(record, "records").value_or(0)};
            size = start;
            continue;
        }
        ++records;
        read_one(line, record, collector);
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
    if (collector.is_full()) {
        return Done{};
    }
    return check_metadata(document.file, metadata, size, records);
}

}  // namespace

Result<Done> read_spamhaus_json(const Document& document, Collector& collector) {
    return read_records(document, collector, read_record);
}

Result<Done> read_spamhaus_asn(const Document& document, Collector& collector) {
    return read_records(document, collector, read_asn_record);
}

}  // namespace ostrakon::feed
