#include "name_records.hpp"

#include "ostrakon/dns/name.hpp"

#include <algorithm>

namespace ostrakon::transfer {
namespace {

constexpr std::string_view kWildcardLabel{"\x01*", 2};

// How many labels two keys have in common from the front.
std::size_t common_label_count(std::string_view a, std::string_view b) {
    std::size_t labels = 0;
    for (std::size_t at = 0; at < a.size() && at < b.size(); ++labels) {
        const std::size_t size = static_cast<std::uint8_t>(a[at]) + 1U;
        if (a.substr(at, size) != b.substr(at, size)) {
            break;
        }
        at += size;
    }
    return labels;
}

}  // namespace

bool NameRecords::make_some() {
    while (queue_.is_empty()) {
        const ListedName* const name = names_.next();
        if (name == nullptr) {
            return false;
        }
        add(*name);
    }
    return true;
}

void NameRecords::add(const ListedName& name) {
    while (!path_.empty() && !name.key.starts_with(path_.back().key)) {
        path_.pop_back();
    }
    const bool has_record = name.self || name.below || name.is_fixed;
    if (has_record || name.cover) {
        add_way_to(name);
        add_node(name.key, name.self, name.below);
        if (!has_record) {
            queue_.add_placeholder(owner_of_key(name.key));
        }
        last_written_ = name.key;
    }
    path_.push_back({name.key, name.below});
}

// Nodes above the name that exist from now on: what covers them stands at them, too.
void NameRecords::add_way_to(const ListedName& name) {
    const std::size_t labels = dns::key_label_count(name.key);
    for (std::size_t i = common_label_count(last_written_, name.key) + 1; i < labels; ++i) {
        const std::string_view key =
            std::string_view{name.key}.substr(0, dns::key_prefix_size(name.key, i));
        const auto above = std::find_if(path_.rbegin(), path_.rend(), [&](const Above& one) {
            return one.key.size() <= key.size();
        });
        if (above != path_.rend() && above->below) {
            add_node(key, above->below, above->below);
        }
    }
}

void NameRecords::add_node(std::string_view key, const AnswerPtr& self, const AnswerPtr& below) {
    const std::string owner = owner_of_key(key);
    if (self) {
        queue_.add_answer(owner, *self);
    }
    if (below) {
        queue_.add_answer(std::string{kWildcardLabel} + owner, *below);
    }
}

}  // namespace ostrakon::transfer
