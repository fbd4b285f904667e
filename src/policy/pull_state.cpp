#include "ostrakon/policy/pull_state.hpp"

#include "ostrakon/store/codec.hpp"
#include "time_field.hpp"

namespace ostrakon::policy {
namespace {

using store::Decoder;
using store::Encoder;
using store::Table;

void put_version(Encoder& encoder, const PulledVersion& version) {
    encoder.number(version.number)
        .number(static_cast<std::uint64_t>(version.at.seconds))
        .text(version.digest)
        .text(version.format)
        .number(version.size)
        .number(version.entries)
        .number(version.rejected)
        .number(version.added)
        .number(version.removed);
}

PulledVersion take_version(Decoder& decoder) {
    PulledVersion version;
    version.number = decoder.number();
    version.at = UnixTime{static_cast<std::int64_t>(decoder.number())};
    version.digest = decoder.text();
    version.format = decoder.text();
    version.size = decoder.number();
    version.entries = decoder.number();
    version.rejected = decoder.number();
    version.added = decoder.number();
    version.removed = decoder.number();
    return version;
}

}  // namespace

std::string encode(const PullState& state) {
    Encoder encoder;
    encoder.text(state.url).text(state.format);
    put_maybe_time(encoder, state.last_try);
    put_maybe_time(encoder, state.last_success);
    put_maybe_time(encoder, state.next);
    encoder.number(state.failures);
    put_maybe_time(encoder, state.missing_since);
    encoder.flag(state.is_stopped)
        .text(state.failure)
        .text(state.etag)
        .text(state.last_modified)
        .number(state.next_version)
        .flag(state.is_rolled_back)
        .flag(state.held.has_value());
    if (state.held) {
        put_version(encoder, state.held->version);
        encoder.text(state.held->why).flag(state.held->is_unreadable);
    }
    encoder.number(state.versions.size());
    for (const PulledVersion& version : state.versions) {
        put_version(encoder, version);
    }
    return encoder.take();
}

std::optional<PullState> decode_pull_state(std::string_view bytes) {
    Decoder decoder{bytes};
    PullState state;
    state.url = decoder.text();
    state.format = decoder.text();
    state.last_try = take_maybe_time(decoder);
    state.last_success = take_maybe_time(decoder);
    state.next = take_maybe_time(decoder);
    state.failures = static_cast<std::uint32_t>(decoder.number());
    state.missing_since = take_maybe_time(decoder);
    state.is_stopped = decoder.flag();
    state.failure = decoder.text();
    state.etag = decoder.text();
    state.last_modified = decoder.text();
    state.next_version = decoder.number();
    state.is_rolled_back = decoder.flag();
    if (decoder.flag()) {
        state.held.emplace();
        state.held->version = take_version(decoder);
        state.held->why = decoder.text();
        state.held->is_unreadable = decoder.flag();
    }
    const std::uint64_t versions = decoder.number();
    if (decoder.is_damaged() || versions > PullState::kVersionsMax) {
        return std::nullopt;
    }
    for (std::uint64_t i = 0; i < versions; ++i) {
        state.versions.push_back(take_version(decoder));
    }
    return decoder.is_damaged() ? std::nullopt : std::optional{std::move(state)};
}

std::optional<PullState> read_pull_state(const store::Transaction& transaction,
                                         std::string_view name) {
    const auto bytes = transaction.get(Table::Pulls, name);
    return bytes ? decode_pull_state(*bytes) : std::nullopt;
}

std::map<std::string, PullState> read_pull_states(const store::Transaction& transaction) {
    std::map<std::string, PullState> states;
    store::Cursor cursor{transaction, Table::Pulls};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        if (auto state = decode_pull_state(cursor.value())) {
            states.emplace(std::string{cursor.key()}, std::move(*state));
        }
    }
    return states;
}

void write_pull_state(store::WriteTransaction& transaction, std::string_view name,
                      const PullState& state) {
    transaction.put(Table::Pulls, name, encode(state));
}

void remove_pull_state(store::WriteTransaction& transaction, std::string_view name) {
    transaction.erase(Table::Pulls, name);
}

}  // namespace ostrakon::policy
