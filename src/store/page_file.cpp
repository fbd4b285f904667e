#include "page_file.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ostrakon::store {
namespace {

std::uint16_t u16_at(std::string_view bytes, std::size_t at) {
    return load_raw<std::uint16_t>(bytes.data() + at);
}
std::uint64_t u64_at(std::string_view bytes, std::size_t at) {
    return load_raw<std::uint64_t>(bytes.data() + at);
}

bool is_power_of_two(std::size_t number) {
    return (number & (number - 1)) == 0;
}

}  // namespace

Tree decode_tree(std::string_view bytes) noexcept {
    constexpr std::uint16_t kSortedByBytes = 0;
    return {.root = u64_at(bytes, page::kTableRootAt),
            .entries = u64_at(bytes, page::kTableEntriesAt),
            .depth = u16_at(bytes, page::kTableDepthAt),
            .is_sorted_by_bytes = u16_at(bytes, page::kTableFlagsAt) == kSortedByBytes};
}

// One record of a leaf, or one child of a branch.
struct PageFile::Node {
    std::string_view key;
    std::string_view rest;  // what lies behind the key, to the end of the page
    std::uint32_t size = 0;
    std::uint16_t flags = 0;
    std::uint64_t child = 0;
};

struct PageFile::Walk {
    const Tree& tree;
    const Visit& visit;  // empty: values are not read
    std::vector<std::string> pages;
    std::string last_key;
    std::uint64_t entries = 0;
};

Unexpected<Error> PageFile::damaged(std::string why) const {
    return Unexpected{
        Error{ErrorCode::Usage, attempt_, "it is damaged: " + std::move(why), "use another one"}};
}

