#include "ostrakon/store/backup_reader.hpp"

#include "ostrakon/store/backup_seal.hpp"
#include "ostrakon/store/meta.hpp"
#include "page_file.hpp"
#include "table_shapes.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace ostrakon::store {
namespace {

Unexpected<Error> cannot_read(const std::string& attempt, std::string why,
                              std::string remedy = "") {
    return Unexpected{Error{ErrorCode::Usage, attempt, std::move(why), std::move(remedy)}};
}

// Reads up to `size` bytes; fewer at the end of the file.
Result<std::string> read_piece(int fd, std::uint64_t offset, std::size_t size,
                               const std::string& attempt) {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got =
            pread(fd, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return cannot_read(attempt, std::strerror(errno));
        }
        done += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    bytes.resize(done);
    return bytes;
}

Result<SealHash> hash_of(int fd, std::uint64_t size, const std::string& attempt) {
    SealHash hash;
    while (hash.size() < size) {
        const auto piece =
            read_piece(fd, hash.size(),
                       std::min<std::uint64_t>(page::kPieceSize, size - hash.size()), attempt);
        if (!piece) {
            return Unexpected{piece.error()};
        }
        if (piece->empty()) {
            break;
        }
        hash.add(*piece);
    }
    return hash;
}

}  // namespace

struct BackupReader::State {
    FileDescriptor file;
    std::string attempt;
    std::uint64_t size = 0;  // of the pages
    std::uint64_t file_size = 0;
    std::optional<UnixTime> made_at;
    std::array<Tree, kTableCount> tables;
    std::size_t found = 0;  // of them
    std::map<std::string, std::uint64_t, std::less<>> meta;

    PageFile pages() const { return {file.get(), size, attempt}; }
    Result<Done> check_seal();
    Result<Done> find_tables();
    Result<Done> read_meta_table();
    Result<Done> check_schema(bool has_magic) const;
};

Result<Done> BackupReader::State::check_seal() {
    const std::uint64_t before_seal = file_size - std::min<std::uint64_t>(file_size, kSealSize);
    const auto end = read_piece(file.get(), before_seal, kSealSize, attempt);
    if (!end) {
        return Unexpected{end.error()};
    }
    if (!is_seal(*end)) {
        if (file_size % page::kSizeMin != 0) {
            return cannot_read(attempt, "it is no backup of this program, or is cut off",
                               "`ostrakon backup FILE` makes one");
        }
        return Done{};  // data.mdb itself, or a copy that LMDB's own tool made
    }
    const auto hash = hash_of(file.get(), before_seal, attempt);
    if (!hash) {
        return Unexpected{hash.error()};
    }
    const auto seal = store::check_seal(*end, *hash);
    if (!seal) {
        return cannot_read(attempt, "it is damaged: its content is not what was written",
                           "use another one");
    }
    size = before_seal;
    made_at = seal->at;
    return Done{};
}

Result<Done> BackupReader::State::find_tables() {
    PageFile file_pages = pages();
    const auto meta_page = file_pages.read_meta();
    if (!meta_page) {
        return Unexpected{meta_page.error()};
    }
    found = 0;
    std::size_t oldest = 0;
    auto walked = file_pages.walk(
        meta_page->main,
        [&](std::string_view name, std::string_view value, std::uint16_t flags) -> Result<Done> {
            const auto* const at =
                std::find_if(kTables.begin(), kTables.end(),
                             [&](const TableShape& shape) { return shape.name == name; });
            if (at == kTables.end() || (flags & page::kNodeTable) == 0 ||
                value.size() != page::kTableSize) {
                return cannot_read(attempt, "it is another program's database");
            }
            Tree& table = tables.at(static_cast<std::size_t>(at - kTables.begin()));
            table = decode_tree(value);
            table.is_sorted_by_bytes = at->flags == 0;
            ++found;
            oldest += at - kTables.begin() < std::ptrdiff_t{kTableCountOldest} ? 1U : 0U;
            return Done{};
        });
    if (walked && oldest != kTableCountOldest) {
        return cannot_read(attempt, "it is another program's database, or an unfinished one");
    }
    return walked;
}

Result<Done> BackupReader::State::read_meta_table() {
    PageFile file_pages = pages();
    if (const auto meta_page = file_pages.read_meta(); !meta_page) {
        return Unexpected{meta_page.error()};
    }
    bool has_magic = false;
    auto walked = file_pages.walk(tables[static_cast<std::size_t>(Table::Meta)],
                                  [&](std::string_view key, std::string_view value, std::uint16_t) {
                                      if (key == meta_key::kMagic) {
                                          has_magic = value == kMagicValue;
                                      } else if (value.size() == sizeof(std::uint64_t)) {
                                          meta.emplace(key, load_raw<std::uint64_t>(value.data()));
                                      }
                                      return Result<Done>{Done{}};
                                  });
    return walked ? check_schema(has_magic) : walked;
}

Result<Done> BackupReader::State::check_schema(bool has_magic) const {
    const auto schema = meta.find(meta_key::kSchema);
    if (!has_magic || schema == meta.end()) {
        return cannot_read(attempt, "it is another program's database");
    }
    if (schema->second == kSchemaVersion && found != kTableCount) {
        return cannot_read(attempt, "it is another program's database, or an unfinished one");
    }
    if (schema->second < kSchemaOldest || schema->second > kSchemaVersion) {
        return cannot_read(
            attempt,
            fmt::format("it has schema {}, this program knows {}", schema->second, kSchemaVersion),
            "use the program that wrote it");
    }
    return Done{};
}

BackupReader::BackupReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
BackupReader::BackupReader(BackupReader&&) noexcept = default;
BackupReader& BackupReader::operator=(BackupReader&&) noexcept = default;
BackupReader::~BackupReader() = default;

Result<BackupReader> BackupReader::open(FileDescriptor file, const std::string& name) {
    auto state = std::make_unique<State>();
    state->file = std::move(file);
    state->attempt = "read backup " + name;
    struct stat status {};
    if (fstat(state->file.get(), &status) != 0) {
        return cannot_read(state->attempt, std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return cannot_read(state->attempt, "it is no file",
                           "name a file that `ostrakon backup` has made");
    }
    state->file_size = static_cast<std::uint64_t>(status.st_size);
    state->size = state->file_size;
    for (const auto step : {&State::check_seal, &State::find_tables, &State::read_meta_table}) {
        if (auto done = (state.get()->*step)(); !done) {
            return Unexpected{std::move(done.error())};
        }
    }
    return BackupReader{std::move(state)};
}

Result<Done> BackupReader::read(Table table, const Visit& visit) const {
    PageFile pages = state_->pages();
    if (const auto meta_page = pages.read_meta(); !meta_page) {
        return Unexpected{meta_page.error()};
    }
    return pages.walk(state_->tables[static_cast<std::size_t>(table)],
                      [&](std::string_view key, std::string_view value, std::uint16_t flags) {
                          return (flags & page::kNodeTable) != 0
                                     ? Result<Done>{damaged("a record is a table")}
                                     : visit(key, value);
                      });
}

std::uint64_t BackupReader::meta_number(std::string_view key) const {
    const auto found = state_->meta.find(key);
    return found == state_->meta.end() ? 0 : found->second;
}

std::optional<UnixTime> BackupReader::made_at() const {
    return state_->made_at;
}

std::uint64_t BackupReader::size_bytes() const {
    return state_->file_size;
}

Unexpected<Error> BackupReader::damaged(const std::string& why) const {
    return Unexpected{
        Error{ErrorCode::Usage, state_->attempt, "it is damaged: " + why, "use another one"}};
}

}  // namespace ostrakon::store
