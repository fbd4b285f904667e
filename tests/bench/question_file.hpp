// Files of questions, which the load generator and the replay ask.
#pragma once

#include "support/query_builder.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace ostrakon::bench {

/// More are not read of one file.
inline constexpr std::size_t kQuestionsMax = 4'000'000;

/// Reads a file with a line "NAME TYPE" a question as packets, whose id is 0. Throws
/// std::runtime_error where a type is not known or nothing can be read.
std::vector<test::Bytes> read_questions(const std::filesystem::path& file);

}  // namespace ostrakon::bench
