// Verdict sets: all that is listed for one stretch of addresses or one name, independent of any
// zone.
//
// The index points to sets by id; each distinct content is kept once. Sets table. Key: id, an
// integer key of 32 bits. Value: items of kSetItemSize bytes, in canonical order. SetIds: hash of
// the content, an integer key of 64 bits → u32 ids. Globs that items name have numbers likewise:
// Globs table, an integer key of 32 bits → the glob; GlobIds: the glob → its number, u32.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/net/origin.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/ipv4_bucket.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ostrakon::policy {

using store::SetId;

/// One listing or entry as far as answers depend on it.
struct SetItem {
    LayerId layer = kOwnLayer;
    ClassId listing_class = kFeedsClass;
    std::uint8_t rank =
        0;  ///< Within its layer; 0 is the most specific, equal ranks are equally specific.
    bool is_exception = false;  ///< "!" in a feed; class allow in a feed that isn't of class allow
                                ///< counts as one too.
    bool overrides_never = false;  ///< An own ban made with --override.
    net::Ipv4 code;                ///< 0: none of its own.
    std::int64_t end = 0;          ///< Seconds; 0: none.
    std::uint32_t glob =
        0;  ///< Number of the glob that a name must match for this to hold; 0: none.
    friend constexpr auto operator<=>(const SetItem&, const SetItem&) = default;

    bool is_alive(UnixTime now) const noexcept { return end == 0 || now.seconds < end; }
    bool is_own_allow() const noexcept {
        return layer == kOwnLayer && listing_class == kAllowClassId;
    }
};

/// How wide a subject is; smaller is more specific. Only subjects of one kind are compared.
using Breadth = net::Uint128;

/// Any range is more specific than an AS, and any AS than a country. (Of ranges, only those that
/// lack no more than two addresses of all IPv6 are equals.)
inline constexpr Breadth kBreadthOfCountry = ~Breadth{0};
inline constexpr Breadth kBreadthOfAs = kBreadthOfCountry - 1;

template <class A>
constexpr Breadth breadth_of(net::Range<A> range) {
    const Breadth breadth{range.last.bits - range.first.bits};
    return breadth < kBreadthOfAs ? breadth : kBreadthOfAs - 1;
}
constexpr Breadth breadth_of(const net::Origin& origin) {
    return origin.kind == net::OriginKind::As ? kBreadthOfAs : kBreadthOfCountry;
}
/// `=name` is the most specific; else more labels are.
constexpr Breadth breadth_of_name(bool is_exact, std::size_t labels) {
    return is_exact ? 0 : 1024 - labels;
}

/// A listing or entry that holds, before it is ranked among the others.
struct Candidate {
    SetItem item;  ///< Its rank is not set yet.
    Breadth breadth = 0;
};

/// Ranks the candidates, drops those that can never change an answer, and sorts what is left: equal
/// situations give equal content. Bounded: at most kSetItemsMax, the most specific ones of each
/// layer.
std::vector<SetItem> make_set(std::vector<Candidate>& candidates);

inline constexpr std::size_t kSetItemsMax = 255;
inline constexpr std::size_t kSetItemSize = 20;
/// The highest number of a glob: an item has 24 bits for it, and 40 for its end.
inline constexpr std::uint32_t kGlobMax = (1U << 24) - 1;
inline constexpr unsigned kEndBits = 40;

std::string encode_set(const std::vector<SetItem>& items);

/// Reads item number `index` of a set as it lies in the database.
inline SetItem load_set_item(std::string_view bytes, std::size_t index) noexcept {
    const char* at = bytes.data() + kSetItemSize * index;
    SetItem item;
    item.layer = store::load_raw<LayerId>(at);
    item.listing_class = store::load_raw<ClassId>(at + 4);
    item.rank = store::load_raw<std::uint8_t>(at + 6);
    const auto flags = store::load_raw<std::uint8_t>(at + 7);
    item.is_exception = (flags & 1U) != 0;
    item.overrides_never = (flags & 2U) != 0;
    item.code = net::Ipv4{store::load_raw<std::uint32_t>(at + 8)};
    const auto end_and_glob = store::load_raw<std::uint64_t>(at + 12);
    item.end = static_cast<std::int64_t>(end_and_glob & ((std::uint64_t{1} << kEndBits) - 1));
    item.glob = static_cast<std::uint32_t>(end_and_glob >> kEndBits);
    return item;
}

/// Gives ids to contents: the database's own when it is written, private ones when it is checked.
class SetInterner {
public:
    virtual ~SetInterner() = default;
    /// 0 for the empty content; otherwise the same id for the same bytes.
    SetId id_of(const std::string& content);
    /// The number of a glob, the same for the same one.
    virtual std::uint32_t glob_number(std::string_view glob) = 0;

protected:
    virtual SetId find_or_add(const std::string& content) = 0;

private:
    std::unordered_map<std::string, SetId> known_;
};

/// Keeps contents in the database. Ids are never given twice.
class DatabaseSetInterner : public SetInterner {
public:
    explicit DatabaseSetInterner(store::WriteTransaction& transaction)
        : transaction_(transaction) {}
    std::uint32_t glob_number(std::string_view glob) override;

protected:
    SetId find_or_add(const std::string& content) override;

private:
    store::WriteTransaction& transaction_;
};

/// Keeps nothing but the numbers. A glob has the one that the database knows, or else one that it
/// does not.
class PrivateSetInterner : public SetInterner {
public:
    explicit PrivateSetInterner(const store::Transaction& transaction)
        : transaction_(transaction) {}
    std::uint32_t glob_number(std::string_view glob) override;

protected:
    SetId find_or_add(const std::string& content) override;

private:
    const store::Transaction& transaction_;
    std::unordered_map<std::string, SetId> ids_;
    std::unordered_map<std::string, std::uint32_t> unknown_globs_;
};

/// The content of a set; empty for 0 or an id that is not there.
std::string_view read_set(const store::Transaction& transaction, SetId id) noexcept;

/// The glob of that number; empty if it is not there. Borrowed from the transaction.
std::string_view read_glob(const store::Transaction& transaction, std::uint32_t number) noexcept;

}  // namespace ostrakon::policy
