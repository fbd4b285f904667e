#include "change_set.hpp"

#include "ostrakon/policy/expiry.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/patterns.hpp"
#include "ostrakon/policy/recheck.hpp"
#include "ostrakon/store/meta.hpp"
#include "rebuild.hpp"

#include <algorithm>

namespace ostrakon::policy {
namespace {

using store::ListingState;
using store::Table;

// The record of a listing has the mail address that it is about; its entry has the hash alone.
void add_own(EntryList& list, const Subject& subject, std::uint32_t value) {
    const auto* mail = std::get_if<MailSubject>(&subject);
    list.add(mail == nullptr ? subject : Subject{mail_of_hash(mail->hash)}, value);
}

void remove_one(EntryList& list, const Subject& subject, std::uint32_t value) {
    EntryList single;
    add_own(single, subject, value);
    const auto drop = [](auto& from, const auto& what) {
        for (const auto& entry : what) {
            std::erase(from, entry);
        }
    };
    drop(list.ipv4, single.ipv4);
    drop(list.ipv6, single.ipv6);
    drop(list.names, single.names);
}

}  // namespace

ChangeSet::ChangeSet(store::WriteTransaction&& transaction, Author author,
                     std::filesystem::path directory)
    : transaction_(std::move(transaction)),
      catalogue_(Catalogue::load(transaction_)),
      author_(std::move(author)),
      directory_(std::move(directory)) {
    id_ = store::take_next(transaction_, store::meta_key::kNextChange);
}

Result<ChangeSet> ChangeSet::begin(store::Environment& environment, const Author& author) {
    auto transaction = store::WriteTransaction::begin(environment);
    if (!transaction) {
        return Unexpected{transaction.error()};
    }
    return ChangeSet{std::move(*transaction), author, environment.directory()};
}

const store::Listing& ChangeSet::add_listing(store::Listing& listing, const Subject& subject) {
    if (next_listing_ == 0) {
        next_listing_ = std::max<std::uint64_t>(
            1, store::meta_number(transaction_, store::meta_key::kNextListing));
    }
    listing.id = store::checked_id(transaction_, store::meta_key::kNextListing, next_listing_++);
    listing.change = id_;
    listing.decided = id_;
    first_added_ = first_added_ == 0 ? listing.id : first_added_;
    inverse_.add_listing(listing.id);
    catalogue_.add_class(transaction_, listing.listing_class);
    write_new_listing(transaction_, listing);
    add_to_subject(transaction_, listing.subject, listing.id);
    if (listing.state == ListingState::Active) {
        add_own(own_added_, subject, listing.id);
        note_origin(subject);
        enter_recheck(listing);
        if (listing.until) {
            transaction_.put(Table::Expiry,
                             expiry_key(listing.until->seconds, ExpiryKind::Listing, listing.id),
                             "");
        }
    }
    changed_ = true;
    return listing;
}

void ChangeSet::change_listing(const store::Listing& before, const store::Listing& after,
                               const Subject& subject) {
    store::Listing changed = after;
    if (after.state != ListingState::Expired) {  // which is nobody's decision
        changed.decided = id_;
        inverse_.change_listing(before, id_);
    }
    write_changed(before, std::move(changed), subject);
}

void ChangeSet::bring_back_listing(const store::Listing& before, store::Listing after,
                                   const Subject& subject) {
    inverse_.change_listing(before, after.decided);
    write_changed(before, std::move(after), subject);
}

void ChangeSet::write_changed(const store::Listing& before, store::Listing after,
                              const Subject& subject) {
    after.touched = before.touched;
    if (after.change != id_ && (after.touched.empty() || after.touched.back() != id_)) {
        if (after.touched.size() == store::Listing::kTouchedMax) {
            after.touched.erase(after.touched.begin());
        }
        after.touched.push_back(id_);
    }
    write_listing(transaction_, after);
    const bool was_active = before.state == ListingState::Active;
    const bool is_active = after.state == ListingState::Active;
    if (before.until && was_active) {
        transaction_.erase(Table::Expiry,
                           expiry_key(before.until->seconds, ExpiryKind::Listing, before.id));
    }
    if (after.until && is_active) {
        transaction_.put(Table::Expiry,
                         expiry_key(after.until->seconds, ExpiryKind::Listing, after.id), "");
    }
    if (was_active) {
        strike_recheck(before);
    }
    if (is_active) {
        enter_recheck(after);
    }
    note_origin(subject);
    if (was_active && !is_active) {
        add_own(own_removed_, subject, after.id);
        if (first_added_ != 0 && after.id >= first_added_) {
            remove_one(own_added_, subject, after.id);
        }
    } else if (!was_active && is_active) {
        add_own(own_added_, subject, after.id);
    } else if (was_active) {
        // The entry stays; what it stands for is derived again.
        EntryList same;
        add_own(same, subject, after.id);
        touched_.add(same);
    }
    changed_ = true;
}

void ChangeSet::recount(const store::Listing& listing) {
    write_listing(transaction_, listing);
    changed_ = true;
}

void ChangeSet::note_recheck(const store::Listing& before, const store::Listing& after) {
    strike_recheck(before);
    write_listing(transaction_, after);
    enter_recheck(after);
    has_rechecks_ = true;
}

void ChangeSet::enter_recheck(const store::Listing& listing) {
    if (listing.diagnosed) {
        transaction_.put(Table::Rechecks, recheck_key(listing), "");
    }
}

void ChangeSet::strike_recheck(const store::Listing& listing) {
    if (listing.diagnosed) {
        transaction_.erase(Table::Rechecks, recheck_key(listing));
    }
}

void ChangeSet::change_entries(LayerId layer, const EntryList& removed, const EntryList& added) {
    if (removed.size() + added.size() == 0) {
        return;
    }
    inverse_.change_entries(transaction_, layer, removed, added);
    edit_entries(transaction_, layer, removed, added);
    touched_.add(removed);
    touched_.add(added);
    for (const EntryList* list : {&removed, &added}) {
        for (const net::Origin& origin : list->origins()) {
            touched_origins_.try_emplace(origin);
        }
    }
    changed_ = true;
}

void ChangeSet::note_origin(const Subject& subject) {
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        touched_origins_.try_emplace(*origin);
    }
}

