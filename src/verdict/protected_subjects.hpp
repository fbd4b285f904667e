// What [protect] never lets be listed, as the hot path asks for it.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ostrakon::verdict {

class ProtectedSubjects {
public:
    /// Takes over what is protected.
    void follow(const config::ProtectSettings& protect) {
        ipv4_ = protect.never_ipv4;
        ipv6_ = protect.never_ipv6;
        names_.clear();
        for (const dns::Name& name : protect.never_names) {
            names_.push_back(dns::reversed_key(name));
        }
    }

    bool hold(const Subject& subject) const noexcept {
        if (const auto* v4 = std::get_if<net::Ipv4>(&subject)) {
            return is_in(ipv4_, *v4);
        }
        if (const auto* v6 = std::get_if<net::Ipv6>(&subject)) {
            return is_in(ipv6_, *v6);
        }
        const std::string_view key = std::get<NameKey>(subject).bytes;
        return std::any_of(names_.begin(), names_.end(),
                           [&](const std::string& held) { return key.starts_with(held); });
    }

private:
    template <class A>
    static bool is_in(const std::vector<net::Range<A>>& sorted, A address) noexcept {
        const auto after = std::upper_bound(
            sorted.begin(), sorted.end(), address,
            [](A wanted, const net::Range<A>& range) { return wanted < range.first; });
        return after != sorted.begin() && std::prev(after)->contains(address);
    }

    std::vector<net::Range<net::Ipv4>> ipv4_;  // sorted
    std::vector<net::Range<net::Ipv6>> ipv6_;  // sorted
    std::vector<std::string> names_;           // keys
};

}  // namespace ostrakon::verdict
