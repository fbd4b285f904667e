// The names and mail addresses that a zone lists, in the order of their keys: what is answered at a
// name, and what at all names below it that are not named themselves.
//
// Only names that differ from what lies above them; a name that excepts is among them.
#pragma once

#include "ostrakon/store/transaction.hpp"
#include "ostrakon/transfer/contents.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ostrakon::transfer {

struct ListedName {
    std::string key;        ///< dns::reversed_key; of a mail address its hash.
    AnswerPtr self;         ///< Null: the name is not listed.
    AnswerPtr below;        ///< Of the names below it; its texts hold for all of them.
    AnswerPtr cover;        ///< What the name would have if nothing were said of it.
    bool is_fixed = false;  ///< In the zone by its configuration, or on the way to such a name.
    bool is_mail = false;
};

class ListedNames {
public:
    /// The contents outlive it.
    explicit ListedNames(Contents& contents);

    /// Goes to the next one; null at the end. Valid until the next call.
    const ListedName* next();

private:
    // A name on the way from the root to where the walk is.
    struct PathName {
        std::string key;
        policy::SetId below_set = 0;
        AnswerPtr below;
    };

    bool read(bool is_in_index);
    bool take(policy::SetId self_set, policy::SetId below_set, bool is_in_index);
    AnswerPtr answer_at(policy::SetId set, const AnswerPtr& cover);
    AnswerPtr answer_below(policy::SetId set);

    Contents& contents_;
    store::Cursor table_;
    bool has_more_ = false;
    std::set<std::string> fixed_;  // names that are looked at even if the index has none
    std::set<std::string>::const_iterator next_fixed_;
    std::vector<PathName> path_;
    ListedName current_;
};

/// The labels of a key as they stand in a name, in wire form without the root's zero byte.
std::string owner_of_key(std::string_view key);

}  // namespace ostrakon::transfer
