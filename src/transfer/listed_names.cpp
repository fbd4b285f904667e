#include "ostrakon/transfer/listed_names.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/policy/mail_address.hpp"
#include "ostrakon/responder/query_text.hpp"
#include "ostrakon/store/name_node.hpp"

namespace ostrakon::transfer {
namespace {

// A label that no listing has, in front of a key: stands for all names below it without a node.
constexpr std::string_view kAnyLabel{"\x01\x00", 2};

std::string key_of_label(std::string_view label) {
    return static_cast<char>(label.size()) + std::string{label};
}

bool is_key_of_address(std::string_view key) {
    const std::string_view first = key.substr(1, static_cast<std::uint8_t>(key.front()));
    return dns::is_address_label(first);
}

}  // namespace

std::string owner_of_key(std::string_view key) {
    const std::string wire{dns::name_from_key(key).wire()};
    return wire.substr(0, wire.size() - 1);
}

ListedNames::ListedNames(Contents& contents, const std::vector<std::string>* subtrees)
    : contents_(contents),
      table_(contents.transaction(), store::Table::IndexName),
      subtrees_(subtrees) {
    const zone::Kinds& kinds = contents.zone().kinds;
    const std::set<std::string>& keys = contents.fixed_nodes().name_keys();
    fixed_.insert(keys.begin(), keys.end());
    if (kinds.name) {
        for (const dns::Name& never : contents.rulebook().protect.never_names) {
            fixed_.insert(dns::reversed_key(never));
        }
        fixed_.insert(key_of_label(zone::kTestName));
    }
    fixed_.erase("");
    next_fixed_ = fixed_.end();
    if (subtrees_ == nullptr) {
        begin_at("");
    }
}

// Stands in front of the name and all below it, when what lies above it has been read.
void ListedNames::begin_at(std::string_view key) {
    const zone::Kinds& kinds = contents_.zone().kinds;
    const bool is_asked = kinds.name || kinds.mail;
    path_.clear();
    for (std::size_t labels = 1; labels <= dns::key_label_count(key); ++labels) {
        const std::string_view part = key.substr(0, dns::key_prefix_size(key, labels));
        root_ = part;
        has_more_ = is_asked && table_.seek(part);
        next_fixed_ = fixed_.lower_bound(part);
        const bool is_in_index = has_more_ && table_.key() == part;
        const bool is_whole = part.size() == key.size();
        if (!is_whole && (is_in_index || (has_fixed() && *next_fixed_ == part))) {
            read(is_in_index);
        }
    }
    if (key.empty()) {
        root_.clear();
        has_more_ = is_asked && table_.first();
        next_fixed_ = fixed_.begin();
    }
    has_more_ = has_more_ && table_.key().starts_with(root_);
}

bool ListedNames::begin_next_subtree() {
    if (subtrees_ == nullptr || next_subtree_ == subtrees_->size()) {
        return false;
    }
    begin_at((*subtrees_)[next_subtree_++]);
    return true;
}

bool ListedNames::has_fixed() const {
    return next_fixed_ != fixed_.end() && next_fixed_->starts_with(root_);
}

const ListedName* ListedNames::next() {
    while (true) {
        if (!has_more_ && !has_fixed()) {
            if (!begin_next_subtree()) {
                return nullptr;
            }
            continue;
        }
        if (read(has_more_ && (!has_fixed() || table_.key() <= *next_fixed_))) {
            return &current_;
        }
    }
}

std::string ListedNames::topmost_cover(std::string_view key) {
    begin_at(key);
    for (const PathName& above : path_) {
        if (above.below) {
            return above.key;
        }
    }
    return std::string{key};
}

// Reads what stands next in the index or among the fixed names; false if it is as its cover.
bool ListedNames::read(bool is_in_index) {
    current_.key = is_in_index || !has_fixed() ? std::string{table_.key()} : *next_fixed_;
    while (!path_.empty() && !current_.key.starts_with(path_.back().key)) {
        path_.pop_back();
    }
    if (has_fixed() && *next_fixed_ == current_.key) {
        ++next_fixed_;
    }
    current_.is_fixed = contents_.fixed_nodes().name_keys().contains(current_.key);
    store::NameNode node;
    if (is_in_index) {
        node = store::decode_name_node(table_.value());
        has_more_ = table_.next() && table_.key().starts_with(root_);
        if (is_key_of_address(current_.key)) {
            return false;  // nobody can ask for it
        }
    } else if (!path_.empty()) {
        node.self = node.below = path_.back().below_set;
    }
    return take(node.self, node.below, is_in_index);
}

bool ListedNames::take(policy::SetId self_set, policy::SetId below_set, bool is_in_index) {
    const zone::Kinds& kinds = contents_.zone().kinds;
    ListedName& name = current_;
    name.is_mail = is_in_index && policy::is_mail_key(name.key);
    name.cover = path_.empty() ? nullptr : path_.back().below;
    name.below = kinds.name ? answer_below(below_set) : nullptr;
    const bool may_answer = (name.is_mail ? kinds.mail : kinds.name) &&
                            name.key != key_of_label(zone::kNeverListedName);
    name.self = may_answer ? answer_at(self_set, name.cover) : nullptr;
    if (kinds.name && name.key == key_of_label(zone::kTestName)) {
        name.self = contents_.answer_of_test_name();
    }
    path_.push_back({name.key, below_set, name.below});
    return name.is_fixed || !are_same(name.self, name.cover) || !are_same(name.below, name.cover);
}

// With the texts of just this name, unless it is as any other below what covers it.
AnswerPtr ListedNames::answer_at(policy::SetId set, const AnswerPtr& cover) {
    const verdict::Subject subject = verdict::NameKey{current_.key};
    if (cover) {
        if (AnswerPtr answer = contents_.answer(subject, set); are_same(answer, cover)) {
            return cover;
        }
    }
    const std::string owner = owner_of_key(current_.key);
    const responder::QueryText query{subject, dns::Labels{owner}};
    return contents_.answer(subject, set, query.view());
}

AnswerPtr ListedNames::answer_below(policy::SetId set) {
    const std::string any = current_.key + std::string{kAnyLabel};
    if (set == 0 || any.size() >= dns::kNameSizeMax) {  // no name is longer
        return nullptr;
    }
    return contents_.answer(verdict::NameKey{any}, set);
}

}  // namespace ostrakon::transfer
