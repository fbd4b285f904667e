// ndjson:KEY: a JSON object a line (ndjson.org), or an array of objects, whose KEY is the subject;
// ndjson:KEY,REASON-KEY has the reason too. "a.b" is the key b of the object a. Where KEY has an
// array, each of its texts is a subject.
#include "json_records.hpp"
#include "lines.hpp"
#include "list_subject.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ostrakon::feed {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kJsonLineSizeMax = std::size_t{64} << 10;
constexpr std::size_t kFoundReasonSizeMax = 500;

// What lies at "a.b"; null where nothing does.
const Json* at_path(const Json& object, std::string_view path) {
    const Json* value = &object;
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        if (!value->is_object()) {
            return nullptr;
        }
        const auto found = value->find(std::string{path.substr(0, dot)});
        if (found == value->end()) {
            return nullptr;
        }
        value = &*found;
        path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    }
    return value;
}

class KeyReader {
public:
    KeyReader(std::string_view variant, Collector& collector)
        : subject_key_(variant.substr(0, variant.find(','))), collector_(collector) {
        if (const std::size_t comma = variant.find(','); comma != std::string_view::npos) {
            reason_key_ = variant.substr(comma + 1);
        }
    }

    void read(std::uint32_t line, std::string_view text, const Json& object) {
        const Json* const subject = at_path(object, subject_key_);
        has_met_object_ = true;
        has_met_key_ = has_met_key_ || subject != nullptr;
        policy::Statement said;
        if (!reason_key_.empty()) {
            const Json* const reason = at_path(object, reason_key_);
            if (reason != nullptr && reason->is_string() &&
                !set_reason(said, reason->get<std::string>().substr(0, kFoundReasonSizeMax))) {
                said.reason.clear();
            }
        }
        const std::uint32_t statement = collector_.statement(said);
        if (subject != nullptr && subject->is_string()) {
            add_subject(collector_, line, subject->get<std::string>(), statement);
        } else if (subject != nullptr && subject->is_array()) {
            read_several(line, *subject, statement);
        } else {
            collector_.reject(line, text, fmt::format("has no text at {}", subject_key_));
        }
    }

    bool has_met_object() const { return has_met_object_; }
    /// An error report has no such key; one object that has it may be among a thousand that have
    /// not.
    bool has_met_key() const { return has_met_key_; }

private:
    void read_several(std::uint32_t line, const Json& subjects, std::uint32_t statement) {
        std::uint64_t added = 0;
        for (const Json& subject : subjects) {
            if (!subject.is_string()) {
                collector_.reject(line, "", fmt::format("has no text at {}", subject_key_));
            } else if (add_subject(collector_, line, subject.get<std::string>(), statement)) {
                ++added;
            }
        }
        collector_.note_further_entries(added > 1 ? added - 1 : 0);
    }

    std::string_view subject_key_;
    std::string_view reason_key_;
    Collector& collector_;
    bool has_met_object_ = false;
    bool has_met_key_ = false;
};

void read_objects_of_lines(const Document& document, KeyReader& reader, Collector& collector) {
    Lines lines{document.bytes};
    for (Line line; !collector.is_full() && lines.next(line);) {
        const std::string_view text = trimmed(line.text);
        if (text.empty()) {
            continue;
        }
        const Json object = text.size() > kJsonLineSizeMax
                                ? Json(Json::value_t::discarded)
                                : Json::parse(text.begin(), text.end(), nullptr, false);
        if (object.is_object()) {
            reader.read(line.number, text, object);
        } else {
            collector.reject(line.number, text, "is no JSON object");
        }
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
}

}  // namespace

Result<Done> read_ndjson(const Document& document, Collector& collector) {
    if (document.variant.empty() || document.variant.front() == ',') {
        return refuse("format \"ndjson\"", "does not say which key has the subject",
                      "name it, as in --format ndjson:ip, or ndjson:ip,reason");
    }
    KeyReader reader{document.variant, collector};
    const std::size_t first = document.bytes.find_first_not_of(" \t\v\f\r\n");
    if (first == std::string_view::npos) {
        return Done{};
    }
    const bool is_array = document.bytes[first] == '[';
    if (!is_array) {
        read_objects_of_lines(document, reader, collector);
    } else {
        const auto found = for_each_json_entry(
            document, collector, [](std::string_view path) { return path == "[]"; },
            [&](std::string_view /*path*/, std::uint32_t line, const Json& entry) {
                reader.read(line, "", entry);
            });
        if (!found) {
            return Unexpected{found.error()};
        }
    }
    const bool is_empty = is_array && !reader.has_met_object();
    if (!is_empty && !reader.has_met_key()) {
        return refuse(document.file, fmt::format("has no object with the key {}", document.variant),
                      "look at it: it may be an error report, or its keys have changed");
    }
    return Done{};
}

}  // namespace ostrakon::feed
