// One question that own listings answered, and how often it was asked.
#pragma once

#include "ostrakon/server/hit_ring.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <cstdint>
#include <string>

namespace ostrakon::server {

struct HitQuestion {
    Hit::Subject subject = Hit::Subject::Ipv4;
    std::uint32_t zone = 0;
    std::string bytes;  ///< As in Hit.
    std::uint64_t count = 0;
};

/// The same for the same question.
std::string key_of(const Hit& hit);

/// What the judge is asked. A name lies in `key`.
verdict::Subject subject_of(const HitQuestion& question, dns::KeyBuffer& key);

}  // namespace ostrakon::server
