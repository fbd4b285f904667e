// The names and mail addresses that a zone lists, in the order of their keys: what is answered at a
// name, and what at all names below it that are not named themselves.
//
// Only names that differ from what lies above them; a name that excepts is among them.
#pragma once

#include "ostrakon/store/transaction.hpp"
#include "ostrakon/transfer/contents.hpp"

#include <functional>
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
    /// The contents outlive it. `subtrees`, which do so, too, are the keys of names to which the
    /// walk keeps, with all below them: ascending, none below another. Null: all names.
    explicit ListedNames(Contents& contents, const std::vector<std::string>* subtrees = nullptr);

    /// Goes to the next one; null at the end. Valid until the next call.
    const ListedName* next();

    /// The shortest key that this one begins with and below which all is listed; the key itself if
    /// there is none. Afterwards the walk is nowhere.
    std::string topmost_cover(std::string_view key);

private:
    // A name on the way from the root to where the walk is.
    struct PathName {
        std::string key;
        policy::SetId below_set = 0;
        AnswerPtr below;
    };

    void begin_at(std::string_view key);
    bool begin_next_subtree();
    bool has_fixed() const;
    bool read(bool is_in_index);
    bool take(policy::SetId self_set, policy::SetId below_set, bool is_in_index);
    AnswerPtr answer_at(policy::SetId set, const AnswerPtr& cover);
    AnswerPtr answer_below(policy::SetId set);

    Contents& contents_;
    store::Cursor table_;
    const std::vector<std::string>* subtrees_;
    std::size_t next_subtree_ = 0;
    std::string root_;  // of the subtree that the walk is in
    bool has_more_ = false;
    std::set<std::string, std::less<>>
        fixed_;  // names that are looked at even if the index has none
    std::set<std::string, std::less<>>::const_iterator next_fixed_;
    std::vector<PathName> path_;
    ListedName current_;
};

/// The labels of a key as they stand in a name, in wire form without the root's zero byte.
std::string owner_of_key(std::string_view key);

}  // namespace ostrakon::transfer