Result<std::string> PageFile::read(std::uint64_t offset, std::size_t size) const {
    if (offset > size_bytes_ || size > size_bytes_ - offset) {
        return damaged(fmt::format("it ends at byte {}", size_bytes_));
    }
    std::string bytes(size, '\0');
    for (std::size_t done = 0; done < size;) {
        const ssize_t got =
            pread(fd_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
        if (got == 0) {
            return damaged(fmt::format("it ends at byte {}", offset + done));
        }
        if (got < 0 && errno != EINTR) {
            return Unexpected{Error{ErrorCode::Usage, attempt_, std::strerror(errno), ""}};
        }
        done += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    return bytes;
}

Result<MetaPage> PageFile::decode_meta(std::uint64_t slot) {
    const auto bytes = read(slot * page_size_, page::kMetaEnd);
    if (!bytes) {
        return Unexpected{bytes.error()};
    }
    if ((u16_at(*bytes, page::kFlagsAt) & page::kKinds) != page::kMeta ||
        load_raw<std::uint32_t>(bytes->data() + page::kMagicAt) != page::kMagic ||
        load_raw<std::uint32_t>(bytes->data() + page::kVersionAt) != page::kVersion) {
        return Unexpected{Error{ErrorCode::Usage, attempt_, "it is no backup of this program",
                                "`ostrakon backup FILE` makes one"}};
    }
    const std::string_view all = *bytes;
    MetaPage meta{.last_page = u64_at(all, page::kLastPageAt),
                  .transaction = u64_at(all, page::kTransactionAt),
                  .free = decode_tree(all.substr(page::kFreeTableAt)),
                  .main = decode_tree(all.substr(page::kMainTableAt))};
    meta.free.is_sorted_by_bytes = false;
    return meta;
}

Result<MetaPage> PageFile::read_meta() {
    const auto first = read(0, page::kMetaEnd);
    page_size_ =
        first ? load_raw<std::uint32_t>(first->data() + page::kFreeTableAt) : std::size_t{0};
    if (page_size_ < page::kSizeMin || page_size_ > page::kSizeMax ||
        !is_power_of_two(page_size_)) {
        page_size_ = page::kSizeMin;  // whatever it is, the first page says what is wrong
        const auto meta = decode_meta(0);
        return meta ? damaged("its page size is none") : Result<MetaPage>{meta};
    }
    pages_ = size_bytes_ / page_size_;
    visited_.assign(pages_, false);
    auto zero = decode_meta(0);
    if (!zero) {
        return zero;
    }
    auto one = decode_meta(1);
    if (!one) {
        return one;
    }
    return one->transaction > zero->transaction ? one : zero;
}

Result<MetaPage> PageFile::read_meta_of(std::uint64_t transaction) {
    if (auto newest = read_meta(); !newest) {
        return newest;
    }
    return decode_meta(transaction % page::kMetaPages);
}

// Marks pages as taken.
Result<Done> PageFile::enter(std::uint64_t number, std::uint64_t count) {
    if (number < page::kMetaPages || number >= pages_ || count > pages_ - number) {
        return damaged(fmt::format("page {} is not in it", number));
    }
    for (std::uint64_t at = number; at < number + count; ++at) {
        if (visited_[at]) {
            return damaged(fmt::format("page {} is in use twice", at));
        }
        visited_[at] = true;
    }
    return Done{};
}

Result<Done> PageFile::walk(const Tree& tree, const Visit& visit) {
    if (tree.root == page::kNoPage) {
        return tree.entries == 0 ? Result<Done>{Done{}} : damaged("a table has lost its records");
    }
    if (tree.depth == 0 || tree.depth > page::kDepthMax) {
        return damaged("a table has no depth that can be");
    }
    Walk walk{tree, visit, std::vector<std::string>(tree.depth), {}, 0};
    if (auto walked = walk_page(walk, tree.root, 0); !walked) {
        return walked;
    }
    if (walk.entries != tree.entries) {
        return damaged(
            fmt::format("a table has {} records in place of {}", walk.entries, tree.entries));
    }
    return Done{};
}

Result<Done> PageFile::walk_page(Walk& walk, std::uint64_t number, std::size_t level) {
    if (auto entered = enter(number, 1); !entered) {
        return entered;
    }
    auto page = read(number * page_size_, page_size_);
    if (!page) {
        return Unexpected{std::move(page.error())};
    }
    const bool is_leaf = level + 1 == walk.tree.depth;
    if (u64_at(*page, 0) != number ||
        (u16_at(*page, page::kFlagsAt) & page::kKinds) != (is_leaf ? page::kLeaf : page::kBranch)) {
        return damaged(fmt::format("page {} is another one", number));
    }
    walk.pages[level] = std::move(*page);
    return is_leaf ? walk_leaf(walk, level) : walk_branch(walk, level);
}

Result<std::vector<PageFile::Node>> PageFile::nodes_of(std::string_view bytes,
                                                       std::uint64_t number) const {
    const std::size_t lower = u16_at(bytes, page::kLowerAt);
    const std::size_t upper = u16_at(bytes, page::kUpperAt);
    if (lower < page::kHeaderSize || lower % 2 != 0 || lower > upper || upper > bytes.size()) {
        return damaged(fmt::format("page {} has no bounds that can be", number));
    }
    std::vector<Node> nodes((lower - page::kHeaderSize) / 2);
    std::size_t pointer = page::kHeaderSize;
    for (Node& node : nodes) {
        const std::size_t at = u16_at(bytes, pointer);
        pointer += 2;
        if (at < upper || at + page::kNodeHeaderSize > bytes.size()) {
            return damaged(fmt::format("page {} points outside of itself", number));
        }
        const std::size_t key_size = u16_at(bytes, at + page::kNodeKeySizeAt);
        const std::size_t behind = at + page::kNodeHeaderSize;
        if (key_size > bytes.size() - behind) {
            return damaged(fmt::format("page {} has a key that does not fit", number));
        }
        node.key = bytes.substr(behind, key_size);
        node.rest = bytes.substr(behind + key_size);
        node.size = load_raw<std::uint32_t>(bytes.data() + at);
        node.flags = u16_at(bytes, at + page::kNodeFlagsAt);
        node.child = node.size | std::uint64_t{node.flags} << 32;
    }
    return nodes;
}

Result<Done> PageFile::walk_branch(Walk& walk, std::size_t level) {
    const auto nodes = nodes_of(walk.pages[level], u64_at(walk.pages[level], 0));
    if (!nodes) {
        return Unexpected{nodes.error()};
    }
    for (const Node& node : *nodes) {
        if (auto walked = walk_page(walk, node.child, level + 1); !walked) {
            return walked;
        }
    }
    return Done{};
}

Result<std::string> PageFile::overflowing_value(const Node& node, bool is_wanted) {
    if (node.rest.size() < sizeof(std::uint64_t)) {
        return damaged("a large value has no page");
    }
    const std::uint64_t number = u64_at(node.rest, 0);
    if (auto entered = enter(number, 1); !entered) {
        return Unexpected{std::move(entered.error())};
    }
    auto header = read(number * page_size_, page::kHeaderSize);
    if (!header) {
        return header;
    }
    const std::uint64_t count = load_raw<std::uint32_t>(header->data() + page::kOverflowPagesAt);
    if (u64_at(*header, 0) != number ||
        (u16_at(*header, page::kFlagsAt) & page::kKinds) != page::kOverflow || count == 0 ||
        count * page_size_ < page::kHeaderSize + std::uint64_t{node.size}) {
        return damaged(fmt::format("page {} does not hold a large value", number));
    }
    if (count > 1) {
        if (auto entered = enter(number + 1, count - 1); !entered) {
            return Unexpected{std::move(entered.error())};
        }
    }
    return is_wanted ? read(number * page_size_ + page::kHeaderSize, node.size) : std::string{};
}

Result<Done> PageFile::walk_leaf(Walk& walk, std::size_t level) {
    const auto nodes = nodes_of(walk.pages[level], u64_at(walk.pages[level], 0));
    if (!nodes) {
        return Unexpected{nodes.error()};
    }
    constexpr std::uint16_t kKnownFlags = page::kNodeOverflows | page::kNodeTable;
    for (const Node& node : *nodes) {
        if (walk.tree.is_sorted_by_bytes && walk.entries > 0 && node.key <= walk.last_key) {
            return damaged("its keys are not in order");
        }
        if (node.key.empty() || (node.flags & ~kKnownFlags) != 0) {
            return damaged("it has a record that cannot be");
        }
        ++walk.entries;
        walk.last_key = node.key;
        std::string large;
        std::string_view value = node.rest.substr(0, node.size);
        if ((node.flags & page::kNodeOverflows) != 0) {
            auto read = overflowing_value(node, walk.visit != nullptr);
            if (!read) {
                return Unexpected{std::move(read.error())};
            }
            large = std::move(*read);
            value = large;
        } else if (node.size > node.rest.size()) {
            return damaged("it has a value that does not fit");
        }
        if (walk.visit) {
            if (auto visited = walk.visit(node.key, value, node.flags); !visited) {
                return visited;
            }
        }
    }
    return Done{};
}

Result<Done> PageFile::walk_everything(const MetaPage& meta) {
    if (auto walked = walk(meta.free, {}); !walked) {
        return walked;
    }
    std::vector<Tree> tables;
    auto walked =
        walk(meta.main,
             [&](std::string_view, std::string_view value, std::uint16_t flags) -> Result<Done> {
                 if (flags != page::kNodeTable || value.size() != page::kTableSize) {
                     return damaged("it has a table that is none");
                 }
                 tables.push_back(decode_tree(value));
                 return Done{};
             });
    for (const Tree& table : tables) {
        if (walked) {
            walked = walk(table, {});
        }
    }
    return walked;
}

}  // namespace ostrakon::store
