// What answering needs of the configuration, worked out once for each generation of it.
//
// Names lie in tables in wire form, lower-cased, which is how a question's name is kept, too: an
// origin, or any other name above it, is an end of it that starts at a label.
#pragma once

#include "ostrakon/dns/labels.hpp"
#include "ostrakon/dns/message_writer.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/partner/key_table.hpp"
#include "ostrakon/responder/name_table.hpp"
#include "ostrakon/responder/respond.hpp"
#include "ostrakon/zone/test_point.hpp"
#include "ostrakon/zone/zone.hpp"

#include <bitset>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace ostrakon::responder {

/// The names with so many labels that a table holds: what makes most questions need no look into
/// it.
using LabelCounts = std::bitset<dns::kLabelsMax + 1>;

/// A name that the configuration puts into a zone: with addresses ([a]), or only on the way to
/// something below it.
struct Node {
    std::uint32_t ttl_s = 0;
    std::vector<net::Ipv4> a;
    std::vector<net::Ipv6> aaaa;

    bool has_addresses() const noexcept { return !a.empty() || !aaaa.empty(); }
};

/// The addresses of a name server of the zone that lies in it.
struct Glue {
    const dns::Name* owner;  ///< In the zone's ns.
    const Node* node;
};

/// Who may ask, ready to be searched.
class QueryFilter {
public:
    explicit QueryFilter(const zone::QueryAccess& access);
    bool admits(const net::Address& client) const noexcept;

private:
    bool any_;
    std::vector<net::Ipv4Range> ipv4_;  ///< Sorted, disjoint.
    std::vector<net::Ipv6Range> ipv6_;
};

inline constexpr UnixTime kNever{std::numeric_limits<std::int64_t>::max()};

/// For how long resolvers may remember that a retired zone has nothing; few keep it so long.
inline constexpr std::uint32_t kRetiredNegativeTtlSeconds = 86400;

/// Who may take a zone from here.
class PeerFilter {
public:
    /// `keys` are those that the zone may name; borrowed.
    PeerFilter(const std::vector<zone::TransferPeer>& peers,
               const std::vector<const tsig::Key*>& keys);
    /// `signer` is the key that the question was rightly signed with; null: none.
    bool admits(const net::Address& client, const tsig::Key* signer) const noexcept;

private:
    struct Peer {
        std::optional<net::AddressRange> address;
        bool needs_key = false;
        const tsig::Key* key = nullptr;  ///< Null where it is not known: then nobody has it.
    };
    std::vector<Peer> peers_;
};

/// One zone of the rulebook, or the catalog.
struct PreparedZone {
    const zone::Zone* zone = nullptr;
    std::size_t number = 0;  ///< In the rulebook.
    std::size_t origin_labels = 0;
    std::optional<std::size_t> outer = std::nullopt;  ///< The zone that this one is nested in.
    QueryFilter clients;
    PeerFilter secondaries;
    std::uint32_t negative_soa_ttl_s = 0;
    dns::PreparedSoa soa;
    zone::TestPoints test_points = {};
    LabelCounts node_label_counts = {};  ///< Of all names of this zone in Site::Prepared::nodes.
    const Node* apex = nullptr;          ///< Addresses at the origin; null if it has none.
    std::vector<Glue> glue = {};
    std::shared_ptr<const partner::KeyTable> keys = nullptr;  ///< Null in a zone without keys_file.
    UnixTime retired = kNever;
    dns::PreparedSoa retired_soa;  ///< What negative answers say from then on.

    /// Whether it lists nothing any more.
    bool is_retired(UnixTime now) const noexcept { return now >= retired; }
};

struct Site::Prepared {
    std::shared_ptr<const verdict::Rulebook> rulebook;
    ResponderSettings settings;
    std::vector<PreparedZone> zones;               ///< In the rulebook's order.
    NameTable<std::size_t> origins;                ///< Origin → zone.
    std::vector<std::size_t> origin_label_counts;  ///< Of all origins, each once, descending.
    NameTable<Node> nodes;
    std::shared_ptr<const SecondarySettings> secondaries;  ///< Never null.
    std::unique_ptr<const zone::Zone> catalog_zone;  ///< With it `catalog`; null: there is none.
    std::optional<PreparedZone> catalog;

    /// The zone with the longest origin that the name ends in; null if there is none.
    const PreparedZone* find_zone(const dns::QuestionName& name) const noexcept;
    /// The node of the name that has the leftmost `subject_labels` labels of `name`, and then the
    /// origin of `zone`; null if the configuration does not know it.
    const Node* find_node(const PreparedZone& zone, const dns::QuestionName& name,
                          std::size_t subject_labels) const noexcept;
    /// The key of this name, in wire form, that may sign questions for `zone` (null: for none, or
    /// the catalog); null: there is none.
    const tsig::Key* find_key(const PreparedZone* zone, std::string_view name) const noexcept;
    /// The catalog, where that is its origin; else null.
    const PreparedZone* find_catalog(const dns::QuestionName& name) const noexcept;
};

}  // namespace ostrakon::responder
