// What ostrakond would answer from this database and configuration, to a client that every zone
// lets in.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/compare/messages.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/responder/respond.hpp"
#include "ostrakon/store/environment.hpp"

#include <memory>
#include <span>

namespace ostrakon::compare {

/// Whether the name is in a zone of the rulebook, or is its apex.
bool is_in_zone(const verdict::Rulebook& rulebook, const dns::Name& name);

class OwnSide {
public:
    /// `environment` outlives it. [access] query of the zones is left aside: anybody may ask.
    OwnSide(std::shared_ptr<verdict::Rulebook> rulebook, store::Environment& environment);

    /// The answer of now, whole however long it is.
    Result<Bytes> answer_to(std::span<const std::uint8_t> query);

private:
    responder::Site site_;
    verdict::Judge judge_;
    Bytes buffer_;
};

}  // namespace ostrakon::compare
