#include "ostrakon/compare/answer.hpp"

#include "ostrakon/dns/type_names.hpp"

#include "ostrakon/dns/protocol.hpp"

#include <fmt/format.h>

namespace ostrakon::compare {
namespace {

bool is_rcode(const Answer& answer, dns::Rcode rcode) {
    return answer.rcode == static_cast<std::uint16_t>(rcode);
}

bool is_verdict(const Answer& answer) {
    return answer.is_there &&
           (is_rcode(answer, dns::Rcode::NoError) || is_rcode(answer, dns::Rcode::NxDomain));
}

}  // namespace

std::string rcode_name(const Answer& answer) {
    if (!answer.is_there) {
        return "";
    }
    return dns::rcode_name(dns::Rcode{answer.rcode});
}

std::string_view to_string(Difference difference) {
    switch (difference) {
        case Difference::None:
            return "equal";
        case Difference::NoData:
            return "NXDOMAIN or NODATA";
        case Difference::ListedHere:
            return "listed here only";
        case Difference::ListedThere:
            return "listed there only";
        case Difference::Codes:
            return "other codes";
        case Difference::Texts:
            return "other texts";
        case Difference::Failure:
            return "refused or failed";
        case Difference::Unanswered:
            return "unanswered";
    }
    return "";
}

Difference difference_of(const Answer& ours, const Answer& theirs, bool with_texts) {
    if (!theirs.is_there) {
        return Difference::Unanswered;
    }
    if (!is_verdict(ours) || !is_verdict(theirs)) {
        return ours.is_there && ours.rcode == theirs.rcode ? Difference::None : Difference::Failure;
    }
    if (ours.has_records != theirs.has_records) {
        return ours.has_records ? Difference::ListedHere : Difference::ListedThere;
    }
    if (!ours.has_records) {
        return ours.rcode == theirs.rcode ? Difference::None : Difference::NoData;
    }
    if (ours.codes != theirs.codes) {
        return Difference::Codes;
    }
    return with_texts && ours.texts != theirs.texts ? Difference::Texts : Difference::None;
}

}  // namespace ostrakon::compare
