// A model of a plain authoritative server with one zone: RFC 1034 §4.3.2, wildcards as RFC 4592
// says. It knows nothing of how the zone was made.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ostrakon::test {

/// What the server would say. Data is compared without regard to order.
struct ModelAnswer {
    enum class Kind : std::uint8_t { Data, NoData, NxDomain, Referral } kind = Kind::NxDomain;
    std::set<std::string> rdata;
    bool is_by_wildcard = false;
};

/// Owners are relative to the origin, lower-case, in wire form without the root's zero byte.
class AuthorityModel {
public:
    void add(std::string_view owner, std::uint16_t type, std::string_view rdata) {
        nodes_[std::string{owner}][type].insert(std::string{rdata});
        for (std::string_view name = owner; !name.empty();) {
            name = parent_of(name);
            nodes_[std::string{name}];  // an empty non-terminal exists
        }
    }

    ModelAnswer ask(std::string_view owner, std::uint16_t type) const {
        for (std::string_view name = owner; !name.empty(); name = parent_of(name)) {
            const auto cut = nodes_.find(std::string{name});
            if (cut != nodes_.end() && cut->second.contains(kNs)) {
                return {ModelAnswer::Kind::Referral, {}, false};
            }
        }
        if (const auto node = nodes_.find(std::string{owner}); node != nodes_.end()) {
            return of_node(node->second, type, false);
        }
        std::string_view encloser = parent_of(owner);
        while (!nodes_.contains(std::string{encloser})) {
            encloser = parent_of(encloser);
        }
        const auto wildcard = nodes_.find(std::string{"\x01*"} + std::string{encloser});
        return wildcard == nodes_.end() ? ModelAnswer{} : of_node(wildcard->second, type, true);
    }

    std::size_t size() const { return nodes_.size(); }

private:
    using Node = std::map<std::uint16_t, std::set<std::string>>;
    static constexpr std::uint16_t kNs = 2;

    static std::string_view parent_of(std::string_view name) {
        return name.substr(static_cast<std::uint8_t>(name.front()) + std::size_t{1});
    }
    static ModelAnswer of_node(const Node& node, std::uint16_t type, bool is_by_wildcard) {
        const auto found = node.find(type);
        if (found == node.end()) {
            return {ModelAnswer::Kind::NoData, {}, is_by_wildcard};
        }
        return {ModelAnswer::Kind::Data, found->second, is_by_wildcard};
    }

    std::unordered_map<std::string, Node> nodes_;
};

}  // namespace ostrakon::test
