#include "json_records.hpp"

#include "json_position.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace ostrakon::feed {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kKeySizeMax = 64;  // longer ones are none that a format knows

// Takes the events of the reader, and makes a tree of what belongs to one entry.
class EntryHandler : public nlohmann::json_sax<Json> {
public:
    EntryHandler(const Document& document, Collector& collector, const JsonPosition& position,
                 IsJsonEntry is_entry, const TakeJsonEntry& take)
        : document_(document),
          collector_(collector),
          position_(position),
          is_entry_(is_entry),
          take_(take) {}

    std::optional<Error> failure;
    JsonRecordsFound found;

    bool null() override { return scalar(nullptr); }
    bool boolean(bool value) override { return scalar(value); }
    bool number_integer(std::int64_t value) override { return scalar(value); }
    bool number_unsigned(std::uint64_t value) override { return scalar(value); }
    bool number_float(double value, const std::string& /*text*/) override { return scalar(value); }
    bool string(std::string& value) override { return scalar(std::move(value)); }
    bool binary(nlohmann::json::binary_t& /*value*/) override { return scalar(nullptr); }

    bool start_object(std::size_t /*size*/) override { return open(Json::object(), false); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t /*size*/) override { return open(Json::array(), true); }
    bool end_array() override { return close(); }
    bool key(std::string& name) override {
        key_ = name.substr(0, kKeySizeMax);
        return true;
    }
    bool parse_error(std::size_t position, const std::string& /*last_token*/,
                     const nlohmann::json::exception& /*error*/) override {
        failure = json_mistake(document_, position_, position);
        return false;
    }

private:
    // A value that has been opened: where its path ends, and whether it is an array.
    struct Level {
        std::size_t path_size;
        bool is_array;
    };

    // Puts the path of the value that begins now behind that of the one around it.
    void enter_path() {
        if (levels_.empty()) {
            return;
        }
        path_.resize(levels_.back().path_size);
        path_ += levels_.back().is_array ? "[]" : "." + key_;
    }

    // Where the value has to go in the tree of the entry; null where the entry is full.
    Json* place(Json value) {
        if (++values_ > kJsonEntryValuesMax) {
            return nullptr;
        }
        Json& around = *tree_.back();
        if (around.is_array()) {
            around.push_back(std::move(value));
            return &around.back();
        }
        return &(around[key_] = std::move(value));
    }

    bool scalar(Json value) {
        enter_path();
        if (!tree_.empty()) {
            if (tree_.back() != nullptr) {
                place(std::move(value));
            }
        } else if (is_entry_(path_)) {
            take_(path_, position_.line, value);
        }
        return !collector_.is_full();
    }

    bool open(Json value, bool is_array) {
        enter_path();
        if (!tree_.empty()) {
            tree_.push_back(tree_.back() == nullptr ? nullptr : place(std::move(value)));
        } else if (is_entry_(path_)) {
            entry_ = std::move(value);
            line_ = position_.line;
            values_ = 0;
            tree_.push_back(&entry_);
        } else if (is_array && is_entry_(path_ + "[]")) {
            found.has_array = true;
        }
        levels_.push_back({path_.size(), is_array});
        if (levels_.size() > static_cast<std::size_t>(kJsonDepthMax)) {
            failure = json_too_deep(document_, position_);
            return false;
        }
        return true;
    }

    bool close() {
        path_.resize(levels_.back().path_size);
        levels_.pop_back();
        if (tree_.empty()) {
            return true;
        }
        tree_.pop_back();
        if (!tree_.empty()) {
            return true;
        }
        if (values_ > kJsonEntryValuesMax) {
            collector_.reject(line_, path_,
                              fmt::format("has more than {} values", kJsonEntryValuesMax));
        } else {
            take_(path_, line_, entry_);
        }
        if (++count_ % kProgressLines == 0) {
            document_.progress(position_.bytes);
        }
        return !collector_.is_full();
    }

    const Document& document_;
    Collector& collector_;
    const JsonPosition& position_;
    IsJsonEntry is_entry_;
    const TakeJsonEntry& take_;
    std::vector<Level> levels_;
    std::string path_;
    std::string key_;
    std::vector<Json*> tree_;  // the values that are open in the entry, from the outside
    Json entry_;
    std::uint32_t line_ = 1;
    std::size_t values_ = 0;
    std::uint32_t count_ = 0;
};

}  // namespace

Result<JsonRecordsFound> for_each_json_entry(const Document& document, Collector& collector,
                                             IsJsonEntry is_entry, const TakeJsonEntry& take) {
    JsonPosition position;
    EntryHandler handler{document, collector, position, is_entry, take};
    const CountingIterator begin{document.bytes.data(), &position};
    const CountingIterator end{document.bytes.data() + document.bytes.size(), &position};
    nlohmann::json::sax_parse(begin, end, &handler);
    if (handler.failure) {
        return Unexpected{std::move(*handler.failure)};
    }
    return handler.found;
}

std::string json_text(const nlohmann::json& object, const char* key) {
    if (!object.is_object()) {
        return {};
    }
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace ostrakon::feed
