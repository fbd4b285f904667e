// The page behind the link in a bounce, as a function from requests to answers: what is listed and
// why, what to do about it, and the way to ask for an end of it.
//
// It shows what concerns the subject that is asked about, and nothing else: no other subject, no
// evidence, nobody's address. What the operator sees is answered apart from that.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/diagnose/diagnosis.hpp"
#include "ostrakon/http/message.hpp"
#include "ostrakon/web/languages.hpp"
#include "ostrakon/zone/zone.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ostrakon::web {

/// The most bytes of a form: evidence, percent-encoded at worst, and the rest.
inline constexpr std::size_t kFormSizeMax = std::size_t{3} << 20;

class ReadableDatabase;
class Watch;

struct SiteOptions {
    config::Settings settings;
    std::vector<zone::Zone> zones;
    Languages languages;
    std::string style;   ///< The style sheet.
    std::string policy;  ///< The organisation's policy, Markdown.
    /// Looks a mail server's DNS up, which may take many seconds.
    std::function<Result<diagnose::Diagnosis>(const net::Address&)> diagnose;
    std::function<UnixTime()> now;
    std::string status_style = {};      ///< What the operator's page has beside `style`.
    std::shared_ptr<Watch> watch = {};  ///< What is seen of the running server; null: there is no
                                        ///< page for the operator.
    std::function<std::string()> metrics = {};  ///< What the sockets are asked, for Prometheus.
    std::string icon = {};                      ///< The picture in a browser's tab, SVG.
    /// The policy in other languages, by their codes.
    std::map<std::string, std::string> policies = {};
    /// Shared with the site that takes this one's place, as LMDB knows a file once in a process;
    /// null: one of its own.
    std::shared_ptr<ReadableDatabase> database = nullptr;
};

class Site {
public:
    explicit Site(SiteOptions options);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    /// Any thread, several at once.
    http::Response answer(const http::Request& request) const;
    /// The same for who asks on the operator's own socket: the state of the server, which no other
    /// may see. It has a `watch`.
    http::Response answer_operator(const http::Request& request) const;

    struct State;  ///< Only this module knows what is in it.

private:
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::web
