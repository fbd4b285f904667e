// A site of its own for one test: a configuration, zones and a database in a temporary directory,
// and the real `ostrakon` to work on them. The only place that knows how the tool is started.
#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

using Json = nlohmann::json;

/// What `ostrakon` left, for assertions.
struct Answer {
    int status = -1;
    std::string output;
    std::string errors;

    /// The JSON document of stdout, or null.
    Json json() const { return Json::parse(output, nullptr, false); }
};

inline Answer run_tool(std::vector<std::string> words, std::string input = "",
                       std::map<std::string, std::string> environment = {}) {
    words.insert(words.begin(), OSTRAKON_TOOL);
    environment.emplace("NO_COLOR", "1");
    const ProcessResult result = run(ProcessOptions{.arguments = std::move(words),
                                                    .environment = std::move(environment),
                                                    .input = std::move(input)});
    return {result.status, result.output, result.errors};
}

class Site {
public:
    /// `settings` is added to ostrakon.toml. Lifts need no evidence and repeats no year unless it
    /// says otherwise.
    explicit Site(std::string_view settings =
                      "[lifecycle]\nrepeat_minimum = \"0s\"\nevidence_to_lift = false\n") {
        write("ostrakon.toml", std::string{"[database]\npath = \""} + database().string() +
                                   "\"\nsize = \"1GiB\"\n" + std::string{settings});
        write_zone("bl.example.org");
        std::filesystem::create_directory(database());
    }

    std::filesystem::path path() const { return directory_.path(); }
    std::filesystem::path database() const { return directory_.path() / "db"; }
    std::filesystem::path config_file() const { return directory_.path() / "ostrakon.toml"; }
    std::filesystem::path write(const std::filesystem::path& relative,
                                std::string_view text) const {
        return directory_.write(relative, text);
    }
    void write_zone(const std::string& origin, std::string_view more = "") const {
        write("zones/" + origin + ".toml",
              "origin = \"" + origin +
                  "\"\nns = [\"ns1.example.net\"]\ncontact = \"hostmaster@example.net\"\n" +
                  std::string{more});
    }

    Answer operator()(std::vector<std::string> words, std::string input = "") const {
        words.insert(words.begin(), {"--config", config_file().string()});
        return run_tool(std::move(words), std::move(input));
    }

private:
    TemporaryDirectory directory_;
};

}  // namespace ostrakon::test