void ChangeSet::touch(const Expansion& expansion) {
    for (const net::Ipv4Range range : expansion.ipv4) {
        touched_.add(range);
    }
    for (const net::Ipv6Range range : expansion.ipv6) {
        touched_.add(range);
    }
}

void ChangeSet::put_record(Table table, std::string_view key,
                           std::optional<std::string_view> value) {
    inverse_.change_record(transaction_, table, key, value);
    if (value) {
        transaction_.put(table, key, *value);
    } else {
        transaction_.erase(table, key);
    }
    changed_ = true;
}

void ChangeSet::tell(const std::string& subject, const std::string& listing_class,
                     const std::string& what, const std::string& reason) {
    store::append_event(transaction_, {0, author_.at, author_.by, id_, author_.command, subject,
                                       listing_class, what, reason});
    changed_ = true;
}

Result<store::ChangeId> ChangeSet::finish(const Coverage& coverage) {
    if (next_listing_ != 0) {
        store::set_meta_number(transaction_, store::meta_key::kNextListing, next_listing_);
    }
    own_removed_.sort();
    own_added_.sort();
    edit_entries(transaction_, kOwnLayer, own_removed_, own_added_);
    if (auto fit = check_patterns(transaction_, own_added_.names); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    touched_.add(own_removed_);
    touched_.add(own_added_);
    expand(transaction_, catalogue_, touched_origins_);
    for (const auto& [origin, expansion] : touched_origins_) {
        touch(expansion);
    }
    const std::string touched = has_touched_all_ ? everything_touched() : touched_.encoded();
    store::IndexWriter index{transaction_};
    reindex(transaction_, catalogue_, std::move(touched_), index);
    const std::uint32_t serial = store::raise_serial(transaction_, author_.at);
    index.finish(serial);
    return commit(coverage, serial, touched);
}

Result<store::ChangeId> ChangeSet::finish_rebuilt() {
    inverse_.keep_nothing(Inverse::Kind::Rebuilt);
    return commit({}, rebuild_index(transaction_, catalogue_, author_.at), everything_touched());
}

Result<store::ChangeId> ChangeSet::commit(const Coverage& coverage, std::uint32_t serial,
                                          const std::string& touched) {
    serial_ = serial;
    write_touched(transaction_, id_, touched);
    inverse_.finish(transaction_, id_, directory_);
    store::put_change(transaction_,
                      {id_, author_.at, author_.by, author_.command, coverage.addresses,
                       coverage.names, serial, false, takes_back_});
    for (const store::Change& other : marked_) {
        store::put_change(transaction_, other);
    }
    if (auto committed = transaction_.commit(); !committed) {
        return Unexpected{committed.error()};
    }
    inverse_.after_commit();
    return id_;
}

}  // namespace ostrakon::policy
