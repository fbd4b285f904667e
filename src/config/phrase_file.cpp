#include "ostrakon/config/phrase_file.hpp"

#include "document.hpp"

namespace ostrakon::config {
namespace {

void add_phrases(const Value& table, const std::string& prefix, const std::string& name,
                 Problems& problems, Phrases& phrases) {
    for (const Entry& entry : table.entries) {
        if (entry.value.kind == Kind::Table) {
            add_phrases(entry.value, prefix + entry.key + ".", name, problems, phrases);
        } else if (entry.value.kind == Kind::Text) {
            phrases[prefix + entry.key] = entry.value.text;
        } else {
            problems.mistake(name, entry.at, prefix + entry.key + ": expected a text");
        }
    }
}

}  // namespace

Result<Phrases> read_phrases(const std::filesystem::path& file) {
    Problems problems;
    Phrases phrases;
    if (const auto document = read_document(file, problems)) {
        add_phrases(*document, "", file.string(), problems, phrases);
    }
    if (problems.mistake_count() > 0) {
        return Unexpected{problems.error()};
    }
    return phrases;
}

}  // namespace ostrakon::config
