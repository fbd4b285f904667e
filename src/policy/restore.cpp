#include "ostrakon/policy/restore.hpp"

#include "change_set.hpp"
#include "ostrakon/store/meta.hpp"
#include "record_check.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>
#include <vector>

namespace ostrakon::policy {
namespace {

using store::Table;

// A serial this close to the end of its numbers could soon not rise any more.
constexpr std::uint64_t kSerialMax = std::uint64_t{UINT32_MAX} - (std::uint64_t{1} << 24);

// Makes one table equal to a sorted stream of records; what is equal already is not written.
class TableMerger {
public:
    TableMerger(store::WriteTransaction& transaction, Table table)
        : transaction_(transaction),
          table_(table),
          was_empty_(transaction.count(table) == 0),
          cursor_(transaction, table) {
        more_ = cursor_.first();
    }

    void take(std::string_view key, std::string_view value) {
        if (was_empty_) {
            transaction_.append(table_, key, value);
            return;
        }
        erase_while([key](std::string_view present) { return present < key; });
        if (!more_ || cursor_.key() != key) {
            edit(key, value);
        } else {
            if (cursor_.value() != value) {
                edit(key, value);
            }
            more_ = cursor_.next();
        }
        apply_if_many();
    }

    /// What is still there has no place any more.
    void finish() {
        erase_while([](std::string_view) { return true; });
        apply();
    }

private:
    static constexpr std::size_t kEditedBytesMax = std::size_t{4} << 20;

    struct Edit {
        std::string key;
        std::optional<std::string> value;
    };

    template <class Condition>
    void erase_while(Condition&& condition) {
        while (more_ && condition(cursor_.key())) {
            edits_.push_back({std::string{cursor_.key()}, std::nullopt});
            edited_bytes_ += sizeof(Edit) + cursor_.key().size();
            more_ = cursor_.next();
            apply_if_many();
        }
    }
    void edit(std::string_view key, std::string_view value) {
        edits_.push_back({std::string{key}, std::string{value}});
        edited_bytes_ += sizeof(Edit) + key.size() + value.size();
    }
    void apply_if_many() {
        if (edited_bytes_ > kEditedBytesMax) {
            apply();
        }
    }
    // What a cursor shows is valid until something is written: edits are made together.
    void apply() {
        const std::string next = more_ ? std::string{cursor_.key()} : std::string{};
        for (const Edit& each : edits_) {
            if (each.value) {
                transaction_.put(table_, each.key, *each.value);
            } else {
                transaction_.erase(table_, each.key);
            }
        }
        edits_.clear();
        edited_bytes_ = 0;
        more_ = more_ && cursor_.seek(next);
    }

    store::WriteTransaction& transaction_;
    Table table_;
    bool was_empty_;
    store::Cursor cursor_;
    bool more_ = false;
    std::vector<Edit> edits_;
    std::size_t edited_bytes_ = 0;
};

// Reads the tables of a backup, checks each record and hands it on.
class TruthReader {
public:
    TruthReader(const store::BackupReader& backup, const BackupProgress& progress)
        : backup_(backup), progress_(progress) {}

    Result<Done> read(Table table, const store::BackupReader::Visit& visit) {
        return backup_.read(table, [&](std::string_view key, std::string_view value) {
            if (!check_.accepts(table, key, value)) {
                return Result<Done>{backup_.damaged("it has a record that cannot be")};
            }
            done_ += key.size() + value.size();
            if (progress_ && done_ >= next_) {
                progress_(std::min(done_, backup_.size_bytes()), backup_.size_bytes());
                next_ = done_ + kProgressStep;
            }
            return visit(key, value);
        });
    }
    const RecordCheck& check() const { return check_; }

private:
    static constexpr std::uint64_t kProgressStep = std::uint64_t{1} << 20;

