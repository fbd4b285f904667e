#include "ostrakon/server/top_tally.hpp"

#include "ostrakon/responder/query_text.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace ostrakon::server {
namespace {

// Queries that are looked at in a second, about; more often they cost what others notice.
constexpr std::uint64_t kLooksMax = 1000;
constexpr std::uint64_t kStrideMax = 4096;

std::uint64_t mixed(std::uint64_t value) noexcept {
    value *= 0x9E3779B97F4A7C15;
    return value ^ value >> 32;
}

}  // namespace

std::uint64_t TopTally::ClientKey::hash() const noexcept {
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
        return mixed(ipv4->bits);
    }
    const auto bits = std::get_if<net::Ipv6>(&address)->bits;
    return mixed(static_cast<std::uint64_t>(bits) ^ mixed(static_cast<std::uint64_t>(bits >> 64)));
}

std::uint64_t TopTally::SubjectKey::hash() const noexcept {
    return mixed(std::hash<std::string_view>{}(view()) + zone_row);
}

// xorshift64 (Marsaglia, 2003): nothing but a figure depends on nobody foreseeing it.
std::uint64_t TopTally::next_random() noexcept {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_ >> 32;
}

void TopTally::adapt(UnixTime at) noexcept {
    if (looks_ > kLooksMax && stride_ < kStrideMax) {
        stride_ *= 2;
    } else if (looks_ < kLooksMax / 4 && stride_ > 1) {
        stride_ /= 2;
    }
    second_ = at.seconds;
    looks_ = 0;
}

std::size_t TopTally::begin(std::size_t queries, UnixTime at) noexcept {
    if (at.seconds != second_) {
        adapt(at);
    }
    passed_ += queries;
    if (passed_ < wanted_) {
        return kNone;
    }
    weight_ = std::exchange(passed_, 0);
    wanted_ = stride_ / 2 + (next_random() * stride_ >> 32);
    ++looks_;
    return static_cast<std::size_t>(next_random() * queries >> 32);
}

TopTally::Period& TopTally::period_at(UnixTime at) noexcept {
    if (at.seconds >= periods_[current_].since + kTopPeriodSeconds) {
        current_ = 1 - current_;
        periods_[current_].since = at.seconds;
        periods_[current_].clients.clear();
        periods_[current_].subjects.clear();
    }
    return periods_[current_];
}

void TopTally::note(const responder::PendingQuery& query, const responder::Client& client,
                    std::size_t zone_row, bool is_listed, UnixTime at) noexcept {
    Period& period = period_at(at);
    period.clients.note({client.address}, weight_);
    // A label that looks like a key may be one with a typing mistake.
    const bool has_subject = !query.error && query.zone != nullptr && query.subject_labels > 0 &&
                             query.key != responder::KeyKind::Unknown;
    if (has_subject) {
        note_subject(query, zone_row, is_listed, period);
    }
}

void TopTally::note_subject(const responder::PendingQuery& query, std::size_t zone_row,
                            bool is_listed, Period& period) noexcept {
    verdict::Subject subject = verdict::NameKey{};
    if (query.reading.ipv4) {
        subject = *query.reading.ipv4;
    } else if (query.reading.ipv6) {
        subject = *query.reading.ipv6;
    }
    const responder::QueryText text{subject, query.query.name.first(query.subject_labels)};
    std::string_view shown = text.view();
    shown.remove_prefix(shown.size() - std::min(shown.size(), kTextSizeMax));
    SubjectKey key;
    key.zone_row = static_cast<std::uint32_t>(zone_row);
    key.is_listed = is_listed;
    key.size = static_cast<std::uint8_t>(shown.size());
    std::copy(shown.begin(), shown.end(), key.text.begin());
    period.subjects.note(key, weight_);
}

TopTally::Counts TopTally::counts(UnixTime at) const {
    Counts counts;
    counts.since = at.seconds;
    for (const Period& period : periods_) {
        if (at.seconds >= period.since + 2 * kTopPeriodSeconds) {
            continue;
        }
        counts.since = std::min(counts.since, period.since);
        for (const auto& item : period.clients.items()) {
            if (item.count > 0) {
                counts.clients[item.key.address] += item.count;
            }
        }
        for (const auto& item : period.subjects.items()) {
            if (item.count > 0) {
                auto& [count, is_listed] =
                    counts.subjects[{item.key.zone_row, std::string{item.key.view()}}];
                count += item.count;
                is_listed = is_listed || item.key.is_listed;
            }
        }
    }
    return counts;
}

}  // namespace ostrakon::server
