#include "ostrakon/store/listing.hpp"

#include "ostrakon/store/codec.hpp"

#include <algorithm>

namespace ostrakon::store {
namespace {

void put_time(Encoder& encoder, const std::optional<UnixTime>& time) {
    encoder.flag(time.has_value()).number(time ? static_cast<std::uint64_t>(time->seconds) : 0);
}

std::optional<UnixTime> take_time(Decoder& decoder) {
    const bool present = decoder.flag();
    const auto seconds = static_cast<std::int64_t>(decoder.number());
    return present ? std::optional{UnixTime{seconds}} : std::nullopt;
}

void put_word(Encoder& encoder, const std::optional<std::string>& word) {
    encoder.flag(word.has_value()).text(word.value_or(std::string{}));
}

std::optional<std::string> take_word(Decoder& decoder) {
    const bool present = decoder.flag();
    std::string word{decoder.text()};
    return present ? std::optional{std::move(word)} : std::nullopt;
}

std::optional<Diagnosed> take_diagnosed(Decoder& decoder) {
    if (!decoder.flag()) {
        return std::nullopt;
    }
    Diagnosed diagnosed;
    diagnosed.helo = take_word(decoder);
    diagnosed.sender = take_word(decoder);
    diagnosed.checked = UnixTime{static_cast<std::int64_t>(decoder.number())};
    return diagnosed;
}

// Nothing where the number is no state.
std::optional<ListingState> take_state(Decoder& decoder) {
    const std::uint64_t number = decoder.number();
    return number <= static_cast<std::uint64_t>(ListingState::Corrected)
               ? std::optional{static_cast<ListingState>(number)}
               : std::nullopt;
}

}  // namespace

std::string encode(const Listing& listing) {
    Encoder encoder;
    encoder.text(listing.subject)
        .text(listing.listing_class)
        .number(listing.code ? listing.code->bits : 0)
        .text(listing.reason)
        .text(listing.evidence)
        .text(listing.by)
        .number(static_cast<std::uint64_t>(listing.since.seconds));
    put_time(encoder, listing.until);
    put_time(encoder, listing.earliest_lift);
    encoder.number(listing.strikes)
        .number(static_cast<std::uint64_t>(listing.state))
        .flag(listing.overrides_never)
        .number(listing.change);
    put_time(encoder, listing.ended);
    encoder.text(listing.ended_by).text(listing.ended_reason).flag(listing.was_warning);
    encoder.number(listing.term).number(listing.decided).number(listing.touched.size());
    for (const ChangeId change : listing.touched) {
        encoder.number(change);
    }
    if (listing.diagnosed) {
        encoder.flag(true);
        put_word(encoder, listing.diagnosed->helo);
        put_word(encoder, listing.diagnosed->sender);
        encoder.number(static_cast<std::uint64_t>(listing.diagnosed->checked.seconds));
    }
    return encoder.take();
}

std::optional<ListingView> view_listing(std::string_view bytes) noexcept {
    Decoder decoder{bytes};
    ListingView view;
    view.subject = decoder.text();
    view.listing_class = decoder.text();
    view.code = net::Ipv4{static_cast<std::uint32_t>(decoder.number())};
    view.reason = decoder.text();
    decoder.text();  // evidence
    decoder.text();  // by
    view.since = UnixTime{static_cast<std::int64_t>(decoder.number())};
    const auto until = take_time(decoder);
    view.until_seconds = until ? until->seconds : 0;
    take_time(decoder);
    decoder.number();  // strikes
    const auto state = take_state(decoder);
    view.overrides_never = decoder.flag();
    if (decoder.is_damaged() || !state) {
        return std::nullopt;
    }
    view.state = *state;
    return view;
}

std::optional<Listing> decode_listing(ListingId id, std::string_view bytes) {
    Decoder decoder{bytes};
    Listing listing;
    listing.id = id;
    listing.subject = decoder.text();
    listing.listing_class = decoder.text();
    if (const auto code = static_cast<std::uint32_t>(decoder.number()); code != 0) {
        listing.code = net::Ipv4{code};
    }
    listing.reason = decoder.text();
    listing.evidence = decoder.text();
    listing.by = decoder.text();
    listing.since = UnixTime{static_cast<std::int64_t>(decoder.number())};
    listing.until = take_time(decoder);
    listing.earliest_lift = take_time(decoder);
    listing.strikes = static_cast<std::uint32_t>(decoder.number());
    const auto state = take_state(decoder);
    listing.overrides_never = decoder.flag();
    listing.change = decoder.number();
    listing.ended = take_time(decoder);
    listing.ended_by = decoder.text();
    listing.ended_reason = decoder.text();
    listing.was_warning = decoder.flag();
    listing.term = static_cast<std::uint32_t>(decoder.number());
    listing.decided = decoder.number();
    const std::uint64_t touched = std::min<std::uint64_t>(decoder.number(), Listing::kTouchedMax);
    for (std::uint64_t i = 0; i < touched; ++i) {
        listing.touched.push_back(decoder.number());
    }
    listing.diagnosed = take_diagnosed(decoder);
    if (listing.term == 0 && listing.decided == 0) {  // written before there were any
        listing.term = listing.strikes;
        listing.decided = listing.change;
    }
    if (decoder.is_damaged() || !state) {
        return std::nullopt;
    }
    listing.state = *state;
    return listing;
}

}  // namespace ostrakon::store
