#include "ostrakon/store/event.hpp"

#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"

namespace ostrakon::store {
namespace {

std::string number_key(std::uint64_t number) {
    std::string key;
    append_big_endian(key, number);
    return key;
}

Event decode_event(std::string_view key, std::string_view value) {
    Decoder decoder{value};
    Event event;
    event.sequence = load_big_endian<std::uint64_t>(key.data());
    event.at = UnixTime{static_cast<std::int64_t>(decoder.number())};
    event.by = decoder.text();
    event.change = decoder.number();
    event.command = decoder.text();
    event.subject = decoder.text();
    event.listing_class = decoder.text();
    event.what = decoder.text();
    event.reason = decoder.text();
    return event;
}

}  // namespace

void append_event(WriteTransaction& transaction, const Event& event) {
    Encoder encoder;
    encoder.number(static_cast<std::uint64_t>(event.at.seconds))
        .text(event.by)
        .number(event.change)
        .text(event.command)
        .text(event.subject)
        .text(event.listing_class)
        .text(event.what)
        .text(event.reason);
    transaction.put(Table::Events, number_key(take_next(transaction, meta_key::kNextEvent)),
                    encoder.take());
}

void for_each_event(const Transaction& transaction,
                    const std::function<bool(const Event&)>& visit) {
    Cursor cursor{transaction, Table::Events};
    for (bool found = cursor.first(); found; found = cursor.next()) {
        if (!visit(decode_event(cursor.key(), cursor.value()))) {
            return;
        }
    }
}

void for_each_event_backwards(const Transaction& transaction,
                              const std::function<bool(const Event&)>& visit) {
    Cursor cursor{transaction, Table::Events};
    for (bool found = cursor.last(); found; found = cursor.previous()) {
        if (!visit(decode_event(cursor.key(), cursor.value()))) {
            return;
        }
    }
}

void put_change(WriteTransaction& transaction, const Change& change) {
    Encoder encoder;
    encoder.number(static_cast<std::uint64_t>(change.at.seconds))
        .text(change.by)
        .text(change.command)
        .number(change.addresses)
        .number(change.names)
        .number(change.serial)
        .flag(change.undone)
        .number(change.undoes);
    transaction.put(Table::Changes, number_key(change.id), encoder.take());
}

std::optional<Change> get_change(const Transaction& transaction, ChangeId id) {
    const auto bytes = transaction.get(Table::Changes, number_key(id));
    if (!bytes) {
        return std::nullopt;
    }
    Decoder decoder{*bytes};
    Change change;
    change.id = id;
    change.at = UnixTime{static_cast<std::int64_t>(decoder.number())};
    change.by = decoder.text();
    change.command = decoder.text();
    change.addresses = decoder.number();
    change.names = decoder.number();
    change.serial = static_cast<std::uint32_t>(decoder.number());
    change.undone = decoder.flag();
    change.undoes = decoder.number();
    return change;
}

}  // namespace ostrakon::store
