// Own listings as records: by id, by subject.
//
// Listings table. Key: id, u32, most significant byte first. Subjects table. Key: the canonical
// spelling (its first kSubjectKeySizeMax bytes), of a mail address its hash. Value: u32 ids,
// ascending.
#pragma once

#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/store/transaction.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

inline constexpr std::size_t kSubjectKeySizeMax = 500;

/// A listing's key, on the stack.
class ListingKey {
public:
    explicit ListingKey(store::ListingId id) noexcept {
        for (std::size_t i = 0; i < bytes_.size(); ++i) {
            bytes_[i] = static_cast<char>(id >> (24 - 8 * i));
        }
    }
    std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }

private:
    std::array<char, sizeof(store::ListingId)> bytes_{};
};

/// Borrowed from the transaction. Allocates nothing.
std::optional<store::ListingView> view_own_listing(const store::Transaction& transaction,
                                                   store::ListingId id) noexcept;

std::optional<store::Listing> read_listing(const store::Transaction& transaction,
                                           store::ListingId id);
void write_listing(store::WriteTransaction& transaction, const store::Listing& listing);
/// Writes one whose id is the highest.
void write_new_listing(store::WriteTransaction& transaction, const store::Listing& listing);

/// All own listings that this subject ever had, oldest first; a mail address and its hash are one.
std::vector<store::Listing> read_listings_of(const store::Transaction& transaction,
                                             std::string_view subject);
/// Adds the id of a new listing to its subject.
void add_to_subject(store::WriteTransaction& transaction, std::string_view subject,
                    store::ListingId id);

}  // namespace ostrakon::policy
