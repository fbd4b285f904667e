// Reads a backup: the file of another database, which may be damaged or made to do harm.
//
// LMDB itself is not let near it. What was derived (index, verdict sets, journal) can be had, but
// who restores derives it again.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::store {

class BackupReader {
public:
    /// Checks seal and schema. `name` is what messages call the file. Errors are of kind Usage: it
    /// cannot be read, is no backup, is damaged, or is of a newer program.
    static Result<BackupReader> open(FileDescriptor file, const std::string& name);
    BackupReader(BackupReader&&) noexcept;
    BackupReader& operator=(BackupReader&&) noexcept;
    ~BackupReader();

    using Visit = std::function<Result<Done>(std::string_view key, std::string_view value)>;
    /// Calls `visit` for each record of a table, in the order of keys. Checks the table's pages as
    /// it goes; may be called again.
    Result<Done> read(Table table, const Visit& visit) const;

    /// A number of the backup's meta table, 0 where it is not set.
    std::uint64_t meta_number(std::string_view key) const;
    /// When it was made; nothing for a file without a seal, as another program copies it.
    std::optional<UnixTime> made_at() const;
    std::uint64_t size_bytes() const;  ///< Of the file.
    /// An error that says what is wrong with a record.
    Unexpected<Error> damaged(const std::string& why) const;

private:
    struct State;
    explicit BackupReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::store
