// Transactions and cursors over the tables of the environment.
//
// Errors are sticky: the first failure of a read or a write is kept, later calls do nothing, and
// commit() reports it. So a change set is written as if nothing could fail, and is then whole or
// not there.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/store/environment.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct MDB_txn;
struct MDB_cursor;

namespace ostrakon::store {

/// The tables. Their names in the file are in environment.cpp; what each holds is said in the
/// header that reads it.
enum class Table : std::uint8_t {
    Meta,          ///< store/meta.hpp
    Classes,       ///< policy/catalogue.hpp
    Layers,        ///< policy/catalogue.hpp
    Feeds,         ///< policy/catalogue.hpp
    Listings,      ///< store/listing.hpp, by id
    Subjects,      ///< canonical subject → ids of its listings
    Expiry,        ///< (time, kind, id)
    EntriesIpv4,   ///< policy/entries.hpp
    EntriesIpv6,   ///< policy/entries.hpp
    EntriesName,   ///< policy/entries.hpp
    Values,        ///< policy/values.hpp: what an entry of a feed says
    ValueIds,      ///< hash of a value → ids
    Events,        ///< store/event.hpp: the audit trail
    Changes,       ///< store/event.hpp: change sets
    Journal,       ///< store/journal.hpp
    IndexIpv4,     ///< store/ipv4_bucket.hpp
    IndexIpv6,     ///< store/ipv6_block.hpp
    IndexName,     ///< store/name_node.hpp
    Sets,          ///< policy/verdict_set.hpp
    SetIds,        ///< hash of a set → ids
    Undo,          ///< policy: what takes each of the latest change sets back
    Complaints,    ///< policy/complaints.hpp: the ledger, by id
    Messages,      ///< id of a complaint → its message, compressed
    Requests,      ///< policy/requests.hpp, by id
    Maps,          ///< policy/catalogue.hpp
    MapBlocks,     ///< policy/maps.hpp
    NameFilter,    ///< store/name_filter.hpp
    IndexPattern,  ///< policy/patterns.hpp
    Globs,         ///< policy/verdict_set.hpp
    GlobIds,       ///< a glob → its number in Globs
    Rechecks,      ///< policy/recheck.hpp
    Pulls,         ///< policy/pull_state.hpp
    Touched,       ///< policy/touched.hpp
    References,    ///< reference of a request → its id
};
inline constexpr std::size_t kTableCount = 34;

/// The longest key in bytes.
inline constexpr std::size_t kKeySizeMax = 511;

/// What reading and writing transactions share. Belongs to one thread at a time; the environment
/// outlives it.
class Transaction {
public:
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// The value, valid until the transaction ends or, when writing, until the next write.
    std::optional<std::string_view> get(Table table, std::string_view key) const noexcept;
    /// How many keys a table has.
    std::uint64_t count(Table table) const noexcept;
    /// LMDB's number of this snapshot, or of the transaction being written.
    std::uint64_t id() const noexcept;
    /// Whether a read or write has failed; what was read since is not to be relied on.
    bool is_broken() const noexcept { return failure_ != 0; }
    /// The first failure in words.
    Error failure() const;

protected:
    explicit Transaction(Environment::Handles& handles) noexcept : handles_(&handles) {}
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&& other) noexcept;
    ~Transaction();
    void note(int rc) const noexcept;
    void note(Error error) noexcept;

    friend class Cursor;
    Environment::Handles* handles_;
    MDB_txn* txn_ = nullptr;
    mutable int failure_ = 0;
    std::optional<Error> reason_;  // of a failure that is not LMDB's
};

/// A consistent view of the database, renewable at the cost of some 20 ns.
class Snapshot : public Transaction {
public:
    static Result<Snapshot> begin(Environment& environment);
    Snapshot(Snapshot&&) noexcept = default;
    Snapshot& operator=(Snapshot&&) noexcept = default;

    /// Whether it is held and shows the newest committed state. Costs less than renewing: after
    /// that, LMDB looks up each table anew.
    bool is_newest() const noexcept;
    /// Moves to the newest committed state; false if the database cannot be read. Cursors are
    /// renewed with Cursor::renew.
    bool renew() noexcept;
    /// Lets go of the state, so that a sleeping reader does not keep old pages; renew() takes a new
    /// one.
    void reset() noexcept;

private:
    using Transaction::Transaction;
    void note_outgrown(int rc) noexcept;
    bool held_ = false;
};

/// One change set being written. Without commit() nothing of it stays.
class WriteTransaction : public Transaction {
public:
    /// Waits for no one: the caller holds the WriterLock.
    static Result<WriteTransaction> begin(Environment& environment);
    WriteTransaction(WriteTransaction&&) noexcept = default;

    void put(Table table, std::string_view key, std::string_view value) noexcept;
    /// Writes a key that is not there yet: faster, and its page is filled, where it is the last of
    /// the table.
    void append(Table table, std::string_view key, std::string_view value) noexcept;
    /// Removes a key; one that is not there is no failure.
    void erase(Table table, std::string_view key) noexcept;
    void clear(Table table) noexcept;
    /// Gives the change set up for a reason of the caller's, which commit() then reports.
    void fail(Error error) noexcept { note(std::move(error)); }
    /// Makes the change durable. On an error nothing has changed.
    Result<Done> commit();

private:
    using Transaction::Transaction;
};

/// A place in one table. Keys and values are valid as Transaction::get says.
class Cursor {
public:
    Cursor(const Transaction& transaction, Table table) noexcept;
    Cursor(Cursor&& other) noexcept;
    Cursor& operator=(Cursor&&) = delete;
    ~Cursor();

    /// Goes to the first key that is not less than this one.
    bool seek(std::string_view key) noexcept;
    /// Goes to the last key that is less than or equal to this one.
    bool seek_at_or_before(std::string_view key) noexcept;
    bool first() noexcept;
    bool last() noexcept;
    bool next() noexcept;
    bool previous() noexcept;
    std::string_view key() const noexcept { return key_; }
    std::string_view value() const noexcept { return value_; }
    /// Follows a Snapshot that was renewed, as soon as it moves: until then it costs nothing, and
    /// stands nowhere. Allocates nothing.
    void renew() noexcept { is_behind_ = true; }

private:
    bool follow() noexcept;
    bool move(int operation) noexcept;
    const Transaction* transaction_;
    MDB_cursor* cursor_ = nullptr;
    std::string_view key_;
    std::string_view value_;
    bool is_behind_ = false;
};

}  // namespace ostrakon::store
