// Dotted text as labels in wire form, for tests. "\DDD" is a byte by its number, so that a label
// can hold anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

/// The labels of `dotted`, each behind its length byte, without the root; "" has none. Lengths are
/// not checked.
inline std::string wire_labels(std::string_view dotted) {
    std::string wire;
    std::string label;
    const auto finish = [&] {
        wire.push_back(static_cast<char>(label.size()));
        wire += label;
        label.clear();
    };
    for (std::size_t i = 0; i < dotted.size(); ++i) {
        if (dotted[i] == '.') {
            finish();
        } else if (dotted[i] == '\\') {
            label.push_back(static_cast<char>(std::stoi(std::string{dotted.substr(i + 1, 3)})));
            i += 3;
        } else {
            label.push_back(dotted[i]);
        }
    }
    if (!label.empty()) {
        finish();
    }
    return wire;
}

/// The whole name with the root.
inline std::string wire_name(std::string_view dotted) {
    return wire_labels(dotted) + std::string(1, '\0');
}

}  // namespace ostrakon::test
