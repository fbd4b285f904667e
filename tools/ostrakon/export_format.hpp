// The formats of `ostrakon export`, one file each, and what they share: text that goes out in
// pieces, and the walk over what a zone lists.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/transfer/listed_names.hpp"
#include "ostrakon/transfer/listed_ranges.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ostrakon::tool {

/// Gathers text into pieces and hands them on. The first failure is kept.
class ExportText {
public:
    using Sink = std::function<Result<Done>(std::string_view)>;
    explicit ExportText(Sink sink) : sink_(std::move(sink)) {}

    void add(std::string_view text) {
        piece_ += text;
        if (piece_.size() >= kPieceSize) {
            hand_on();
        }
    }
    Result<Done> finish() {
        hand_on();
        return state_;
    }

private:
    static constexpr std::size_t kPieceSize = std::size_t{1} << 16;
    void hand_on() {
        if (state_ && !piece_.empty()) {
            state_ = sink_(piece_);
        }
        piece_.clear();
    }
    Sink sink_;
    std::string piece_;
    Result<Done> state_ = Done{};
};

/// What is exported.
struct ExportSource {
    store::Environment& environment;
    transfer::Contents* contents = nullptr;  ///< Of a zone; null: listings of one source.
    std::string source;                      ///< "own", or a feed's name.
    UnixTime at;
};

/// What came of it.
struct ExportCounts {
    std::uint64_t written = 0;
    std::map<std::string, std::uint64_t> left_out;  ///< What a format cannot say → how many.
};

struct ExportFormat {
    std::string_view name;
    std::string_view meaning;
    std::string_view comment;  ///< What begins a comment; empty: there are none.
    bool needs_zone = true;
    bool has_texts = true;  ///< Whether texts of answers go into it.
    Result<ExportCounts> (*write)(const ExportSource& source, ExportText& text);
};

/// All formats, in the order of the help.
std::span<const ExportFormat> export_formats();

// One a file.
Result<ExportCounts> export_plain(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_csv(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_json(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_rbldnsd(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_bind(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_rpz(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_postfix_cidr(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_postfix_access(const ExportSource& source, ExportText& text);
Result<ExportCounts> export_nftables(const ExportSource& source, ExportText& text);

/// Calls visit(range, answer) for every range of a family that the zone lists, ascending,
/// neighbours of one answer as one; without the test points, unless they are asked for.
template <class A, class Visit>
void for_each_listed_range(transfer::Contents& contents, Visit&& visit,
                           bool with_test_points = false) {
    transfer::ListedRanges<A> ranges{contents};
    std::optional<transfer::ListedRange<A>> last;
    A at{};
    while (const transfer::ListedRange<A>* listed = ranges.find(at)) {
        const bool is_skipped = listed->set == 0 && !with_test_points;
        const bool goes_on = last && last->range.last.bits + 1 == listed->range.first.bits &&
                             transfer::are_same(last->answer, listed->answer) && !is_skipped;
        const A end = listed->range.last;
        if (goes_on) {
            last->range.last = end;
        } else {
            if (last) {
                visit(last->range, last->answer);
            }
            last = is_skipped ? std::nullopt : std::optional{*listed};
        }
        if (end == net::everything<A>().last) {
            break;
        }
        at = A{static_cast<typename A::Bits>(end.bits + 1)};
    }
    if (last) {
        visit(last->range, last->answer);
    }
}

/// Calls visit(prefix) for the fewest prefixes that make up a range, ascending.
template <class A, class Visit>
void for_each_prefix(net::Range<A> range, Visit&& visit) {
    while (true) {
        int length = A::kWidth;
        while (length > 0 && net::prefix(range.first, length - 1).first == range.first &&
               net::prefix(range.first, length - 1).last <= range.last) {
            --length;
        }
        const net::Range<A> block = net::prefix(range.first, length);
        visit(block);
        if (block.last == range.last) {
            return;
        }
        range.first = A{static_cast<typename A::Bits>(block.last.bits + 1)};
    }
}

/// Calls visit(name) for every name that the zone lists or excepts, without the test point and what
/// is as all that lies around it.
template <class Visit>
void for_each_listed_name(transfer::Contents& contents, Visit&& visit) {
    transfer::ListedNames names{contents};
    while (const transfer::ListedName* name = names.next()) {
        const bool is_test = name->self == contents.answer_of_test_name();
        const bool says_nothing = transfer::are_same(name->self, name->cover) &&
                                  transfer::are_same(name->below, name->cover);
        if (!is_test && !says_nothing) {
            visit(*name);
        }
    }
}

/// How a listed name is spelled as a subject: "=name" itself, "*.name" below it, "name" both; a
/// mail address as such where it is known, else as its hash.
std::string subject_of(const transfer::Contents& contents, const transfer::ListedName& name);
/// The mail address of a hash that is listed; empty where nobody has told it.
std::string mail_address_of(const transfer::Contents& contents, std::string_view key);

/// The first text of an answer without control characters, which every line of a table can hold.
std::string first_text(const transfer::AnswerPtr& answer);

}  // namespace ostrakon::tool
