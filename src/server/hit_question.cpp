#include "hit_question.hpp"

#include "ostrakon/base/assert.hpp"

#include <algorithm>
#include <cstring>

namespace ostrakon::server {
namespace {

template <class A>
A address_of(const HitQuestion& question) {
    A address;
    OSTRAKON_ASSERT(question.bytes.size() == sizeof address.bits);
    std::memcpy(&address.bits, question.bytes.data(), sizeof address.bits);
    return address;
}

// The labels from the right, as the index has them.
std::string_view reversed_labels(std::string_view wire, dns::KeyBuffer& key) {
    OSTRAKON_ASSERT(wire.size() <= key.size());
    char* at = key.data() + wire.size();
    for (dns::Labels labels{wire}; !labels.empty();) {
        const std::string_view label = labels.pop_front();
        at -= label.size() + 1;
        *at = static_cast<char>(label.size());
        std::copy(label.begin(), label.end(), at + 1);
    }
    return {key.data(), wire.size()};
}

}  // namespace

std::string key_of(const Hit& hit) {
    std::string key;
    key.reserve(sizeof hit.zone + 1 + hit.size);
    key.append(reinterpret_cast<const char*>(&hit.zone), sizeof hit.zone);  // NOLINT: bytes
    key.push_back(static_cast<char>(hit.subject));
    key.append(hit.view());
    return key;
}

verdict::Subject subject_of(const HitQuestion& question, dns::KeyBuffer& key) {
    switch (question.subject) {
        case Hit::Subject::Ipv4:
            return address_of<net::Ipv4>(question);
        case Hit::Subject::Ipv6:
            return address_of<net::Ipv6>(question);
        case Hit::Subject::Name:
            break;
    }
    return verdict::NameKey{reversed_labels(question.bytes, key)};
}

}  // namespace ostrakon::server
