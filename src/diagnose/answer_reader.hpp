// What an answer says about a name, as values: follows its CNAME records and keeps within bounds.
// Included by this module's sources only.
#pragma once

#include "ostrakon/diagnose/exchange.hpp"
#include "ostrakon/diagnose/resolver.hpp"
#include "ostrakon/ldns/library.hpp"

#include <span>

namespace ostrakon::diagnose {

/// A question as bytes, with recursion desired; empty where ldns cannot make one.
Bytes write_query(const ldns::Library& ldns, const dns::Name& name, RecordType type,
                  std::uint16_t id);

/// Reads an answer about `name`. What `name` is an alias of is in the answer's aliases; where it
/// leads to a name about which the answer says nothing, the kind is NoRecords.
Answer read_answer(const ldns::Library& ldns, std::span<const std::uint8_t> bytes,
                   const dns::Name& name, RecordType type);

}  // namespace ostrakon::diagnose
