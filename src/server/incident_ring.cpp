#include "ostrakon/server/incident_ring.hpp"

#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace ostrakon::server {
namespace {

std::string name_text(const tsig::WireName& name) {
    std::vector<std::string> labels;
    std::string_view rest = name.view();
    while (!rest.empty() && rest.front() != '\0') {
        const std::size_t size = static_cast<std::uint8_t>(rest.front());
        labels.emplace_back(rest.substr(1, size));
        rest.remove_prefix(size + 1);
    }
    const auto made = dns::Name::from_labels(labels);
    return !made || made->is_root() ? "." : dns::to_string(*made);
}

std::string why(const IncidentRing::Entry& entry) {
    const std::string key = name_text(entry.key);
    switch (entry.incident) {
        case responder::Incident::None:
            break;
        case responder::Incident::MalformedSignature:
            return "its signature (TSIG) is malformed";
        case responder::Incident::BadKey:
            return fmt::format(
                "it is signed with the key \"{}\", which with its algorithm is not "
                "known here for this zone",
                key);
        case responder::Incident::BadSignature:
            return fmt::format(
                "its signature with the key \"{}\" is wrong: the secret is another "
                "one, or somebody has changed it on its way",
                key);
        case responder::Incident::BadTime:
            return fmt::format(
                "its signature with the key \"{}\" is expired or of the future: it is "
                "sent again, or a clock is wrong",
                key);
        case responder::Incident::BadTruncation:
            return fmt::format("its signature with the key \"{}\" is cut short", key);
        case responder::Incident::TransferRefused:
            return fmt::format("[access] transfer does not let it have the zone{}",
                               entry.key.size == 0 ? std::string{" without a signature"}
                                                   : fmt::format(" with the key \"{}\"", key));
    }
    return "";
}

}  // namespace

void IncidentRing::note(const responder::PendingQuery& query, const net::Address& client) noexcept {
    const std::size_t at = written_.load(std::memory_order_relaxed);
    if (at - read_.load(std::memory_order_acquire) >= kKeptMax) {
        lost_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    Entry& entry = entries_[at % kKeptMax];
    entry.incident = query.incident;
    entry.client = client;
    entry.type = query.query.type;
    const std::string_view name = query.query.name.lower_wire();
    entry.name.size = name.size();
    std::copy(name.begin(), name.end(), entry.name.bytes.begin());
    entry.key.size = 0;
    tsig::Record record;
    if (query.query.tsig_begin != 0 &&
        tsig::read_record(query.packet, query.query.tsig_begin, record)) {
        entry.key = record.name;
    }
    written_.store(at + 1, std::memory_order_release);
}

bool IncidentRing::take(Entry& entry) noexcept {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    if (at == written_.load(std::memory_order_acquire)) {
        return false;
    }
    entry = entries_[at % kKeptMax];
    read_.store(at + 1, std::memory_order_release);
    return true;
}

std::string incident_text(const IncidentRing::Entry& entry) {
    const bool is_transfer =
        entry.type == dns::RecordType::Axfr || entry.type == dns::RecordType::Ixfr;
    return fmt::format("refused {} {} to {}: {}",
                       is_transfer ? "a transfer of" : "a signed question for",
                       name_text(entry.name), net::to_string(entry.client), why(entry));
}

}  // namespace ostrakon::server
