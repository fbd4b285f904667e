#include "ostrakon/tsig/asking.hpp"

#include "signed_bytes.hpp"

namespace ostrakon::tsig {

void Session::sign(std::vector<std::uint8_t>& question, UnixTime now) {
    const Variables variables{
        .name = key_.name.wire(), .algorithm = wire_name(key_.algorithm), .time = seconds_of(now)};
    Hmac hmac{key_.algorithm, key_.secret_bytes()};
    hmac.update(question);
    update_variables(hmac, variables);
    prior_ = hmac.finish();
    const std::size_t size = question.size();
    question.resize(size + record_size(variables, prior_.size));
    append_record(question, size, variables, prior_.view());
}

Doubt Session::take(Bytes message, const Record* record, UnixTime now) {
    if (record == nullptr) {
        if (!is_begun_) {
            return Doubt::NotSigned;
        }
        if (++unsigned_count_ > kUnsignedMessagesMax) {
            return Doubt::TooManyUnsigned;
        }
    } else if (record->name.view() != key_.name.wire() ||
               record->algorithm.view() != wire_name(key_.algorithm)) {
        return Doubt::OtherKey;
    } else if (record->error != 0) {
        return Doubt::ToldError;
    }
    if (!pending_) {
        pending_.emplace(key_.algorithm, key_.secret_bytes());
        update_prior(*pending_, prior_.view());
    }
    if (record == nullptr) {
        pending_->update(message);
        return Doubt::None;
    }
    Hmac hmac = *pending_;  // stays as it is where the message is not believed
    update_unsigned_form(hmac, message, *record);
    const Variables variables{.name = record->name.view(),
                              .algorithm = record->algorithm.view(),
                              .time = record->time,
                              .fudge = record->fudge,
                              .error = record->error,
                              .other = record->other};
    if (is_begun_) {
        update_timers(hmac, variables);
    } else {
        update_variables(hmac, variables);
    }
    const Mac mac = hmac.finish();
    if (record->mac.size() != mac.size || !is_same_mac(mac.view(), record->mac)) {
        return Doubt::WrongMac;
    }
    if (!is_in_time(*record, now)) {
        return Doubt::WrongTime;
    }
    prior_ = mac;
    pending_.reset();
    unsigned_count_ = 0;
    is_begun_ = true;
    return Doubt::None;
}

}  // namespace ostrakon::tsig
