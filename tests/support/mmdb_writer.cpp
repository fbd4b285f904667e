#include "support/mmdb_writer.hpp"

// libmaxminddb 1.7.1 loses what it has read of metadata that then turn out to be damaged.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libmaxminddb";
}

namespace ostrakon::test {
namespace {

constexpr std::uint32_t kSeparatorSize = 16;  // zero bytes between tree and data

// The types of the format that are used here.
constexpr unsigned kText = 2;
constexpr unsigned kUnsigned32 = 6;
constexpr unsigned kMap = 7;

std::string control(unsigned type, std::size_t size) {
    std::string bytes;
    if (size < 29) {
        bytes.push_back(static_cast<char>(type << 5 | size));
    } else {
        bytes.push_back(static_cast<char>(type << 5 | 29U));
        bytes.push_back(static_cast<char>(size - 29));
    }
    return bytes;
}

std::string number(unsigned type, std::uint64_t value) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
        const auto byte = static_cast<char>(value >> shift);
        if (!bytes.empty() || byte != 0) {
            bytes.push_back(byte);
        }
    }
    return control(type, bytes.size()) + bytes;
}

void append_record(std::string& bytes, std::uint32_t record) {
    for (int shift = 16; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>(record >> shift));
    }
}

}  // namespace

std::string mmdb_text(std::string_view text) {
    return control(kText, text.size()) + std::string{text};
}

std::string mmdb_number(std::uint32_t value) {
    return number(kUnsigned32, value);
}

std::string mmdb_map(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string bytes = control(kMap, members.size());
    for (const auto& [key, value] : members) {
        bytes += mmdb_text(key) + value;
    }
    return bytes;
}

void MmdbWriter::insert(std::string_view address, int length, const std::string& value) {
    std::string path{address};
    if (ip_version_ == 6 && address.size() == 4) {
        path.insert(0, 12, '\0');
        length += 96;
    }
    std::uint32_t at = 0;
    for (int bit = 0; bit < length; ++bit) {
        const bool right =
            (static_cast<unsigned char>(path[static_cast<std::size_t>(bit) / 8]) >> (7 - bit % 8) &
             1) != 0;
        const auto node_count = static_cast<std::uint32_t>(nodes_.size());
        Record& record = right ? nodes_[at].second : nodes_[at].first;
        if (bit == length - 1) {
            record = {Record::Kind::Data, static_cast<std::uint32_t>(data_.size())};
            data_ += value;
        } else if (record.kind == Record::Kind::Node) {
            at = record.number;
        } else {
            record = {Record::Kind::Node, node_count};
            at = node_count;
            nodes_.push_back({});
        }
    }
}

std::string MmdbWriter::bytes() const {
    const auto node_count = static_cast<std::uint32_t>(nodes_.size());
    std::string tree;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        for (const bool right : {false, true}) {
            const Record& record = right ? nodes_[i].second : nodes_[i].first;
            std::uint32_t written = node_count;
            if (record.kind == Record::Kind::Node) {
                written = record.number;
            } else if (record.kind == Record::Kind::Data) {
                written = node_count + kSeparatorSize + record.number;
            }
            for (const auto& [place, other] : overrides_) {
                written = place == std::pair{i, right} ? other : written;
            }
            append_record(tree, written);
        }
    }
    constexpr unsigned kUnsigned64 = 9;
    std::string built = number(0, built_);
    built.insert(1, 1, static_cast<char>(kUnsigned64 - 7));  // an extended type follows its size
    return tree + std::string(kSeparatorSize, '\0') + data_ + "\xAB\xCD\xEFMaxMind.com" +
           mmdb_map({{"node_count", mmdb_number(node_count)},
                     {"record_size", number(5, 24)},
                     {"ip_version", number(5, static_cast<std::uint64_t>(ip_version_))},
                     {"database_type", mmdb_text("Test")},
                     {"binary_format_major_version", number(5, 2)},
                     {"binary_format_minor_version", number(5, 0)},
                     {"build_epoch", built},
                     {"languages", std::string{"\x00\x04", 2}},
                     {"description", mmdb_map({})}});
}

}  // namespace ostrakon::test
