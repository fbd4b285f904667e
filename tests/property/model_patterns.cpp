#include "model_patterns.hpp"

#include <map>
#include <regex>

namespace ostrakon::property {
namespace {

bool glob_holds(std::string_view glob, std::string_view name) {
    if (glob.empty()) {
        return name.empty();
    }
    if (glob.front() == '*') {
        for (std::size_t taken = 0; taken <= name.size(); ++taken) {
            if (glob_holds(glob.substr(1), name.substr(taken))) {
                return true;
            }
        }
        return false;
    }
    return !name.empty() && glob.front() == name.front() &&
           glob_holds(glob.substr(1), name.substr(1));
}

const std::regex& compiled(const std::string& text) {
    static std::map<std::string, std::regex> known;
    const auto found = known.find(text);
    return found != known.end()
               ? found->second
               : known
                     .emplace(text, std::regex{text.substr(1, text.size() - 2),
                                               std::regex::ECMAScript | std::regex::icase})
                     .first->second;
}

}  // namespace

bool pattern_holds(const pattern::Pattern& pattern, const dns::Name& name) {
    const std::string text = dns::to_string(name);
    return pattern.text.front() == '/' ? std::regex_search(text, compiled(pattern.text))
                                       : glob_holds(pattern.text, text);
}

dns::Name end_of(const pattern::Pattern& pattern) {
    if (pattern.text.front() == '/') {
        return {};
    }
    std::vector<std::string> labels;
    std::string rest = pattern.text;
    while (!rest.empty()) {
        const std::size_t dot = rest.rfind('.');
        const std::string label = dot == std::string::npos ? rest : rest.substr(dot + 1);
        if (label.find('*') != std::string::npos) {
            break;
        }
        labels.insert(labels.begin(), label);
        rest = dot == std::string::npos ? "" : rest.substr(0, dot);
    }
    return *dns::Name::from_labels(labels);
}

}  // namespace ostrakon::property
