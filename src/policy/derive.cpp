#include "ostrakon/policy/derive.hpp"

#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/policy/patterns.hpp"

#include "set_builder.hpp"
#include "sweep.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

namespace ostrakon::policy {
namespace {

using store::Table;

template <class A>
void add_stretch(std::vector<Stretch<A>>& stretches, const Entry<A>& entry, LayerId layer,
                 net::Range<A> window) {
    stretches.push_back(
        {{std::max(entry.range.first, window.first), std::min(entry.range.last, window.last)},
         {layer, breadth_of(entry.range), entry.value}});
}

// The entries of one layer that are wider than a /16, read once for many buckets: those in its /8
// and those in /0.
struct WideEntries {
    std::optional<std::uint32_t> slash8;
    std::array<std::vector<Ipv4Entry>, 2> entries;  // level 8, level 0
    bool everywhere_read = false;
};

// What is listed of each AS or country, by its number: own listings, entries of feeds.
using HoldersOfOrigins = std::unordered_map<std::uint32_t, std::vector<Holder>>;

}  // namespace

struct Deriver::State {
    const store::Transaction& transaction;
    const Catalogue& catalogue;
    SetBuilder builder;
    std::vector<WideEntries> wide;           // per layer of the catalogue
    std::vector<LayerId> layers_with_names;  // found on the first call for names
    bool names_looked_for = false;
    std::vector<Stretch<net::Ipv4>> stretches4;
    std::vector<Stretch<net::Ipv6>> stretches6;
    std::array<HoldersOfOrigins, 2> listed_origins;  // by net::OriginKind
    bool origins_looked_for = false;

    void look_for_origins() {
        if (origins_looked_for) {
            return;
        }
        origins_looked_for = true;
        for (const auto& [origin, ids] : policy::listed_origins(transaction)) {
            for (const store::ListingId id : ids) {
                add_holder(origin, kOwnLayer, id);
            }
        }
        for (const Layer& layer : catalogue.layers()) {
            if (layer.id != kOwnLayer) {
                for_each_origin_entry(transaction, layer.id,
                                      [&](const net::Origin& origin, std::uint32_t value) {
                                          add_holder(origin, layer.id, value);
                                      });
            }
        }
    }
    void add_holder(const net::Origin& origin, LayerId layer, std::uint32_t value) {
        listed_origins[static_cast<std::size_t>(origin.kind)][origin.number].push_back(
            {layer, breadth_of(origin), value});
    }

    // Where maps say that a window has addresses of an AS or country that is listed.
    template <class A>
    void add_origins(net::Range<A> window, std::vector<Stretch<A>>& stretches) {
        look_for_origins();
        for (const net::OriginKind kind : net::kOriginKinds) {
            const HoldersOfOrigins& listed = listed_origins[static_cast<std::size_t>(kind)];
            if (listed.empty()) {
                continue;
            }
            for (const auto& [range, number] :
                 origin_ranges(transaction, catalogue, kind, window)) {
                const auto found = listed.find(number);
                if (found == listed.end()) {
                    continue;
                }
                for (const Holder& holder : found->second) {
                    stretches.push_back({range, holder});
                }
            }
        }
    }

    void read_block(LayerId layer, int level, net::Ipv4 block,
                    std::vector<Ipv4Entry>& entries) const {
        entries.clear();
        const auto bytes =
            transaction.get(Table::EntriesIpv4, BlockKey<net::Ipv4>{layer, level, block}.view());
        if (bytes) {
            for_each_in_block(*bytes, level, block,
                              [&](const Ipv4Entry& entry) { entries.push_back(entry); });
        }
    }

    // Every entry of a layer that may touch this /16.
    void add_layer(std::size_t index, net::Ipv4Range window, std::vector<Ipv4Entry>& buffer) {
        const LayerId layer = catalogue.layers()[index].id;
        WideEntries& known = wide[index];
        if (!known.everywhere_read) {
            read_block(layer, 0, net::Ipv4{0}, known.entries[1]);
            known.everywhere_read = true;
        }
        if (known.slash8 != window.first.bits >> 24) {
            read_block(layer, 8, net::prefix(window.first, 8).first, known.entries[0]);
            known.slash8 = window.first.bits >> 24;
        }
        read_block(layer, 16, window.first, buffer);
        for (const std::vector<Ipv4Entry>* entries :
             {&buffer, &known.entries[0], &known.entries[1]}) {
            for (const Ipv4Entry& entry : *entries) {
                if (entry.range.overlaps(window)) {
                    add_stretch(stretches4, entry, layer, window);
                }
            }
        }
    }

