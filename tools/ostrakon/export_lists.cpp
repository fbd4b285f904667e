// plain, csv and json: what `ostrakon import` reads again. Without a zone the listings of one
// source as they stand; of a zone what it lists, whoever says so.
#include "export_format.hpp"
#include "json.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/policy/listings.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr const char* kAllowsLeftOut = "allows, which this format has no word for";
constexpr const char* kExceptedNames = "names that are not listed below names that are";

std::string csv_field(std::string_view text) {
    if (text.find_first_of("\",\r\n") == std::string_view::npos && !text.starts_with(' ') &&
        !text.ends_with(' ')) {
        return std::string{text};
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        quoted += c == '"' ? "\"" : "";
    }
    return quoted + "\"";
}

std::string code_text(const std::optional<net::Ipv4>& code) {
    return code ? net::to_string(*code) : std::string{};
}

// Calls visit(row) for each listing of the source that stands.
template <class Visit>
Result<Done> for_each_listing(const ExportSource& source, Visit&& visit) {
    policy::ListFilter filter;
    filter.at = source.at;
    filter.source = source.source;
    return policy::list(source.environment, filter, [&](const policy::ListedRow& row) {
        visit(row);
        return true;
    });
}

// Calls visit(subject, answer) for all that a zone lists, and with null for names that it excepts.
template <class Visit>
void for_each_subject(transfer::Contents& contents, Visit&& visit) {
    const auto visit_range = [&](const auto& range, const transfer::AnswerPtr& answer) {
        for_each_prefix(range, [&](const auto& block) { visit(net::to_string(block), answer); });
    };
    for_each_listed_range<net::Ipv4>(contents, visit_range);
    for_each_listed_range<net::Ipv6>(contents, visit_range);
    for_each_listed_name(contents, [&](const transfer::ListedName& name) {
        const transfer::AnswerPtr& answer = name.self ? name.self : name.below;
        visit(subject_of(contents, name), answer);
        // What is listed both at and below a name, but not alike, takes two lines.
        if (name.self && name.below && name.self->codes != name.below->codes) {
            transfer::ListedName below = name;
            below.self = nullptr;
            visit(subject_of(contents, below), name.below);
        }
    });
}

}  // namespace

Result<ExportCounts> export_plain(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    const auto add = [&](const std::string& subject) {
        text.add(subject + "\n");
        ++counts.written;
    };
    if (source.contents != nullptr) {
        for_each_subject(*source.contents,
                         [&](const std::string& subject, const transfer::AnswerPtr& answer) {
                             answer ? add(subject) : void(++counts.left_out[kExceptedNames]);
                         });
        return counts;
    }
    return for_each_listing(source,
                            [&](const policy::ListedRow& row) {
                                row.listing.is_allow() ? void(++counts.left_out[kAllowsLeftOut])
                                                       : add(row.listing.subject);
                            })
        .map([&](Done) { return counts; });
}

Result<ExportCounts> export_csv(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    if (source.contents != nullptr) {
        text.add("subject,class,code,reason\n");
        for_each_subject(
            *source.contents, [&](const std::string& subject, const transfer::AnswerPtr& answer) {
                if (!answer) {
                    text.add(csv_field(subject.substr(subject.find_first_not_of("*.="))) +
                             ",allow,,\n");
                    ++counts.written;
                    return;
                }
                for (const net::Ipv4 code : answer->codes) {
                    text.add(fmt::format("{},,{},{}\n", csv_field(subject), net::to_string(code),
                                         csv_field(first_text(answer))));
                    ++counts.written;
                }
            });
        return counts;
    }
    text.add("subject,class,code,reason,until\n");
    return for_each_listing(
               source,
               [&](const policy::ListedRow& row) {
                   const store::Listing& listing = row.listing;
                   text.add(fmt::format("{},{},{},{},{}\n", csv_field(listing.subject),
                                        csv_field(listing.listing_class), code_text(listing.code),
                                        csv_field(listing.reason),
                                        listing.until ? to_string(*listing.until) : ""));
                   ++counts.written;
               })
        .map([&](Done) { return counts; });
}

Result<ExportCounts> export_json(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    std::vector<policy::ListedRow> rows;
    if (source.contents != nullptr) {
        for_each_subject(
            *source.contents, [&](const std::string& subject, const transfer::AnswerPtr& answer) {
                policy::ListedRow row;
                row.source = source.contents->zone().name;
                row.listing.subject =
                    answer ? subject : subject.substr(subject.find_first_not_of("*.="));
                row.listing.listing_class = answer ? "" : "allow";
                row.listing.reason = first_text(answer);
                const std::size_t codes = answer ? answer->codes.size() : 1;
                for (std::size_t i = 0; i < codes; ++i) {
                    row.listing.code = answer ? std::optional{answer->codes[i]} : std::nullopt;
                    rows.push_back(row);
                }
            });
    } else if (auto listed = for_each_listing(
                   source, [&](const policy::ListedRow& row) { rows.push_back(row); });
               !listed) {
        return Unexpected{std::move(listed.error())};
    }
    counts.written = rows.size();
    text.add(listings_json(rows));
    return counts;
}

}  // namespace ostrakon::tool
