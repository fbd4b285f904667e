// Reads the blocks of code out of a document in Markdown.
//
// What follows the opening ``` says what a block is: its language, and what is done with it (see
// documents_test.cpp).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ostrakon::test {

struct Block {
    std::string language;  ///< The first word behind ```; empty: none.
    std::string argument;  ///< What follows it.
    std::string text;
    std::size_t line = 0;  ///< Of the opening ```.
};

struct Document {
    std::vector<Block> blocks;
    /// Lines that a reader sees as code and no block holds: indented ones.
    std::vector<std::size_t> indented_lines;
    /// The file parts of links to other files, with their lines.
    std::vector<std::pair<std::string, std::size_t>> links;
};

Document read_document(const std::filesystem::path& file);

}  // namespace ostrakon::test
