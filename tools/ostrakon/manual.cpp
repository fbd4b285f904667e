// ostrakon manual: writes the man pages, while the program is built.
#include "manual.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace ostrakon::tool {
namespace {

namespace fs = std::filesystem;

// The day that stands in the pages: that of the sources where the build says so
// (https://reproducible-builds.org/specs/source-date-epoch/), else today.
std::string day_of_pages() {
    std::time_t at = std::time(nullptr);
    if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
        const std::string_view text{epoch};
        std::from_chars(text.data(), text.data() + text.size(), at);
    }
    const std::tm day = fmt::gmtime(at);
    return fmt::format("{:%B} {}, {:%Y}", day, day.tm_mday, day);
}

Result<Done> write_new(const fs::path& file, std::string_view text) {
    std::ofstream stream{file, std::ios::binary};
    stream << text;
    if (!stream.flush()) {
        return Unexpected{Error{ErrorCode::System, "write " + file.string(), std::strerror(errno),
                                "make the directory first"}};
    }
    return Done{};
}

class ManualCommand : public Command {
public:
    explicit ManualCommand(CommandList all) : all_(all) {}
    Description describe() const override {
        return {.name = "manual",
                .summary = "write the man pages",
                .details = "Writes the man pages into DIR, which must be there.",
                .is_hidden = true,
                .examples = {"ostrakon manual build/man"}};
    }
    void declare(OptionSet& options) override {
        options.operand("DIR", directory_, "where the pages go");
        options.value("--example", "FILE", example_, "where an example of ostrakon.toml goes");
    }
    Result<Outcome> run(const CommonOptions& /*common*/) override {
        const Declarations declarations = declarations_of(all_);
        for (const ManualPage& page : manual_pages(declarations, day_of_pages())) {
            if (auto written = write_new(fs::path{directory_} / page.file, page.text); !written) {
                return Unexpected{std::move(written.error())};
            }
        }
        if (example_) {
            if (auto written = write_new(*example_, example_configuration()); !written) {
                return Unexpected{std::move(written.error())};
            }
        }
        return Outcome{};
    }

private:
    CommandList all_;
    std::string directory_;
    std::optional<std::string> example_;
};

}  // namespace

std::vector<ManualPage> manual_pages(const Declarations& declarations, const std::string& date) {
    std::vector<ManualPage> pages = command_pages(declarations, date);
    for (ManualPage& page : file_pages(date)) {
        pages.push_back(std::move(page));
    }
    pages.push_back(formats_page(declarations, date));
    pages.push_back(server_page(date));
    pages.push_back(web_page(date));
    return pages;
}

std::unique_ptr<Command> make_manual(CommandList all) {
    return std::make_unique<ManualCommand>(all);
}

}  // namespace ostrakon::tool
