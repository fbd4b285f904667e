// Property: any bytes that a confined reader hands back are an outcome that can be, or refused.
//
// What is taken is within the bounds of a list or map that was read here, and is written again to
// bytes that are taken as the same.
#include "target.hpp"

#include "outcome_codec.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace {

using namespace ostrakon;
using fuzz::require;

Result<feed::ReadOutcome> decoded(std::string_view bytes) {
    return feed::decode_outcome("list.txt", bytes.size(), [&bytes](char* to, std::size_t size) {
        const std::size_t piece = std::min(size, bytes.size());
        std::memcpy(to, bytes.data(), piece);
        bytes.remove_prefix(piece);
        return piece;
    });
}

std::string encoded(const Result<feed::ReadOutcome>& outcome) {
    std::string bytes;
    feed::encode_outcome(outcome, [&bytes](std::string_view piece) { bytes += piece; });
    return bytes;
}

void check(const policy::ImportList& list) {
    require(list.size() <= feed::kEntriesMax, "the number of entries");
    list.for_each([&list](const auto& entry) {
        require(entry.line >= 1, "an entry stands in a line");
        const policy::Statement& said = list.statements.at(entry.statement);
        require(said.data_set < list.data_sets.size(), "an entry has a data set");
        require(!to_string(policy::Subject{entry.subject}).empty(), "a subject can be spelled");
    });
    for (const auto& entry : list.ipv4) {
        require(entry.subject.first <= entry.subject.last, "a range begins before it ends");
    }
    for (const auto& entry : list.ipv6) {
        require(entry.subject.first <= entry.subject.last, "a range begins before it ends");
    }
}

void check(const policy::MapContents& map) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        for (const auto& [range, number] : map.part(kind).ipv4) {
            require(range.first <= range.last, "a range begins before it ends");
            require(net::is_origin({kind, number}), "a range has an origin");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto outcome = decoded(fuzz::as_text(bytes, size));
    if (!outcome) {
        require(!outcome.error().why.empty(), "a refusal says why");
        return 0;
    }
    require(outcome->list.has_value() != outcome->map.has_value(), "one of the two");
    if (outcome->list) {
        check(outcome->list->contents.list);
    } else {
        check(outcome->map->contents);
    }
    const std::string again = encoded(outcome);
    const auto read_again = decoded(again);
    require(read_again && encoded(read_again) == again, "it is written as it is read");
    return 0;
}
