#include "rbldnsd_value.hpp"

#include "ostrakon/policy/values.hpp"
#include "rbldnsd_address.hpp"
#include "rbldnsd_text.hpp"

#include <algorithm>

namespace ostrakon::feed {
namespace {

// Text that ends at its bound.
class Filler {
public:
    explicit Filler(std::size_t size_max) : size_max_(size_max) {}

    void append(std::string_view text) {
        for (const char c : text.substr(0, size_max_ - filled_.size())) {
            filled_.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
        }
    }
    void append_subject() {
        if (!is_full()) {
            filled_.push_back(policy::kSubjectMark);
        }
    }
    bool is_full() const { return filled_.size() == size_max_; }
    std::string take() { return std::move(filled_); }

private:
    std::size_t size_max_;
    std::string filled_;
};

}  // namespace

Expected<RbldnsdValue, std::string> read_value(std::string_view text,
                                               const RbldnsdValue& defaults) {
    if (text.front() != ':') {
        return RbldnsdValue{defaults.code, text};
    }
    text.remove_prefix(1);
    const auto code = take_code(text);
    if (!code) {
        return Unexpected<std::string>{
            "has no address behind its colon (write it as :127.0.0.2:text)"};
    }
    skip_blanks(text);
    if (text.empty()) {
        return RbldnsdValue{*code, defaults.text};
    }
    if (text.front() != ':') {
        return Unexpected<std::string>{
            "has no colon between address and text (write it as :127.0.0.2:text)"};
    }
    text.remove_prefix(1);
    skip_blanks(text);
    return RbldnsdValue{*code, text};
}

std::string fill_in(std::string_view text, const Substitutions& substitutions,
                    std::size_t size_max) {
    Filler filler{size_max};
    std::string_view form = text;   // what is gone through
    std::string_view entry = text;  // what $= stands for
    bool is_subject_for_entry = false;
    if (text.starts_with('=')) {
        form.remove_prefix(1);
        entry = form;
    } else if (!substitutions[kBaseTemplate].empty()) {
        form = substitutions[kBaseTemplate];
        is_subject_for_entry = text.empty();
    }
    while (!form.empty() && !filler.is_full()) {
        const std::size_t dollar = std::min(form.find('$'), form.size());
        filler.append(form.substr(0, dollar));
        form.remove_prefix(dollar);
        if (form.empty()) {
            break;
        }
        form.remove_prefix(1);
        const char next = form.empty() ? '\0' : form.front();
        if (next == '$') {
            filler.append("$");
        } else if (is_decimal(next)) {
            const std::string_view set = substitutions[static_cast<std::size_t>(next - '0')];
            const char unset[] = {'$', next};
            filler.append(set.empty() ? std::string_view{unset, sizeof unset} : set);
        } else if (next == '=' && !is_subject_for_entry) {
            filler.append(entry);  // as it is: its own dollars stay
        } else {
            filler.append_subject();
        }
        if (next == '$' || is_decimal(next) || next == '=') {
            form.remove_prefix(1);
        }
    }
    return filler.take();
}

}  // namespace ostrakon::feed
