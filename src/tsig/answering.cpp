#include "ostrakon/tsig/answering.hpp"

#include "signed_bytes.hpp"

namespace ostrakon::tsig {
namespace {

constexpr std::size_t kMacSizeMin = 10;  // RFC 8945 §5.2.2.1

// Of one that is cut short, too: then it is longer than half.
bool is_possible_size(std::size_t size, Algorithm algorithm) noexcept {
    const std::size_t whole = mac_size(algorithm);
    return size <= whole && size >= std::max(kMacSizeMin, whole / 2);
}

TsigError error_of(Finding finding) noexcept {
    switch (finding) {
        case Finding::BadKey:
            return TsigError::BadKey;
        case Finding::BadSig:
            return TsigError::BadSig;
        case Finding::BadTime:
            return TsigError::BadTime;
        case Finding::BadTrunc:
            return TsigError::BadTrunc;
        case Finding::Good:
        case Finding::Malformed:
            break;
    }
    return TsigError::None;
}

}  // namespace

Finding verify_request(Bytes message, const Record& record, const Key* key, UnixTime now) noexcept {
    if (key == nullptr || record.algorithm.view() != wire_name(key->algorithm)) {
        return Finding::BadKey;
    }
    if (!is_possible_size(record.mac.size(), key->algorithm)) {
        return Finding::Malformed;
    }
    Hmac hmac{key->algorithm, key->secret_bytes()};
    update_unsigned_form(hmac, message, record);
    update_variables(hmac, {.name = record.name.view(),
                            .algorithm = record.algorithm.view(),
                            .time = record.time,
                            .fudge = record.fudge,
                            .error = record.error,
                            .other = record.other});
    const Mac mac = hmac.finish();
    if (!is_same_mac(mac.view().first(record.mac.size()), record.mac)) {
        return Finding::BadSig;
    }
    if (!is_in_time(record, now)) {
        return Finding::BadTime;
    }
    return record.mac.size() == mac.size ? Finding::Good : Finding::BadTrunc;
}

std::size_t answer_record_size(const Record& request, const Key* key) noexcept {
    const Variables variables{.name = request.name.view(), .algorithm = request.algorithm.view()};
    return record_size(variables, key == nullptr ? 0 : mac_size(key->algorithm)) + kTimeSize;
}

AnswerSigner::AnswerSigner(const Record& request, const Key* key, Finding finding) noexcept
    : request_(request), key_(key), finding_(finding) {
    prior_.size = std::min(request.mac.size(), prior_.bytes.size());
    std::copy_n(request.mac.begin(), prior_.size, prior_.bytes.begin());
}

std::size_t AnswerSigner::sign(std::span<std::uint8_t> buffer, std::size_t size,
                               UnixTime now) noexcept {
    Variables variables{.name = request_.name.view(),
                        .algorithm = request_.algorithm.view(),
                        .time = seconds_of(now),
                        .error = static_cast<std::uint16_t>(error_of(finding_))};
    std::array<std::uint8_t, kTimeSize> own_time{};
    if (finding_ == Finding::BadTime) {  // RFC 8945 §5.2.3: the client's time, and ours beside it
        store_u48(own_time.data(), variables.time);
        variables.time = request_.time;
        variables.other = own_time;
    }
    if (key_ == nullptr || finding_ == Finding::BadKey || finding_ == Finding::BadSig) {
        return append_record(buffer, size, variables, {});  // §5.3.2
    }
    Hmac hmac{key_->algorithm, key_->secret_bytes()};
    update_prior(hmac, prior_.view());
    hmac.update(buffer.first(size));
    if (is_first_) {
        update_variables(hmac, variables);
    } else {
        update_timers(hmac, variables);
    }
    is_first_ = false;
    prior_ = hmac.finish();
    return append_record(buffer, size, variables, prior_.view());
}

}  // namespace ostrakon::tsig
