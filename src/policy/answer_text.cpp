#include "ostrakon/policy/answer_text.hpp"

#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/origin_map.hpp"
#include "ostrakon/policy/values.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <ctime>

namespace ostrakon::policy {
namespace {

constexpr std::size_t kSubjectTextSizeMax = 1100;  // a name of 255 bytes, every one written as \DDD
constexpr std::size_t kUrlSizeMax = 2048;
constexpr std::size_t kFilledTextSizeMax = 4096;  // more than goes out, so that the cut is there

// Text that is written into a fixed buffer and cut at its end.
template <std::size_t Size>
class FixedText {
public:
    template <class... Args>
    void append(fmt::format_string<Args...> format, Args&&... args) noexcept {
        const auto result = fmt::format_to_n(bytes_.data() + size_, Size - size_, format,
                                             std::forward<Args>(args)...);
        size_ = std::min(Size, size_ + result.size);
    }
    std::string_view view() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, Size> bytes_;
    std::size_t size_ = 0;
};

template <std::size_t Size>
void append_time(FixedText<Size>& text, std::int64_t seconds) noexcept {
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    text.append("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

template <std::size_t Size>
void append_address(FixedText<Size>& text, net::Ipv4 address) noexcept {
    text.append("{}.{}.{}.{}", address.bits >> 24, address.bits >> 16 & 255,
                address.bits >> 8 & 255, address.bits & 255);
}

// RFC 5952: the longest run of two or more zero groups becomes "::".
template <std::size_t Size>
void append_address(FixedText<Size>& text, net::Ipv6 address) noexcept {
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i] = static_cast<unsigned>(address.bits >> (112 - 16 * i)) & 0xFFFF;
    }
    std::size_t best = 8;
    std::size_t best_size = 1;
    for (std::size_t begin = 0; begin < 8; ++begin) {
        std::size_t size = 0;
        while (begin + size < 8 && groups[begin + size] == 0) {
            ++size;
        }
        if (size > best_size) {
            best = begin;
            best_size = size;
        }
    }
    for (std::size_t i = 0; i < 8;) {
        if (i == best) {
            text.append("::");
            i += best_size;
        } else {
            text.append("{}{:x}", i != 0 && i != best + best_size ? ":" : "", groups[i]);
            ++i;
        }
    }
}

template <std::size_t Size, class A>
void append_range(FixedText<Size>& text, net::Range<A> range) noexcept {
    append_address(text, range.first);
    if (range.first == range.last) {
        return;
    }
    if (const auto length = net::prefix_length(range)) {
        text.append("/{}", *length);
    } else {
        text.append("-");
        append_address(text, range.last);
    }
}

// Bytes of a label that need a backslash: in the program's own spelling always with a number; in
// rbldnsd's, which texts of its lists are filled in with, signs follow it as they are.
enum class Escapes : std::uint8_t { Numbers, Signs };

template <std::size_t Size>
void append_label_byte(FixedText<Size>& text, char c, Escapes escapes) noexcept {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool is_printable = byte > ' ' && byte < 0x7F;
    if (escapes == Escapes::Signs && is_printable) {
        constexpr std::string_view kSigns = "\".;\\@$";
        text.append("{}{}", kSigns.find(c) == std::string_view::npos ? "" : "\\", c);
    } else if (!is_printable || c == '.' || c == '\\') {
        text.append("\\{:03}", byte);
    } else {
        text.append("{}", c);
    }
}

// The first `labels` labels of a key, as a name.
template <std::size_t Size>
void append_name(FixedText<Size>& text, std::string_view key, std::size_t labels,
                 Escapes escapes = Escapes::Numbers) noexcept {
    std::array<std::uint8_t, dns::kLabelsMax> starts{};
    std::size_t count = 0;
    for (std::size_t at = 0; at < key.size() && count < labels && count < starts.size();
         at += static_cast<std::uint8_t>(key[at]) + 1U) {
        starts[count++] = static_cast<std::uint8_t>(at);
    }
    for (std::size_t i = count; i-- > 0;) {
        const std::string_view label =
            key.substr(starts[i] + 1U, static_cast<std::uint8_t>(key[starts[i]]));
        for (const char c : label) {
            append_label_byte(text, c, escapes);
        }
        text.append("{}", i > 0 ? "." : "");
    }
}

template <std::size_t Size>
void append_subject(FixedText<Size>& text, const TextContext& context,
                    const Match& match) noexcept {
    if (match.range) {
        std::visit([&](const auto& range) { append_range(text, range); }, *match.range);
        return;
    }
    if (match.origin) {
        text.append("{}", OriginKey{*match.origin}.view());
        return;
    }
    if (match.is_mail) {
        text.append("this address");
        return;
    }
    if (!match.pattern.empty()) {
        text.append("{}{}", kPatternMark, match.pattern);
        return;
    }
    text.append("{}", match.scope == NameScope::Exact   ? "="
                      : match.scope == NameScope::Below ? "*."
                                                        : "");
    append_name(text, context.key, match.labels);
}

// Every mark in a feed's text gives way to the address asked for or the name listed.
template <std::size_t Size>
void append_filled(FixedText<Size>& text, const TextContext& context, const Match& match,
                   std::string_view marked) noexcept {
    while (true) {
        const std::size_t mark = std::min(marked.find(kSubjectMark), marked.size());
        text.append("{}", marked.substr(0, mark));
        if (mark == marked.size()) {
            return;
        }
        marked.remove_prefix(mark + 1);
        if (context.address) {
            std::visit([&](auto address) { append_address(text, address); }, *context.address);
        } else {
            append_name(text, context.key, match.labels, Escapes::Signs);
        }
    }
}

// RFC 3986 §2.3: what is not unreserved is percent-encoded.
template <std::size_t Size>
void append_url(FixedText<Size>& text, std::string_view web_url, std::string_view query) noexcept {
    while (web_url.ends_with('/')) {
        web_url.remove_suffix(1);
    }
    text.append("{}/why/", web_url);
    for (const char c : query) {
        const bool unreserved = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
                                c == '~';
        if (unreserved) {
            text.append("{}", c);
        } else {
            text.append("%{:02X}", static_cast<std::uint8_t>(c));
        }
    }
}

// The template for a feed or a class, or the rest's.
const zone::TextTemplate* template_for(const zone::Zone& zone, std::string_view feed,
                                       std::string_view listing_class) noexcept {
    // The map has a few entries and std::string keys: compared one by one, so that nothing is
    // allocated.
    const zone::TextTemplate* of_class = nullptr;
    const zone::TextTemplate* of_rest = nullptr;
    for (const auto& [name, text] : zone.texts) {
        if (!feed.empty() && name == feed) {
            return &text;
        }
        if (name == listing_class) {
            of_class = &text;
        } else if (name == "*") {
            of_rest = &text;
        }
    }
    return of_class != nullptr ? of_class : of_rest;
}

}  // namespace

std::size_t write_filled(const TextContext& context, const Match& match, std::string_view text,
                         std::span<char> out) noexcept {
    FixedText<kFilledTextSizeMax> filled;
    append_filled(filled, context, match, text);
    const std::size_t size = std::min(out.size(), filled.view().size());
    std::copy_n(filled.view().begin(), size, out.begin());
    return size;
}

std::size_t write_subject(const TextContext& context, const Match& match,
                          std::span<char> out) noexcept {
    FixedText<kSubjectTextSizeMax> text;
    append_subject(text, context, match);
    const std::size_t size = std::min(out.size(), text.view().size());
    std::copy_n(text.view().begin(), size, out.begin());
    return size;
}

std::size_t write_text(const TextContext& context, const Match& match,
                       std::span<char> out) noexcept {
    const Layer* layer = context.catalogue.layer(match.item.layer);
    const Feed* feed = context.catalogue.feed_of(match.item.layer);
    const std::string_view listing_class =
        context.catalogue.class_name(context.rules.class_of(match.item));
    const zone::TextTemplate* text_template = template_for(
        context.zone,
        feed != nullptr                                              ? std::string_view{feed->name}
        : layer != nullptr && match.item.layer >= kBuiltInLayerFirst ? std::string_view{layer->feed}
                                                                     : std::string_view{},
        listing_class);
    if (text_template == nullptr || layer == nullptr) {
        return 0;
    }
    FixedText<kSubjectTextSizeMax> subject;
    append_subject(subject, context, match);
    FixedText<32> since, until, id;
    FixedText<kFilledTextSizeMax> reason;
    FixedText<kUrlSizeMax> url;
    if (!context.web_url.empty() && !context.query.empty()) {
        append_url(url, context.web_url, context.query);
    }
    zone::TextValues values;
    values.subject = subject.view();
    values.query = context.query;
    values.listing_class = listing_class;
    values.source = layer->feed;
    values.zone = context.zone.name;
    values.url = url.view();
    values.removal =
        feed != nullptr && !feed->removal.empty() ? std::string_view{feed->removal} : url.view();
    if (match.item.layer >= kBuiltInLayerFirst) {
        values.reason = match.reason;
    } else if (match.item.layer == kOwnLayer) {
        const auto listing = view_own_listing(context.transaction, match.value);
        if (!listing) {
            return 0;
        }
        values.reason = listing->reason;
        append_time(since, listing->since.seconds);
        id.append("{}", match.value);
    } else if (const auto value = read_value(context.transaction, match.value)) {
        values.reason = value->text;
        if (value->text.find(kSubjectMark) != std::string_view::npos) {
            append_filled(reason, context, match, value->text);
            values.reason = reason.view();
        }
    }
    if (match.item.end != 0) {
        append_time(until, match.item.end);
    }
    values.since = since.view();
    values.until = until.view();
    values.id = id.view();
    return text_template->expand(values, out);
}

}  // namespace ostrakon::policy
