// Values: what an entry of a feed says about its subject. Each distinct one is kept once per layer.
//
// Values table. Key: id, u32, most significant byte first. ValueIds: hash of layer and content →
// u32 ids.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::policy {

/// Stands in a feed's text where the subject of the answer belongs: the address asked for, or the
/// name listed. No other control character gets into a text.
inline constexpr char kSubjectMark = '\x01';

/// Borrowed text; the rest by value.
struct Value {
    LayerId layer = kOwnLayer;
    ClassId listing_class = kFeedsClass;
    net::Ipv4 code;                  ///< 0: none of its own.
    std::int64_t until_seconds = 0;  ///< 0: no end.
    bool is_exception = false;
    std::string_view text;
};

/// A feed's text for people who look at the entry, not at an answer: "$" for each mark.
std::string shown_text(std::string_view text);

/// Reads a value; nothing if there is no such id. The text is valid as long as Transaction::get's
/// values. Allocates nothing.
std::optional<Value> read_value(const store::Transaction& transaction, std::uint32_t id) noexcept;

/// A value's record, to be kept and given back to ValueWriter::restore; empty where there is none.
std::string value_record(const store::Transaction& transaction, std::uint32_t id);

/// The id of a value that the database has.
std::optional<std::uint32_t> find_value(const store::Transaction& transaction, const Value& value);

/// Writes values within one write transaction.
class ValueWriter {
public:
    explicit ValueWriter(store::WriteTransaction& transaction) : transaction_(transaction) {}
    /// Gives an id, higher than any before, to a value that is known not to be there. To be
    /// followed by finish().
    std::uint32_t add(const Value& value);
    /// The id of the value that value_record gave: the one that is there, else a new one. Nothing
    /// for what is no record of this layer.
    std::optional<std::uint32_t> restore(LayerId layer, std::string_view record);
    /// Makes all that was added findable by its content, which is faster than one by one.
    void finish();
    /// Forgets a value that no entry has any more.
    void remove(std::uint32_t id);

private:
    store::WriteTransaction& transaction_;
    std::vector<std::pair<std::string, std::uint32_t>> added_;  // hash_key, id
};

}  // namespace ostrakon::policy
