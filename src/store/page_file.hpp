// Walks the trees of a database file without LMDB, and trusts nothing that it reads. Included by
// this module's sources only.
//
// Bounded: every page is visited once at most, nothing outside the file is read, and the deepest
// tree is that of LMDB. What is wrong is said, not survived by luck.
#pragma once

#include "ostrakon/base/result.hpp"
#include "page_format.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::store {

/// The root of one tree.
struct Tree {
    std::uint64_t root = page::kNoPage;
    std::uint64_t entries = 0;
    std::uint16_t depth = 0;
    bool is_sorted_by_bytes = true;  ///< Otherwise by number, which is not checked.
};
/// Reads the kTableSize bytes that describe a tree.
Tree decode_tree(std::string_view bytes) noexcept;

struct MetaPage {
    std::uint64_t last_page = 0;
    std::uint64_t transaction = 0;
    Tree free, main;
};

class PageFile {
public:
    /// Looks at the first `size_bytes` bytes of an open file, which the caller keeps open. Errors
    /// of the other functions begin with `attempt`.
    PageFile(int fd, std::uint64_t size_bytes, std::string attempt)
        : fd_(fd), size_bytes_(size_bytes), attempt_(std::move(attempt)) {}

    /// The newer of the two meta pages; to be called first.
    Result<MetaPage> read_meta();
    /// Takes the page with this transaction's number, of a file that is being written to.
    Result<MetaPage> read_meta_of(std::uint64_t transaction);

    /// Called with key, value and the node's flags; borrowed until it returns.
    using Visit =
        std::function<Result<Done>(std::string_view, std::string_view, std::uint16_t flags)>;
    /// Calls `visit` for every record of a tree, in the order of keys.
    Result<Done> walk(const Tree& tree, const Visit& visit);
    /// Walks main tree, all tables and the free list without reading values.
    Result<Done> walk_everything(const MetaPage& meta);

    std::size_t page_size() const { return page_size_; }
    Unexpected<Error> damaged(std::string why) const;

private:
    struct Node;
    struct Walk;
    Result<std::string> read(std::uint64_t offset, std::size_t size) const;
    Result<MetaPage> decode_meta(std::uint64_t slot);
    Result<Done> enter(std::uint64_t number, std::uint64_t count);
    Result<Done> walk_page(Walk& walk, std::uint64_t number, std::size_t level);
    Result<Done> walk_branch(Walk& walk, std::size_t level);
    Result<Done> walk_leaf(Walk& walk, std::size_t level);
    Result<std::vector<Node>> nodes_of(std::string_view page, std::uint64_t number) const;
    Result<std::string> overflowing_value(const Node& node, bool is_wanted);

    int fd_;
    std::uint64_t size_bytes_;
    std::string attempt_;
    std::size_t page_size_ = 0;
    std::uint64_t pages_ = 0;
    std::vector<bool> visited_;
};

}  // namespace ostrakon::store
