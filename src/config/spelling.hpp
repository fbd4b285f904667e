// How the files spell what is more than a text: sizes, durations, endpoints, codes, names.
//
// Each function makes a value of a text, or says what was expected in its place ("a size, as in
// 64GiB").
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/net/address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::config {

template <class T>
using Spelled = Expected<T, std::string>;

/// Bytes: a number, and B, KiB, MiB, GiB or TiB.
Spelled<std::uint64_t> spelled_size(std::string_view text);

/// "30%" is 0.3.
Spelled<double> spelled_percentage(std::string_view text);

/// "127.0.0.1:5353" or "[::1]:5353"; port 0 lets the system choose.
Spelled<Endpoint> spelled_endpoint(std::string_view text);

/// An address, a prefix or FIRST-LAST.
Spelled<net::AddressRange> spelled_range(std::string_view text);

/// An A record that may be an answer.
Spelled<net::Ipv4> spelled_code(std::string_view text);

Spelled<dns::Name> spelled_name(std::string_view text);

/// A mail address as the name that SOA records have for it: the local part is one label, its dots
/// stay in it.
Spelled<dns::Name> spelled_mailbox(std::string_view text);

/// A mail address as it was written, or nothing.
Spelled<std::string> spelled_mail_address_or_nothing(std::string_view text);

/// How many addresses: "2^24 addresses", "65536".
Spelled<double> spelled_address_count(std::string_view text);

/// A name of a class or feed.
Spelled<std::string> spelled_identifier(std::string_view text);

/// "https://bl.example.org" or nothing; without the last slash.
Spelled<std::string> spelled_web_address(std::string_view text);

/// Any text of up to so many bytes.
struct SpelledText {
    std::size_t size_max;
    std::size_t size_min = 0;
    Spelled<std::string> operator()(std::string_view text) const;
};

struct SpelledDuration {
    std::int64_t least_s = 0;
    std::int64_t most_s = kDurationSecondsMax;
    bool may_be_forever = false;
    Spelled<Duration> operator()(std::string_view text) const;
};

struct SpelledWord {
    std::vector<std::string_view> words;
    Spelled<std::string> operator()(std::string_view text) const;
};

}  // namespace ostrakon::config
