#include "ostrakon/store/transaction.hpp"

#include "handles.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <cerrno>
#include <climits>
#include <utility>

namespace ostrakon::store {
namespace {

constexpr int kReasonGiven = INT_MIN;  // a failure that is not LMDB's

std::uint64_t map_size_bytes(MDB_env* env) noexcept {
    MDB_envinfo info{};
    mdb_env_info(env, &info);
    return info.me_mapsize;
}

// A write that was cut short is EIO to LMDB, and most often means that there was no more room.
bool is_disk_full(MDB_env* env) noexcept {
    constexpr std::uint64_t kRoomMin = std::uint64_t{1} << 20;
    struct statvfs status {};
    int fd = -1;
    return mdb_env_get_fd(env, &fd) == MDB_SUCCESS && fstatvfs(fd, &status) == 0 &&
           status.f_bavail * status.f_frsize < kRoomMin;
}

// LMDB does not write pages that a transaction took and gave back. Where they are the last ones the
// file ends before the page that is said to be its last, and could be taken for one that was cut
// off. Never makes a file shorter; that it cannot be made longer does no harm.
void reach_last_page(MDB_env* env) noexcept {
    MDB_envinfo info{};
    MDB_stat stat{};
    struct stat status {};
    int fd = -1;
    if (mdb_env_info(env, &info) != MDB_SUCCESS || mdb_env_stat(env, &stat) != MDB_SUCCESS ||
        mdb_env_get_fd(env, &fd) != MDB_SUCCESS || fstat(fd, &status) != 0) {
        return;
    }
    const auto needed = static_cast<off_t>((info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize});
    if (status.st_size < needed) {
        [[maybe_unused]] const int rc = fallocate(fd, 0, needed - 1, 1);
    }
}

}  // namespace

Transaction::Transaction(Transaction&& other) noexcept
    : handles_(other.handles_),
      txn_(std::exchange(other.txn_, nullptr)),
      failure_(other.failure_),
      reason_(std::move(other.reason_)) {}

Transaction& Transaction::operator=(Transaction&& other) noexcept {
    if (this != &other) {
        if (txn_ != nullptr) {
            mdb_txn_abort(txn_);
        }
        handles_ = other.handles_;
        txn_ = std::exchange(other.txn_, nullptr);
        failure_ = other.failure_;
        reason_ = std::move(other.reason_);
    }
    return *this;
}

Transaction::~Transaction() {
    if (txn_ != nullptr) {
        mdb_txn_abort(txn_);
    }
}

void Transaction::note(int rc) const noexcept {
    if (failure_ == 0) {
        failure_ = rc == EIO && is_disk_full(handles_->env.get()) ? ENOSPC : rc;
    }
}

void Transaction::note(Error error) noexcept {
    if (failure_ == 0) {
        failure_ = kReasonGiven;
        reason_ = std::move(error);
    }
}

std::optional<std::string_view> Transaction::get(Table table, std::string_view key) const noexcept {
    MDB_val key_val = to_val(key);
    MDB_val value{};
    const int rc =
        mdb_get(txn_, handles_->tables[static_cast<std::size_t>(table)], &key_val, &value);
    if (rc == MDB_SUCCESS) {
        return to_view(value);
    }
    if (rc != MDB_NOTFOUND) {
        note(rc);
    }
    return std::nullopt;
}

std::uint64_t Transaction::count(Table table) const noexcept {
    MDB_stat stat{};
    if (const int rc = mdb_stat(txn_, handles_->tables[static_cast<std::size_t>(table)], &stat);
        rc != MDB_SUCCESS) {
        note(rc);
        return 0;
    }
    return stat.ms_entries;
}

std::uint64_t Transaction::id() const noexcept {
    return mdb_txn_id(txn_);
}

Error Transaction::failure() const {
    if (reason_) {
        return *reason_;
    }
    return lmdb_error("database " + handles_->directory.string(), failure_,
                      map_size_bytes(handles_->env.get()));
}

Result<Snapshot> Snapshot::begin(Environment& environment) {
    Snapshot snapshot{environment.handles()};
    if (const int rc =
            mdb_txn_begin(snapshot.handles_->env.get(), nullptr, MDB_RDONLY, &snapshot.txn_);
        rc != MDB_SUCCESS) {
        snapshot.note_outgrown(rc);
        return Unexpected{
            lmdb_error("read database " + snapshot.handles_->directory.string(), rc, 0)};
    }
    snapshot.held_ = true;
    return snapshot;
}

bool Snapshot::is_newest() const noexcept {
    MDB_envinfo info{};
    return held_ && failure_ == 0 && mdb_env_info(handles_->env.get(), &info) == MDB_SUCCESS &&
           info.me_last_txnid == mdb_txn_id(txn_);
}

bool Snapshot::renew() noexcept {
    reset();
    if (txn_ == nullptr) {
        return false;
    }
    if (const int rc = mdb_txn_renew(txn_); rc != MDB_SUCCESS) {
        note_outgrown(rc);
        note(rc);
        return false;
    }
    failure_ = 0;
    held_ = true;
    return true;
}

void Snapshot::note_outgrown(int rc) noexcept {
    if (rc == MDB_MAP_RESIZED) {
        handles_->outgrown.store(true, std::memory_order_relaxed);
    }
}

void Snapshot::reset() noexcept {
    if (held_ && txn_ != nullptr) {
        mdb_txn_reset(txn_);
        held_ = false;
    }
}

Result<WriteTransaction> WriteTransaction::begin(Environment& environment) {
    WriteTransaction transaction{environment.handles()};
    if (const int rc =
            mdb_txn_begin(transaction.handles_->env.get(), nullptr, 0, &transaction.txn_);
        rc != MDB_SUCCESS) {
        return Unexpected{
            lmdb_error("write to database " + transaction.handles_->directory.string(), rc, 0)};
    }
    return transaction;
}

void WriteTransaction::put(Table table, std::string_view key, std::string_view value) noexcept {
    if (failure_ != 0) {
        return;
    }
    MDB_val key_val = to_val(key);
    MDB_val value_val = to_val(value);
    if (const int rc = mdb_put(txn_, handles_->tables[static_cast<std::size_t>(table)], &key_val,
                               &value_val, 0);
        rc != MDB_SUCCESS) {
        note(rc);
    }
}

void WriteTransaction::append(Table table, std::string_view key, std::string_view value) noexcept {
    if (failure_ != 0) {
        return;
    }
    MDB_val key_val = to_val(key);
    MDB_val value_val = to_val(value);
    const int rc = mdb_put(txn_, handles_->tables[static_cast<std::size_t>(table)], &key_val,
                           &value_val, MDB_APPEND);
    if (rc == MDB_KEYEXIST) {  // LMDB's word for a key that is not the last
        put(table, key, value);
    } else if (rc != MDB_SUCCESS) {
        note(rc);
    }
}

void WriteTransaction::erase(Table table, std::string_view key) noexcept {
    if (failure_ != 0) {
        return;
    }
    MDB_val key_val = to_val(key);
    if (const int rc =
            mdb_del(txn_, handles_->tables[static_cast<std::size_t>(table)], &key_val, nullptr);
        rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        note(rc);
    }
}

void WriteTransaction::clear(Table table) noexcept {
    if (failure_ != 0) {
        return;
    }
    if (const int rc = mdb_drop(txn_, handles_->tables[static_cast<std::size_t>(table)], 0);
        rc != MDB_SUCCESS) {
        note(rc);
    }
}

Result<Done> WriteTransaction::commit() {
    if (failure_ != 0) {
        return Unexpected{failure()};
    }
    const int rc = mdb_txn_commit(std::exchange(txn_, nullptr));
    if (rc != MDB_SUCCESS) {
        note(rc);
        return Unexpected{failure()};
    }
    reach_last_page(handles_->env.get());
    return Done{};
}

Cursor::Cursor(const Transaction& transaction, Table table) noexcept : transaction_(&transaction) {
    if (const int rc = mdb_cursor_open(
            transaction.txn_, transaction.handles_->tables[static_cast<std::size_t>(table)],
            &cursor_);
        rc != MDB_SUCCESS) {
        transaction.note(rc);
    }
}

Cursor::Cursor(Cursor&& other) noexcept
    : transaction_(other.transaction_),
      cursor_(std::exchange(other.cursor_, nullptr)),
      key_(other.key_),
      value_(other.value_),
      is_behind_(other.is_behind_) {}

Cursor::~Cursor() {
    if (cursor_ != nullptr) {
        mdb_cursor_close(cursor_);
    }
}

bool Cursor::follow() noexcept {
    if (const int rc = mdb_cursor_renew(transaction_->txn_, cursor_); rc != MDB_SUCCESS) {
        transaction_->note(rc);
        return false;
    }
    is_behind_ = false;
    return true;
}

bool Cursor::move(int operation) noexcept {
    if (cursor_ == nullptr || (is_behind_ && !follow())) {
        return false;
    }
    MDB_val key = to_val(key_);
    MDB_val value{};
    const int rc = mdb_cursor_get(cursor_, &key, &value, static_cast<MDB_cursor_op>(operation));
    if (rc == MDB_SUCCESS) {
        key_ = to_view(key);
        value_ = to_view(value);
        return true;
    }
    if (rc != MDB_NOTFOUND) {
        transaction_->note(rc);
    }
    return false;
}

bool Cursor::seek(std::string_view key) noexcept {
    if (key.empty()) {
        return first();
    }
    key_ = key;
    return move(MDB_SET_RANGE);
}

bool Cursor::seek_at_or_before(std::string_view key) noexcept {
    if (!seek(key)) {
        return last();
    }
    return key_ == key || previous();
}

bool Cursor::first() noexcept {
    return move(MDB_FIRST);
}
bool Cursor::last() noexcept {
    return move(MDB_LAST);
}
bool Cursor::next() noexcept {
    return move(MDB_NEXT);
}
bool Cursor::previous() noexcept {
    return move(MDB_PREV);
}

}  // namespace ostrakon::store
