// One change set being made: truth is edited through here, and finish() brings index, journal,
// serial and audit trail along. Included by this module's sources only.
#pragma once

#include "inverse.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/policy/reindex.hpp"
#include "ostrakon/store/event.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/store/transaction.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ostrakon::policy {

class ChangeSet {
public:
    static Result<ChangeSet> begin(store::Environment& environment, const Author& author);
    /// Goes on with a transaction in which the truth has been replaced as a whole.
    static ChangeSet begin(store::WriteTransaction&& transaction, const Author& author) {
        return ChangeSet{std::move(transaction), author, {}};
    }

    store::WriteTransaction& transaction() { return transaction_; }
    const store::WriteTransaction& transaction() const { return transaction_; }
    Catalogue& catalogue() { return catalogue_; }
    const Catalogue& catalogue() const { return catalogue_; }
    const Author& author() const { return author_; }
    store::ChangeId id() const { return id_; }
    /// The serial that finish() has given.
    std::uint32_t serial() const { return serial_; }

    /// Writes a listing that has no id yet, and serves it if it is active. Returns it with its id.
    const store::Listing& add_listing(store::Listing& listing, const Subject& subject);
    /// Writes a listing over what it was. Serves it, or no longer, as its state says.
    void change_listing(const store::Listing& before, const store::Listing& after,
                        const Subject& subject);
    /// The same, for a record that shows the decision of another change set again.
    void bring_back_listing(const store::Listing& before, store::Listing after,
                            const Subject& subject);
    /// Writes a record whose strikes have become others. Nothing that is served depends on them.
    void recount(const store::Listing& listing);
    /// Writes a listing of which only the time has changed at which it was last looked into. That
    /// is no change by itself.
    void note_recheck(const store::Listing& before, const store::Listing& after);
    /// Swaps entries of a feed's layer. Both sorted. Before the values that go with them.
    void change_entries(LayerId layer, const EntryList& removed, const EntryList& added);
    /// What lies there is derived again at the end.
    void touch(const Expansion& expansion);
    /// Answers may be others anywhere, though no entry is.
    void touch_all() { has_touched_all_ = true; }
    /// Writes a record of a complaint or a request; without a value it is removed.
    void put_record(store::Table table, std::string_view key,
                    std::optional<std::string_view> value);
    /// Adds one line to the audit trail.
    void tell(const std::string& subject, const std::string& listing_class, const std::string& what,
              const std::string& reason);

    /// Keeps the feed's record as it is, for `undo`. Before it is changed.
    void remember_feed(const std::string& name) { inverse_.change_feed(transaction_, name); }
    /// There will be nothing to take back.
    void is_housekeeping() { inverse_.keep_nothing(Inverse::Kind::Housekeeping); }
    /// Keeps a map's record and blocks as they are, for `undo`. Before they are changed.
    void remember_map(const std::string& name) { inverse_.change_map(transaction_, name); }
    void remember_map_block(std::string_view key, std::optional<std::string_view> before) {
        inverse_.change_map_block(key, before);
    }
    /// Says that this takes another change set back, whose record is then `other`.
    void takes_back(store::Change&& other) {
        takes_back_ = other.id;
        marks(std::move(other));
    }
    /// Writes the record of another change set along.
    void marks(store::Change&& other) { marked_.push_back(std::move(other)); }

    /// Whether anything was changed that has to be committed.
    bool has_changes() const { return changed_; }
    /// Whether there are times of rechecks to be committed, with changes or without.
    bool has_rechecks() const { return has_rechecks_; }
    /// Derives, journals, raises the serial, commits. Without it nothing stays.
    Result<store::ChangeId> finish(const Coverage& coverage);
    /// Throws the index away and derives all of it anew. For changes that were made to the truth by
    /// other means, or to none.
    Result<store::ChangeId> finish_rebuilt();
    /// Commits what is no change of listings (a feed's last success): no change set, no new serial.
    Result<Done> finish_unchanged() { return transaction_.commit(); }

private:
    ChangeSet(store::WriteTransaction&& transaction, Author author,
              std::filesystem::path directory);
    void write_changed(const store::Listing& before, store::Listing after, const Subject& subject);
    void note_origin(const Subject& subject);
    void enter_recheck(const store::Listing& listing);
    void strike_recheck(const store::Listing& listing);
    Result<store::ChangeId> commit(const Coverage& coverage, std::uint32_t serial,
                                   const std::string& touched);

    store::WriteTransaction transaction_;
    Catalogue catalogue_;
    Author author_;
    store::ChangeId id_ = 0;
    std::uint64_t next_listing_ = 0;  // 0: not asked for yet
    std::uint32_t serial_ = 0;
    EntryList own_removed_, own_added_;
    Expansions touched_origins_;  // filled in at the end
    TouchedRanges touched_;
    InverseWriter inverse_;
    std::filesystem::path directory_;
    std::vector<store::Change> marked_;
    store::ChangeId takes_back_ = 0;
    store::ListingId first_added_ = 0;
    bool changed_ = false;
    bool has_rechecks_ = false;
    bool has_touched_all_ = false;
};

}  // namespace ostrakon::policy
