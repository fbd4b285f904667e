#include "bench/question_file.hpp"

#include <fmt/format.h>
#include <array>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace ostrakon::bench {
namespace {

std::uint16_t type_number(std::string_view name) {
    constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::uint16_t>>(
        {{"A", 1}, {"TXT", 16}, {"AAAA", 28}, {"ANY", 255}});
    for (const auto& [known, number] : kTypes) {
        if (known == name) {
            return number;
        }
    }
    throw std::runtime_error(fmt::format("type \"{}\" is none of A, TXT, AAAA, ANY", name));
}

}  // namespace

std::vector<test::Bytes> read_questions(const std::filesystem::path& file) {
    std::ifstream input{file};
    std::vector<test::Bytes> questions;
    std::string name;
    std::string type;
    while (questions.size() < kQuestionsMax && input >> name >> type) {
        questions.push_back(
            test::build_query({.name = name, .type = type_number(type), .id = 0, .flags = 0x0100}));
    }
    if (questions.empty()) {
        throw std::runtime_error(fmt::format("no question in {}", file.string()));
    }
    return questions;
}

}  // namespace ostrakon::bench
