#include "ostrakon/config/name_rules_file.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ostrakon::config {
namespace {

namespace fs = std::filesystem;

// What is installed as PREFIX/bin/ostrakond finds its file in PREFIX/share/ostrakon.
fs::path installed_file() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path{"/usr/share/ostrakon"} / kNameRulesFile
                 : program.parent_path().parent_path() / "share" / "ostrakon" / kNameRulesFile;
}

fs::path name_rules_path(const Settings& settings) {
    std::error_code error;
    const fs::path beside = settings.file.parent_path() / kNameRulesFile;
    return !settings.file.empty() && fs::exists(beside, error) ? beside : installed_file();
}

}  // namespace

bool serve_dynamic_names(const std::vector<zone::Zone>& zones) {
    return std::any_of(zones.begin(), zones.end(), [](const zone::Zone& zone) {
        return zone.serves_source(std::string{zone::kDynamicNames});
    });
}

Result<std::shared_ptr<const pattern::NameRules>> read_name_rules(const Settings& settings) {
    const fs::path file = name_rules_path(settings);
    std::ifstream stream{file, std::ios::binary};
    std::string text(pattern::kRulesFileSizeMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad()) {
        return Unexpected{Error{ErrorCode::Usage, "read " + file.string(),
                                "the source dynamic-names has no rules",
                                "install share/dynamic-names.conf there, or beside ostrakon.toml"}};
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    auto rules = pattern::parse_name_rules(text, file.string());
    if (!rules) {
        return Unexpected{std::move(rules.error())};
    }
    return std::make_shared<const pattern::NameRules>(std::move(*rules));
}

}  // namespace ostrakon::config
