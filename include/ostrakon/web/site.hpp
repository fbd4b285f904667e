// The page behind the link in a bounce, as a function from requests to answers: what is listed and
// why, what to do about it, and the way to ask for an end of it.
//
// It shows what concerns the subject that is asked about, and nothing else: no other subject, no
// evidence, nobody's address.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/diagnose/diagnosis.hpp"
#include "ostrakon/http/message.hpp"
#include "ostrakon/web/languages.hpp"
#include "ostrakon/zone/zone.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ostrakon::web {

/// The most bytes of a form: evidence, percent-encoded at worst, and the rest.
inline constexpr std::size_t kFormSizeMax = std::size_t{3} << 20;

struct SiteOptions {
    config::Settings settings;
    std::vector<zone::Zone> zones;
    Languages languages;
    std::string style;   ///< The style sheet.
    std::string policy;  ///< The organisation's policy, Markdown.
    /// Looks a mail server's DNS up, which may take many seconds.
    std::function<Result<diagnose::Diagnosis>(const net::Address&)> diagnose;
    std::function<UnixTime()> now;
};

class Site {
public:
    explicit Site(SiteOptions options);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    /// Any thread, several at once.
    http::Response answer(const http::Request& request) const;

    struct State;  ///< Only this module knows what is in it.

private:
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::web
