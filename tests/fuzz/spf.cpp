// Property: an SPF record from DNS is read within its bounds, and all that is said of it can be
// shown on a terminal.
//
// What is read without a mistake has only terms with whole names.
#include "target.hpp"

#include "ostrakon/diagnose/spf.hpp"

#include <algorithm>

using namespace ostrakon;
using fuzz::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text = fuzz::as_text(bytes, size);
    if (!diagnose::is_spf_record(text)) {
        return 0;
    }
    const diagnose::SpfRecord record = diagnose::parse_spf(text);
    require(record.mistakes.size() <= diagnose::SpfRecord::kMistakesMax, "few mistakes are told");
    require(text.size() <= diagnose::kSpfSizeMax || !record.mistakes.empty(),
            "what is too long is a mistake");
    constexpr std::size_t kMistakeSizeMax = 300;
    for (const std::string& mistake : record.mistakes) {
        require(mistake.size() <= kMistakeSizeMax, "a mistake is told in a line");
        require(
            std::none_of(mistake.begin(), mistake.end(),
                         [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }),
            "a mistake can be shown");
    }
    for (const diagnose::SpfTerm& term : record.terms) {
        require(!term.domain || term.domain->label_count() >= 2, "a domain is whole");
    }
    return 0;
}
