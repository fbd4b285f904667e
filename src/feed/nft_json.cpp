// nft-json: what `nft -j list set FAMILY TABLE SET` and `nft -j list ruleset` print
// (libnftables-json(5)): the elements of sets, with their ends. Of addresses with ports and the
// like, the address counts.
//
// nft-json:SET takes that set alone; without it, a document with elements of several sets is
// refused, since one of them may hold what is let through.
#include "json_records.hpp"
#include "list_subject.hpp"
#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace ostrakon::feed {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kNftSecondsMax = std::int64_t{100} * 365 * 86'400;

bool is_nft_entry(std::string_view path) {
    return path == ".nftables[].set.name" || path == ".nftables[].set.elem[]" ||
           path == ".nftables[].element.name" || path == ".nftables[].element.elem[]";
}

const Json* member(const Json& value, const char* key) {
    if (!value.is_object()) {
        return nullptr;
    }
    const auto found = value.find(key);
    return found == value.end() ? nullptr : &*found;
}

// As parse_subject reads it; empty where it is no address.
std::string nft_subject(const Json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (const Json* const prefix = member(value, "prefix")) {
        const Json* const length = member(*prefix, "len");
        return length != nullptr && length->is_number_unsigned()
                   ? fmt::format("{}/{}", json_text(*prefix, "addr"), length->get<std::uint64_t>())
                   : std::string{};
    }
    const Json* const range = member(value, "range");
    if (range != nullptr && range->is_array() && range->size() == 2 && (*range)[0].is_string() &&
        (*range)[1].is_string()) {
        return (*range)[0].get<std::string>() + "-" + (*range)[1].get<std::string>();
    }
    const Json* const parts = member(value, "concat");
    if (parts != nullptr && parts->is_array() && !parts->empty() &&
        !(*parts)[0].contains("concat")) {
        return nft_subject((*parts)[0]);
    }
    return {};
}

class NftReader {
public:
    NftReader(const Document& document, Collector& collector)
        : document_(document), collector_(collector) {}

    void read(std::string_view path, std::uint32_t line, const Json& entry) {
        if (path.ends_with(".name")) {
            set_ = entry.is_string() ? entry.get<std::string>() : std::string{};
            return;
        }
        if (!document_.variant.empty()) {
            if (set_ != document_.variant) {
                return;
            }
        } else if (!has_first_) {
            first_ = set_;
            has_first_ = true;
        } else if (set_ != first_ && second_.empty()) {
            second_ = set_;
        }
        read_element(line, entry);
    }

    Result<Done> result() const {
        if (second_.empty()) {
            return Done{};
        }
        return refuse(document_.file,
                      fmt::format("has elements of several sets: \"{}\", \"{}\"",
                                  printable(first_, kRejectTextSizeMax),
                                  printable(second_, kRejectTextSizeMax)),
                      "name the one that is meant, as in --format nft-json:NAME");
    }

private:
    void read_element(std::uint32_t line, const Json& entry) {
        policy::Statement said;
        const Json* value = &entry;
        if (const Json* const element = member(entry, "elem")) {
            value = member(*element, "val");
            if (!set_reason(said, json_text(*element, "comment"))) {
                said.reason.clear();
            }
            if (const Json* const left = member(*element, "expires")) {
                if (!left->is_number_unsigned() ||
                    left->get<std::uint64_t>() > static_cast<std::uint64_t>(kNftSecondsMax)) {
                    collector_.reject(line, "", "has an end that is no number of seconds");
                    return;
                }
                said.until = UnixTime{document_.now.seconds + left->get<std::int64_t>()};
            }
        }
        const std::string subject = value == nullptr ? std::string{} : nft_subject(*value);
        if (subject.empty()) {
            collector_.reject(line, "", "is an element that holds no address");
            return;
        }
        add_addresses(collector_, line, subject, collector_.statement(said));
    }

    const Document& document_;
    Collector& collector_;
    std::string set_;
    std::string first_;
    std::string second_;
    bool has_first_ = false;
};

}  // namespace

Result<Done> read_nft_json(const Document& document, Collector& collector) {
    NftReader reader{document, collector};
    collector.may_be_empty();
    bool has_sets = false;
    const auto found =
        for_each_json_entry(document, collector, is_nft_entry,
                            [&](std::string_view path, std::uint32_t line, const Json& entry) {
                                has_sets = true;
                                reader.read(path, line, entry);
                            });
    if (!found) {
        return Unexpected{found.error()};
    }
    if (!has_sets) {
        return refuse(document.file, "has no set of nftables in it",
                      "make it with nft -j list set FAMILY TABLE SET");
    }
    return reader.result();
}

}  // namespace ostrakon::feed