    const store::BackupReader& backup_;
    const BackupProgress& progress_;
    RecordCheck check_;
    std::uint64_t done_ = 0, next_ = 0;
};

Result<BackupFigures> figures_of(const store::BackupReader& backup, const RecordCheck& check) {
    const std::uint64_t serial = backup.meta_number(store::meta_key::kSerial);
    if (serial > kSerialMax) {
        return backup.damaged(fmt::format("its serial is {}", serial));
    }
    BackupFigures figures = check.figures();
    figures.serial = static_cast<std::uint32_t>(serial);
    return figures;
}

// Whether the trail of the database begins with all of the backup's.
Result<bool> continues_trail(const store::Transaction& transaction, TruthReader& reader) {
    bool continues = true;
    auto read = reader.read(Table::Events, [&](std::string_view key, std::string_view value) {
        continues = continues && transaction.get(Table::Events, key) == value;
        return Result<Done>{Done{}};
    });
    return read ? Result<bool>{continues} : Unexpected{std::move(read.error())};
}

Result<Done> load(store::WriteTransaction& transaction, TruthReader& reader, Table table) {
    TableMerger merger{transaction, table};
    auto read = reader.read(table, [&merger](std::string_view key, std::string_view value) {
        merger.take(key, value);
        return Result<Done>{Done{}};
    });
    if (read) {
        merger.finish();
    }
    return read;
}

// No number is given twice, whichever of the two databases has given it.
void raise_numbers(store::WriteTransaction& transaction, const store::BackupReader& backup,
                   const RecordCheck& check) {
    const auto raise = [&](std::string_view key, std::uint64_t at_least) {
        store::set_meta_number(
            transaction, key,
            std::max({store::meta_number(transaction, key), backup.meta_number(key), at_least}));
    };
    using namespace store::meta_key;
    raise(kNextListing, check.listing_max() + 1);
    raise(kNextValue, check.value_max() + 1);
    raise(kNextLayer, check.layer_max() + 1);
    raise(kNextMap, check.map_max() + 1);
    raise(kNextEvent, check.event_max() + 1);
    raise(kNextChange, check.change_max() + 1);
    raise(kNextComplaint, check.complaint_max() + 1);
    raise(kNextRequest, check.request_max() + 1);
    raise(kEpoch, 0);
    raise(kSerial, 0);
    store::set_meta_number(transaction, kCatalogueChanged, transaction.id());
}

std::string trail_entry(const store::BackupReader& backup, const BackupFigures& figures) {
    const auto at = backup.made_at();
    return fmt::format(
        "restored a backup{}, serial {}: own bans {}, own allows {}, feed entries {}",
        at ? " of " + to_string(*at) : std::string{}, figures.serial, figures.own_listings,
        figures.own_allows, figures.feed_entries);
}

}  // namespace

Result<BackupFigures> verify(const store::BackupReader& backup, const BackupProgress& progress) {
    TruthReader reader{backup, progress};
    const auto nothing = [](std::string_view, std::string_view) { return Result<Done>{Done{}}; };
    for (const Table table : kTruthTables) {
        if (auto read = reader.read(table, nothing); !read) {
            return Unexpected{std::move(read.error())};
        }
    }
    if (auto read = reader.read(Table::Events, nothing); !read) {
        return Unexpected{std::move(read.error())};
    }
    return figures_of(backup, reader.check());
}

Result<RestoreReport> restore(store::Environment& environment, const store::BackupReader& backup,
                              const Author& author, const BackupProgress& progress) {
    auto transaction = store::WriteTransaction::begin(environment);
    if (!transaction) {
        return Unexpected{transaction.error()};
    }
    TruthReader reader{backup, progress};
    const auto continues = continues_trail(*transaction, reader);
    if (!continues) {
        return Unexpected{continues.error()};
    }
    std::vector<Table> tables{kTruthTables.begin(), kTruthTables.end()};
    if (*continues) {
        std::erase(tables, Table::Changes);
    } else {
        tables.push_back(Table::Events);
    }
    for (const Table table : tables) {
        if (auto loaded = load(*transaction, reader, table); !loaded) {
            return Unexpected{std::move(loaded.error())};
        }
        if (transaction->is_broken()) {
            return Unexpected{transaction->failure()};
        }
    }
    const auto figures = figures_of(backup, reader.check());
    if (!figures) {
        return Unexpected{figures.error()};
    }
    // What was kept to take changes back belongs to another truth.
    transaction->clear(Table::Undo);
    store::set_meta_number(*transaction, store::meta_key::kUndoBytes, 0);
    raise_numbers(*transaction, backup, reader.check());
    ChangeSet change = ChangeSet::begin(std::move(*transaction), author);
    change.tell("", "", trail_entry(backup, *figures), "");
    auto id = change.finish_rebuilt();
    if (!id) {
        return Unexpected{std::move(id.error())};
    }
    return RestoreReport{*id, change.serial(), *figures, *continues};
}

}  // namespace ostrakon::policy
