// Writes small MMDB files as tests need them, broken ones too.
// https://maxmind.github.io/MaxMind-DB/
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::test {

/// Values of the format as bytes.
std::string mmdb_text(std::string_view text);
std::string mmdb_number(std::uint32_t number);
std::string mmdb_map(const std::vector<std::pair<std::string, std::string>>& members);

/// A database whose records have 24 bits. Nodes are added by inserting prefixes.
class MmdbWriter {
public:
    /// `ip_version`: 4 or 6; in 6 an IPv4 network is inserted below ::/96.
    explicit MmdbWriter(int ip_version) : ip_version_(ip_version) { nodes_.push_back({}); }

    /// A network of so many leading bits of `address`, most significant byte first, has this value.
    void insert(std::string_view address, int length, const std::string& value);
    /// Lets a record of a node say something else: for broken files.
    void set_record(std::size_t node, bool right, std::uint32_t record) {
        overrides_.push_back({{node, right}, record});
    }
    void set_built(std::uint64_t built) { built_ = built; }

    std::size_t node_count() const { return nodes_.size(); }
    std::string bytes() const;

private:
    struct Record {
        enum class Kind : std::uint8_t { Empty, Node, Data } kind = Kind::Empty;
        std::uint32_t number = 0;  // of a node, or a place in the data
    };
    using Node = std::pair<Record, Record>;

    int ip_version_;
    std::uint64_t built_ = 1'767'225'600;
    std::vector<Node> nodes_;
    std::string data_;
    std::vector<std::pair<std::pair<std::size_t, bool>, std::uint32_t>> overrides_;
};

}  // namespace ostrakon::test
