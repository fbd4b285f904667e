// json: an array of listings, as `list --json` and `export --format json` write them.
//
// The document is read as a stream of events: a tree of a long list would need many times its size.
#include "format.hpp"
#include "json_position.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace ostrakon::feed {
namespace {

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
    ListingHandler(const Document& document, Collector& collector, const JsonPosition& position)
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
        failure = json_mistake(document_, position_, position);
        return false;
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
        if (++depth_ > kJsonDepthMax) {
            failure = json_too_deep(document_, position_);
            return false;
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
    const JsonPosition& position_;
    std::array<std::optional<std::string>, kKeys.size()> values_;
    std::string mistake_;
    std::uint32_t begin_line_ = 1;
    std::uint32_t count_ = 0;
    std::size_t key_ = kKeys.size();
    int depth_ = 0;
};

}  // namespace

Result<Done> read_json(const Document& document, Collector& collector) {
    JsonPosition position;
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
