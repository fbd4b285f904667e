// A time that may be missing, as a field of a record. Included by this module's sources only.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/store/codec.hpp"

#include <cstdint>
#include <optional>

namespace ostrakon::policy {

/// A missing one is written as 0, at which nothing happens.
inline void put_maybe_time(store::Encoder& encoder, const std::optional<UnixTime>& time) {
    encoder.number(time ? static_cast<std::uint64_t>(time->seconds) : 0);
}
inline std::optional<UnixTime> take_maybe_time(store::Decoder& decoder) {
    const auto seconds = static_cast<std::int64_t>(decoder.number());
    return seconds == 0 ? std::nullopt : std::optional{UnixTime{seconds}};
}

}  // namespace ostrakon::policy
