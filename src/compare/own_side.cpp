#include "ostrakon/compare/own_side.hpp"

#include <algorithm>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr net::Ipv4 kLoopback{0x7F000001};

std::shared_ptr<verdict::Rulebook> open_to_all(std::shared_ptr<verdict::Rulebook> rulebook) {
    for (zone::Zone& zone : rulebook->zones) {
        zone.query_access.any = true;
    }
    return rulebook;
}

}  // namespace

bool is_in_zone(const verdict::Rulebook& rulebook, const dns::Name& name) {
    return std::any_of(rulebook.zones.begin(), rulebook.zones.end(),
                       [&](const zone::Zone& zone) { return name.is_at_or_below(zone.origin); });
}

OwnSide::OwnSide(std::shared_ptr<verdict::Rulebook> rulebook, store::Environment& environment)
    : site_(open_to_all(std::move(rulebook)), {}),
      judge_(environment, site_.shared_rulebook()),
      buffer_(responder::kTcpAnswerSizeMax) {}

Result<Bytes> OwnSide::answer_to(std::span<const std::uint8_t> query) {
    if (!judge_.renew()) {
        return Unexpected{Error{ErrorCode::Store, "answer from the database",
                                "it cannot be read any more",
                                "`ostrakon check` says what is wrong with it"}};
    }
    const std::size_t size = responder::respond(query, {kLoopback, responder::Transport::Tcp},
                                                site_, judge_, true, now(), buffer_);
    judge_.reset();
    return Bytes{buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace ostrakon::compare
