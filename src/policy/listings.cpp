#include "ostrakon/policy/listings.hpp"

#include "ostrakon/store/codec.hpp"

namespace ostrakon::policy {
namespace {

using store::Table;

// A mail address and its hash are one subject.
std::string subject_key(std::string_view subject) {
    if (subject.find('@') != std::string_view::npos) {
        if (const auto mail = parse_mail_address(subject)) {
            return mail->hash;
        }
    }
    return std::string{subject.substr(0, kSubjectKeySizeMax)};
}

bool is_same_subject(std::string_view a, std::string_view b) {
    const bool may_be_mail =
        a.find('@') != std::string_view::npos || b.find('@') != std::string_view::npos;
    return a == b || (may_be_mail && subject_key(a) == subject_key(b));
}

}  // namespace

std::optional<store::ListingView> view_own_listing(const store::Transaction& transaction,
                                                   store::ListingId id) noexcept {
    const auto bytes = transaction.get(Table::Listings, ListingKey{id}.view());
    return bytes ? store::view_listing(*bytes) : std::nullopt;
}

std::optional<store::Listing> read_listing(const store::Transaction& transaction,
                                           store::ListingId id) {
    const auto bytes = transaction.get(Table::Listings, ListingKey{id}.view());
    return bytes ? store::decode_listing(id, *bytes) : std::nullopt;
}

void write_listing(store::WriteTransaction& transaction, const store::Listing& listing) {
    transaction.put(Table::Listings, ListingKey{listing.id}.view(), store::encode(listing));
}

void write_new_listing(store::WriteTransaction& transaction, const store::Listing& listing) {
    transaction.append(Table::Listings, ListingKey{listing.id}.view(), store::encode(listing));
}

std::vector<store::Listing> read_listings_of(const store::Transaction& transaction,
                                             std::string_view subject) {
    std::vector<store::Listing> listings;
    const std::string key = subject_key(subject);
    const auto ids = transaction.get(Table::Subjects, key);
    for (std::size_t at = 0; ids && at + sizeof(store::ListingId) <= ids->size();
         at += sizeof(store::ListingId)) {
        auto listing =
            read_listing(transaction, store::load_raw<store::ListingId>(ids->data() + at));
        if (listing && is_same_subject(listing->subject, subject)) {
            listings.push_back(std::move(*listing));
        }
    }
    return listings;
}

void add_to_subject(store::WriteTransaction& transaction, std::string_view subject,
                    store::ListingId id) {
    const std::string key = subject_key(subject);
    std::string ids{transaction.get(Table::Subjects, key).value_or(std::string_view{})};
    store::append_raw(ids, id);
    transaction.put(Table::Subjects, key, ids);
}

}  // namespace ostrakon::policy