    void look_for_names() {
        if (names_looked_for) {
            return;
        }
        names_looked_for = true;
        store::Cursor cursor{transaction, Table::EntriesName};
        for (const Layer& layer : catalogue.layers()) {
            const std::string prefix = name_entry_key(layer.id, "");
            if (cursor.seek(prefix) && cursor.key().starts_with(prefix)) {
                layers_with_names.push_back(layer.id);
            }
        }
    }
};

Deriver::Deriver(const store::Transaction& transaction, const Catalogue& catalogue,
                 SetInterner& interner)
    : state_(new State{transaction,
                       catalogue,
                       SetBuilder{transaction, catalogue, interner},
                       {},
                       {},
                       false,
                       {},
                       {},
                       {},
                       false}) {
    state_->wide.resize(catalogue.layers().size());
}
Deriver::~Deriver() = default;

std::vector<store::Ipv4Segment> Deriver::ipv4(std::uint32_t upper) {
    const net::Ipv4Range window = net::prefix(net::Ipv4{upper << 16}, 16);
    state_->stretches4.clear();
    std::vector<Ipv4Entry> buffer;
    for (std::size_t i = 0; i < state_->catalogue.layers().size(); ++i) {
        state_->add_layer(i, window, buffer);
    }
    state_->add_origins(window, state_->stretches4);
    std::vector<store::Ipv4Segment> segments;
    sweep(state_->stretches4, window, state_->builder, [&](net::Ipv4 start, SetId set) {
        segments.push_back({static_cast<std::uint16_t>(start.bits), set});
    });
    return segments;
}

std::vector<store::Ipv6Segment> Deriver::ipv6(net::Ipv6Range window) {
    state_->stretches6.clear();
    std::vector<Ipv6Entry> entries;
    for (const Layer& layer : state_->catalogue.layers()) {
        entries.clear();
        collect_entries(state_->transaction, layer.id, window, entries);
        for (const Ipv6Entry& entry : entries) {
            add_stretch(state_->stretches6, entry, layer.id, window);
        }
    }
    state_->add_origins(window, state_->stretches6);
    std::vector<store::Ipv6Segment> segments;
    sweep(state_->stretches6, window, state_->builder, [&](net::Ipv6 start, SetId set) {
        segments.push_back({start, set});
    });
    return segments;
}

namespace {

// An entry with its key in the index.
struct LayeredName {
    NameEntry entry;
    LayerId layer = kOwnLayer;
    bool is_mail = false;
};

// What holds at a name and what of it holds below.
struct NameHolders {
    std::vector<Holder> self, below;

    void add(LayerId layer, NameScope scope, std::uint32_t value, std::size_t labels) {
        const Holder holder{layer, breadth_of_name(scope == NameScope::Exact, labels), value};
        if (scope != NameScope::Below) {
            self.push_back(holder);
        }
        if (scope != NameScope::Exact) {
            below.push_back(holder);
        }
    }
};

// A node on the path from the root to where the walk is.
struct PathNode {
    std::string key;
    std::size_t labels = 0;
    std::vector<Holder> below;  // final: with what its parents give
};

}  // namespace

void Deriver::names(
    std::string_view subtree,
    const std::function<void(const std::string& key, const store::NameNode&)>& emit) {
    state_->look_for_names();
    std::vector<PathNode> path;
    for (std::size_t labels = 1; labels < dns::key_label_count(subtree); ++labels) {
        const std::string ancestor{subtree.substr(0, dns::key_prefix_size(subtree, labels))};
        NameHolders holders;
        bool exists = false;
        for (const LayerId layer : state_->layers_with_names) {
            if (const auto bytes =
                    state_->transaction.get(Table::EntriesName, name_entry_key(layer, ancestor))) {
                exists = true;
                for_each_name_entry(*bytes, [&](NameScope scope, std::uint32_t value) {
                    holders.add(layer, scope, value, labels);
                });
            }
        }
        if (exists) {
            if (!path.empty()) {
                holders.below.insert(holders.below.end(), path.back().below.begin(),
                                     path.back().below.end());
            }
            keep_most_specific(holders.below);
            path.push_back({ancestor, labels, std::move(holders.below)});
        }
    }
    std::vector<LayeredName> found;
    store::Cursor cursor{state_->transaction, Table::EntriesName};
    for (const LayerId layer : state_->layers_with_names) {
        const std::string prefix = name_entry_key(layer, subtree);
        for (bool more = cursor.seek(prefix); more && cursor.key().starts_with(prefix);
             more = cursor.next()) {
            const std::string_view entry_key = cursor.key().substr(sizeof(LayerId));
            if (entry_key.empty() || is_origin_entry_key(entry_key)) {  // free patterns have none
                continue;
            }
            const std::string_view key = index_key_of(entry_key);
            const bool is_mail = key.size() != entry_key.size();
            for_each_name_entry(cursor.value(), [&](NameScope scope, std::uint32_t value) {
                found.push_back({{std::string{key}, scope, value}, layer, is_mail});
            });
        }
    }
    std::sort(found.begin(), found.end(),
              [](const LayeredName& a, const LayeredName& b) { return a.entry.key < b.entry.key; });
    for (auto group = found.begin(); group != found.end();) {
        const std::string& key = group->entry.key;
        const std::size_t labels = dns::key_label_count(key);
        while (!path.empty() && !key.starts_with(path.back().key)) {
            path.pop_back();
        }
        NameHolders holders;
        bool is_name = false;  // not only the hash of a mail address, which has nothing below it
        auto next = group;
        for (; next != found.end() && next->entry.key == key; ++next) {
            holders.add(next->layer, next->entry.scope, next->entry.value, labels);
            is_name = is_name || !next->is_mail;
        }
        store::NameNode node;
        if (!path.empty()) {
            const std::vector<Holder>& parents = path.back().below;
            holders.self.insert(holders.self.end(), parents.begin(), parents.end());
            holders.below.insert(holders.below.end(), parents.begin(), parents.end());
            node.ancestor_labels = static_cast<std::uint8_t>(path.back().labels);
        }
        keep_most_specific(holders.self);
        keep_most_specific(holders.below);
        node.self = state_->builder.id_of(holders.self);
        node.below = state_->builder.id_of(holders.below);
        emit(key, node);
        if (is_name) {
            path.push_back({key, labels, std::move(holders.below)});
        }
        group = next;
    }
}

void Deriver::patterns(const std::function<void(const std::string& pattern, SetId set)>& emit) {
    for (const auto& [pattern, ids] : free_patterns(state_->transaction)) {
        std::vector<Holder> holders;
        for (const store::ListingId id : ids) {
            holders.push_back({kOwnLayer, breadth_of_pattern(pattern), id});
        }
        if (const SetId set = state_->builder.id_of(holders); set != 0) {
            emit(pattern, set);
        }
    }
}

}  // namespace ostrakon::policy
