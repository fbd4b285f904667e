// bench_data: makes the lists and the questions that servers are compared with.
//
//   bench_data SIZE DIRECTORY [--zone-file]
//
// Files of questions have a line "NAME TYPE" each, three in ten about something listed:
// questions.mixed (70 % A of IPv4, 10 % TXT of IPv4, 10 % IPv6, 10 % names), and questions.a, .txt,
// .ipv6 and .names of one type each.
#include "bench/list_files.hpp"
#include "bench/questions.hpp"
#include "bench/text_file.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

namespace ostrakon::bench {
namespace {

constexpr int kMixedQuestions = 1'000'000;
constexpr int kQuestionsOfOneType = 300'000;

void write_questions(const Listings& listings, Random& random,
                     const std::filesystem::path& directory) {
    Questions questions{listings, random};
    const auto write = [&](std::string_view name, int count, const auto& draw) {
        TextFile file{directory / fmt::format("questions.{}", name)};
        for (int i = 0; i < count; ++i) {
            const Question question = draw();
            file.print("{} {}\n", question.name, question.type);
        }
        file.finish();
    };
    write("mixed", kMixedQuestions, [&] { return questions.draw_mixed(); });
    for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
        write(kKindNames[kind], kQuestionsOfOneType,
              [&] { return questions.draw(static_cast<Kind>(kind)); });
    }
}

int run(int argc, char** argv) {
    CLI::App app{"Makes lists, and questions about them."};
    std::string size_name;
    std::filesystem::path directory;
    bool with_zone_file = false;
    app.add_option("size", size_name, "S: 10 thousand addresses, M: a million, L: ten million")
        ->required();
    app.add_option("directory", directory)->required();
    app.add_flag("--zone-file", with_zone_file, "A zone file alone, large, of the same listings");
    CLI11_PARSE(app, argc, argv);
    const std::optional<Size> size = find_size(size_name);
    if (!size) {
        fmt::print(stderr, "bench_data: there is no size \"{}\"; it is S, M or L\n", size_name);
        return 2;
    }
    std::filesystem::create_directories(directory);
    Random random{kListingsSeed};
    const Listings listings{*size, random};
    if (with_zone_file) {
        write_zone_file(listings, directory);
        return 0;
    }
    write_plain_lists(listings, directory);
    write_rbldnsd_lists(listings, directory);
    write_questions(listings, random, directory);
    return 0;
}

}  // namespace
}  // namespace ostrakon::bench

int main(int argc, char** argv) {
    try {
        return ostrakon::bench::run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_data: {}\n", error.what());
        return 1;
    }
}
