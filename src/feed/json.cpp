// json: an array of listings, as `list --json` and `export --format json` write them.
//
// The document is read as a stream of events: a tree of a long list would need many times its size.
#include "format.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

namespace ostrakon::feed {
namespace {

constexpr int kDepthMax = 32;

// How far the JSON reader has come.
struct Position {
    std::size_t bytes = 0;
    std::uint32_t line = 1;
};

// Walks over the document for the JSON reader and counts on the way; all copies share the count.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, Position* position) : at_(at), position_(position) {}
    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        position_->line += *at_ == '\n' ? 1 : 0;
        ++position_->bytes;
        ++at_;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
        return a.at_ == b.at_;
    }

private:
    const char* at_;
    Position* position_;
};

struct Key {
    std::string_view name;
    Result<Done> (*set)(policy::Statement&, std::string_view);
};
constexpr std::array<Key, 6> kKeys{{
    {"subject", nullptr},
    {"class", set_class},
    {"code", set_code},
    {"reason", set_reason},
    {"until", set_until},
    {"evidence", set_evidence},
}};

// Takes the events of the reader; a listing is complete when its object ends.
class ListingHandler : public nlohmann::json_sax<nlohmann::json> {
public:
    ListingHandler(const Document& document, Collector& collector, const Position& position)
        : document_(document), collector_(collector), position_(position) {}

    std::optional<Error> failure;

    bool null() override { return scalar(nullptr); }
    bool boolean(bool /*value*/) override { return not_text(); }
    bool number_integer(std::int64_t /*value*/) override { return not_text(); }
    bool number_unsigned(std::uint64_t /*value*/) override { return not_text(); }
    bool number_float(double /*value*/, const std::string& /*text*/) override { return not_text(); }
    bool string(std::string& value) override { return scalar(&value); }
    bool binary(nlohmann::json::binary_t& /*value*/) override { return not_text(); }

    bool start_array(std::size_t /*size*/) override { return open(depth_ == 0); }
    bool end_array() override { return close(); }
    bool start_object(std::size_t /*size*/) override {
        if (depth_ == 1) {
            values_.fill(std::nullopt);
            mistake_.clear();
            begin_line_ = position_.line;
        }
        return open(depth_ == 1);
    }
    bool end_object() override {
        close();
        if (depth_ == 1) {
            take_listing();
        }
        return !collector_.is_full();
    }
    bool key(std::string& name) override {
        if (depth_ == 2) {
            const auto* const found = std::find_if(
                kKeys.begin(), kKeys.end(), [&name](const Key& key) { return key.name == name; });
            key_ = static_cast<std::size_t>(found - kKeys.begin());
        }
        return true;
    }
    bool parse_error(std::size_t position, const std::string& /*last_token*/,
                     const nlohmann::json::exception& /*error*/) override {
        const std::string_view before = document_.bytes.substr(0, position == 0 ? 0 : position - 1);
        const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
        return fail(
            fmt::format("{}:{}:{}", document_.file, position_.line, before.size() - line_start + 1),
            position > document_.bytes.size() ? "ends in the middle of its JSON"
                                              : "is no JSON from here on",
            "it was cut off or is damaged; another format is named with --format");
    }

private:
    bool fail(std::string place, std::string why, std::string remedy) {
        failure = Error{ErrorCode::Usage, std::move(place), std::move(why), std::move(remedy)};
        return false;
    }
    // Where values lie: in no array, in the array, in a listing, or in something within a listing.
    bool open(bool is_expected) {
        if (depth_ == 0 && !is_expected) {
            return fail(std::string{document_.file}, "is no array of listings",
                        "write it as [{\"subject\": \"192.0.2.7\", \"reason\": \"…\"}]");
        }
        if (!is_expected) {
            not_text();
        }
        if (++depth_ > kDepthMax) {
            return fail(fmt::format("{}:{}", document_.file, position_.line),
                        fmt::format("is nested more than {} deep", kDepthMax), "");
        }
        return true;
    }
    bool close() {
        --depth_;
        return true;
    }
    bool scalar(const std::string* text) {
        if (depth_ == 0) {
            return open(false);
        }
        if (depth_ == 1) {
            collector_.reject(position_.line, text == nullptr ? "null" : *text,
                              "is no listing (write it as {\"subject\": \"192.0.2.7\"})");
        } else if (depth_ == 2 && key_ < kKeys.size() && text != nullptr) {
            values_[key_] = *text;
        }
        return true;
    }
    bool not_text() {
        if (depth_ == 0) {
            return open(false);
        }
        if (depth_ == 1) {
            collector_.reject(position_.line, "",
                              "is no listing (write it as {\"subject\": \"192.0.2.7\"})");
        } else if (depth_ == 2 && key_ < kKeys.size()) {
            mistake_ = fmt::format("has a {} that is no text", kKeys[key_].name);
        }
        return true;
    }
    void take_listing() {
        const std::string subject = values_[0].value_or("");
        if (!values_[0] || !mistake_.empty()) {
            collector_.reject(begin_line_, subject,
                              mistake_.empty() ? "has no \"subject\"" : mistake_);
            return;
        }
        auto parsed = collector_.subject(begin_line_, subject);
        policy::Statement statement;
        for (std::size_t i = 1; parsed && i < kKeys.size(); ++i) {
            if (const auto done =
                    values_[i] ? kKeys[i].set(statement, *values_[i]) : Result<Done>{Done{}};
                !done) {
                collector_.reject(begin_line_, subject, message(done.error()));
                return;
            }
        }
        if (parsed) {
            collector_.add(begin_line_, std::move(*parsed), collector_.statement(statement));
        }
        if (++count_ % kProgressLines == 0) {
            document_.progress(position_.bytes);
        }
    }

    const Document& document_;
    Collector& collector_;
    const Position& position_;
    std::array<std::optional<std::string>, kKeys.size()> values_;
    std::string mistake_;
    std::uint32_t begin_line_ = 1;
    std::uint32_t count_ = 0;
    std::size_t key_ = kKeys.size();
    int depth_ = 0;
};

}  // namespace

Result<Done> read_json(const Document& document, Collector& collector) {
    Position position;
    ListingHandler handler{document, collector, position};
    const CountingIterator begin{document.bytes.data(), &position};
    const CountingIterator end{document.bytes.data() + document.bytes.size(), &position};
    nlohmann::json::sax_parse(begin, end, &handler);
    if (handler.failure) {
        return Unexpected{std::move(*handler.failure)};
    }
    return Done{};
}

}  // namespace ostrakon::feed
