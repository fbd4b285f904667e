// The listed names as records: each where it differs from what lies above it, and what lies above
// it once more at every node in between.
#pragma once

#include "ostrakon/transfer/listed_names.hpp"
#include "record_queue.hpp"

#include <string>
#include <vector>

namespace ostrakon::transfer {

class NameRecords {
public:
    /// `subtrees` as of ListedNames, none of them below a name below which all is listed.
    NameRecords(Contents& contents, RecordQueue& queue,
                const std::vector<std::string>* subtrees = nullptr)
        : names_(contents, subtrees), queue_(queue) {}

    /// Makes the next records; false if there are no more.
    bool make_some();

private:
    void add(const ListedName& name);
    void add_way_to(const ListedName& name);
    void add_node(std::string_view key, const AnswerPtr& self, const AnswerPtr& below);

    // A name above where the walk is.
    struct Above {
        std::string key;
        AnswerPtr below;
    };

    ListedNames names_;
    RecordQueue& queue_;
    std::vector<Above> path_;
    std::string last_written_;  // the key of the name that was written last: it and all above exist
};

}  // namespace ostrakon::transfer
