// What diagnoses know of names without asking DNS, read from the files that say so.
#pragma once

#include "command.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/diagnose/diagnosis.hpp"

#include <optional>

namespace ostrakon::tool {

struct LoadedNameKnowledge {
    std::optional<pattern::NameClassifier> dynamic_names;
    std::optional<zone::TopLevelDomains> top_level_domains;

    bool is_whole() const { return dynamic_names && top_level_domains; }
    /// Borrowed from this.
    diagnose::NameKnowledge view() const {
        return {dynamic_names ? &*dynamic_names : nullptr,
                top_level_domains ? &*top_level_domains : nullptr};
    }
};

/// Reads it; what cannot be read is missing, with a note.
LoadedNameKnowledge read_name_knowledge(const config::Settings& settings,
                                        const CommonOptions& common);

}  // namespace ostrakon::tool
