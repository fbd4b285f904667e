// postfix-log: what Postfix has rejected, as syslog writes it. An address is an entry once it was
// rejected `threshold` times `within` a while, for spam or for a misconfigured server.
//
// All but the time, the program and the client's address may be chosen by whoever sends mail. So
// nothing is read from a line but what stands before its first bracket, and a few fixed phrases.
#include "format.hpp"
#include "lines.hpp"
#include "syslog_line.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <deque>
#include <map>

namespace ostrakon::feed {
namespace {

enum class Kind : std::uint8_t { Spam, Misconfigured };

constexpr std::size_t kAddressesMax = 2'000'000;  // that are counted at a time
constexpr std::size_t kEvidenceLinesMax = 10;
constexpr std::size_t kEvidenceLineSizeMax = 400;

struct Phrase {
    std::string_view words;
    Kind kind;
    std::string_view meaning;
};
// What Postfix 3.x and rspamd say. Greylisting, unknown recipients and failures of ours are not
// among it.
constexpr auto kPhrases = std::to_array<Phrase>({
    {" blocked using ", Kind::Spam, "on a block list"},
    {"Relay access denied", Kind::Spam, "tried to relay"},
    {": reject: header ", Kind::Spam, "spam by its header"},
    {": reject: body ", Kind::Spam, "spam by its body"},
    {"Spam message rejected", Kind::Spam, "spam by its content"},
    {"cannot find your hostname", Kind::Misconfigured, "no reverse DNS that leads back"},
    {"cannot find your reverse hostname", Kind::Misconfigured, "no reverse DNS"},
    {"Helo command rejected", Kind::Misconfigured, "a HELO that cannot be"},
});

// The end of what Postfix says by itself; behind it stand sender, recipient and HELO.
std::string_view without_envelope(std::string_view text) {
    return text.substr(0, std::min({text.find("; from=<"), text.find("; proto="), text.size()}));
}

const Phrase* phrase_in(std::string_view text) {
    const std::string_view said = without_envelope(text);
    const auto* const found = std::find_if(
        kPhrases.begin(), kPhrases.end(),
        [said](const Phrase& phrase) { return said.find(phrase.words) != std::string_view::npos; });
    return found == kPhrases.end() ? nullptr : found;
}

// Where the client is named. A message of content checks quotes what the sender wrote before that.
std::string_view naming_part(std::string_view text) {
    if (!text.starts_with(": reject: header ") && !text.starts_with(": reject: body ")) {
        return text;
    }
    const std::string_view before = text.substr(0, text.rfind("; from=<"));
    return before.substr(std::min(before.rfind(" from "), before.size()));
}

// "RCPT from mail.example[192.0.2.7]: …", "… from [192.0.2.7]:1234: …" of postscreen.
std::optional<std::string_view> client_in(std::string_view text) {
    const std::size_t from = text.find(" from ");
    const std::size_t open = text.find('[', from);
    if (from == std::string_view::npos || open == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view name = text.substr(from + 6, open - from - 6);
    const std::size_t close = text.find(']', open);
    if (close == std::string_view::npos || name.find_first_of(" <>:;") != std::string_view::npos) {
        return std::nullopt;
    }
    return text.substr(open + 1, close - open - 1);
}

// Those of services for one's own users say nothing about strangers.
bool is_rejecting_service(std::string_view program) {
    const std::size_t slash = program.rfind('/');
    const std::string_view daemon =
        slash == std::string_view::npos ? std::string_view{} : program.substr(slash + 1);
    const bool is_for_users = program.find("/submission") != std::string_view::npos ||
                              program.find("/smtps/") != std::string_view::npos;
    return !is_for_users && (daemon == "smtpd" || daemon == "postscreen" || daemon == "cleanup");
}

struct Reject {
    net::Address client;
    const Phrase* phrase = nullptr;
};

std::optional<Reject> reject_in(const SyslogLine& line) {
    if (!is_rejecting_service(line.program)) {
        return std::nullopt;
    }
    // "NOQUEUE: reject: …", "4XYZ: milter-reject: …"
    const std::size_t queue_end = line.text.find(": ");
    if (queue_end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view what = line.text.substr(queue_end);
    if (!what.starts_with(": reject: ") && !what.starts_with(": milter-reject: ")) {
        return std::nullopt;
    }
    const auto client = client_in(naming_part(what));
    const auto address = client ? net::parse_address(*client) : std::nullopt;
    const Phrase* const phrase = phrase_in(what);
    if (!address || phrase == nullptr) {
        return std::nullopt;
    }
    return Reject{*address, phrase};
}

// The latest rejects of one client for one kind of reason.
struct Tally {
    struct Seen {
        UnixTime at;
        std::string_view line;
        std::uint32_t number;
        std::string_view meaning;
    };
    std::deque<Seen> latest;   // at most `threshold`
    std::vector<Seen> enough;  // those that reached it last
};

std::string evidence_of(const std::vector<Tally::Seen>& seen) {
    std::string text;
    const std::size_t skipped = seen.size() - std::min(seen.size(), kEvidenceLinesMax);
    for (std::size_t i = skipped; i < seen.size(); ++i) {
        text += std::string{seen[i].line.substr(0, kEvidenceLineSizeMax)} + "\n";
    }
    return text;
}

std::string reason_of(const std::vector<Tally::Seen>& seen, const LogOptions& options) {
    return fmt::format("rejected {} times within {} by our mail server, last on {}: {}",
                       seen.size(), to_string(options.within),
                       to_string(seen.back().at).substr(0, 10), seen.back().meaning);
}

class Tallies {
public:
    explicit Tallies(const LogOptions& options) : options_(options) {}

    void count(const Reject& reject, const Tally::Seen& seen) {
        if (tallies_.size() >= kAddressesMax) {
            forget_old(seen.at);
        }
        Tally& tally = tallies_[{reject.client, reject.phrase->kind}];
        tally.latest.push_back(seen);
        if (tally.latest.size() > options_.threshold) {
            tally.latest.pop_front();
        }
        const std::int64_t span = seen.at.seconds - tally.latest.front().at.seconds;
        if (tally.latest.size() == options_.threshold && span >= 0 &&
            span <= options_.within.seconds) {
            tally.enough.assign(tally.latest.begin(), tally.latest.end());
        }
    }

    void hand_over(Collector& collector) const {
        for (const auto& [who, tally] : tallies_) {
            if (tally.enough.empty()) {
                continue;
            }
            policy::Statement said;
            said.listing_class = who.second == Kind::Misconfigured ? "misconfigured" : "";
            said.reason = reason_of(tally.enough, options_);
            said.is_reason_made_up = true;
            said.evidence = evidence_of(tally.enough);
            said.seen = tally.enough.back().at;
            collector.add(tally.enough.back().number, subject_of(who.first),
                          collector.statement(said));
        }
    }

private:
    static policy::Subject subject_of(const net::Address& address) {
        if (const auto* v4 = std::get_if<net::Ipv4>(&address)) {
            return net::Ipv4Range{*v4, *v4};
        }
        const auto& v6 = std::get<net::Ipv6>(address);
        return net::Ipv6Range{v6, v6};
    }

    // Those that are not there yet and cannot get there with what they have.
    void forget_old(UnixTime at) {
        std::erase_if(tallies_, [&](const auto& one) {
            return one.second.enough.empty() &&
                   at.seconds - one.second.latest.back().at.seconds > options_.within.seconds;
        });
        if (tallies_.size() >= kAddressesMax) {
            std::erase_if(tallies_, [](const auto& one) { return one.second.enough.empty(); });
        }
    }

    const LogOptions& options_;
    std::map<std::pair<net::Address, Kind>, Tally> tallies_;
};

}  // namespace

Result<Done> read_postfix_log(const Document& document, Collector& collector) {
    Lines lines{document.bytes};
    Line line;
    Tallies tallies{document.log};
    bool has_log_line = false;
    std::uint64_t rejects = 0;
    while (lines.next(line)) {
        const auto parsed = parse_syslog_line(line.text, document.now);
        has_log_line = has_log_line || parsed.has_value();
        if (const auto reject = parsed ? reject_in(*parsed) : std::nullopt) {
            ++rejects;
            tallies.count(*reject, {parsed->at, line.text, line.number, reject->phrase->meaning});
        }
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
    if (!has_log_line && line.number != 0) {
        return refuse(document.file, "has no line of a log of Postfix",
                      "name the file that syslog writes, often /var/log/mail.log, or "
                      "journalctl -u postfix@- | ostrakon import - --format postfix-log");
    }
    collector.note("rejects",
                   [rejects] { return fmt::format("{} rejects were counted", rejects); });
    collector.may_be_empty();
    tallies.hand_over(collector);
    return Done{};
}

}  // namespace ostrakon::feed
