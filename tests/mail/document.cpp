#include "mail/document.hpp"

#include <fstream>
#include <stdexcept>

namespace ostrakon::test {
namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kIndent = "    ";

void find_links(const std::string& line, std::size_t number, Document& document) {
    for (std::size_t at = 0; (at = line.find("](", at)) != std::string::npos; at += 2) {
        const std::size_t end = line.find(')', at);
        std::string target = line.substr(at + 2, end - at - 2);
        target = target.substr(0, target.find('#'));
        if (!target.empty() && target.find("://") == std::string::npos) {
            document.links.emplace_back(target, number);
        }
    }
}

}  // namespace

Document read_document(const std::filesystem::path& file) {
    std::ifstream stream{file};
    if (!stream) {
        throw std::runtime_error("read " + file.string());
    }
    Document document;
    bool is_inside = false;
    std::size_t number = 0;
    for (std::string line, before; std::getline(stream, line); before = line) {
        ++number;
        if (line.starts_with(kFence)) {
            is_inside = !is_inside;
            if (is_inside) {
                const std::string info = line.substr(kFence.size());
                const std::size_t blank = info.find(' ');
                document.blocks.push_back({info.substr(0, blank),
                                           blank == std::string::npos ? "" : info.substr(blank + 1),
                                           "", number});
            }
        } else if (is_inside) {
            document.blocks.back().text += line + "\n";
        } else if (before.empty() && line.starts_with(kIndent)) {
            document.indented_lines.push_back(number);
        } else {
            find_links(line, number, document);
        }
    }
    return document;
}

}  // namespace ostrakon::test
