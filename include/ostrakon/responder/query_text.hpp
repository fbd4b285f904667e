// What {query} stands for in a text: the address or name as it was asked, without the origin.
#pragma once

#include "ostrakon/dns/labels.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <array>
#include <string_view>

namespace ostrakon::responder {

/// The text of one query, held in place.
class QueryText {
public:
    /// `labels` are those in front of the origin; they count for a name, while an address is
    /// written as addresses are.
    QueryText(const verdict::Subject& subject, dns::Labels labels) noexcept;

    std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    // Every byte of a name may become \DDD.
    std::array<char, dns::kNameSizeMax * 4> text_;
    std::size_t size_ = 0;
};

}  // namespace ostrakon::responder
