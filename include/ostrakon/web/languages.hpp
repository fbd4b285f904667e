// What pages say, in each language that there is a file for.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/phrase_file.hpp"
#include "ostrakon/web/markup.hpp"

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::web {

/// What stands for {name} in a phrase.
using Places = std::initializer_list<std::pair<std::string_view, Markup>>;

class Language {
public:
    Language(std::string code, config::Phrases phrases)
        : code_(std::move(code)), phrases_(std::move(phrases)) {}

    const std::string& code() const { return code_; }  ///< "en"
    bool has(std::string_view key) const { return phrases_.contains(key); }
    /// As it stands in the file; the key itself where it is missing.
    std::string_view plain(std::string_view key) const;
    /// The phrase, escaped, with its places filled in.
    Markup say(std::string_view key, Places places = {}) const;
    const config::Phrases& phrases() const { return phrases_; }

private:
    std::string code_;
    config::Phrases phrases_;
};

class Languages {
public:
    /// Reads CODE.toml of each language from this directory. Every language has all phrases of the
    /// first. Errors: Usage.
    static Result<Languages> read(const std::filesystem::path& directory);

    /// The one that suits best by Accept-Language (RFC 9110 §12.5.4); the first where none does.
    const Language& choose(std::string_view accept_language) const;
    /// Null where there is none of this code.
    const Language* find(std::string_view code) const;
    const std::vector<Language>& all() const { return languages_; }

private:
    std::vector<Language> languages_;
};

}  // namespace ostrakon::web
