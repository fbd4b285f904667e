// What a list format is to the registry in list.cpp, and what the formats share: the document and
// where findings go.
#pragma once

#include "ostrakon/feed/list.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace ostrakon::feed {

/// A list on its way through a format.
struct Document {
    std::string_view file;          ///< As messages call it.
    std::string_view bytes;         ///< Unpacked, without a byte order mark.
    std::string_view variant = {};  ///< What stands behind the colon of the format's name.
    UnixTime now = {};
    LogOptions log = {};
    bool is_feed = true;  ///< The entries are for a feed, where the most specific one counts.
    std::function<bool(const net::Address&)> may_be_listed = {};  ///< Empty: any.
    std::function<void(std::uint64_t bytes_done)>
        progress;  ///< Never empty; call it every kProgressLines.
};

/// Bytes of the reason for a reject, which may quote the line.
inline constexpr std::size_t kWhySizeMax = 4096;
/// Lines between two reports of progress.
inline constexpr std::uint32_t kProgressLines = 1U << 16;

/// Takes what a format finds, and holds the bounds.
class Collector {
public:
    explicit Collector(Contents& contents);

    /// The number under which entries name what they say: the same for the same.
    std::uint32_t statement(const policy::Statement& statement);
    /// The number of a data set of a combined file; nothing where kDataSetsMax are there already.
    std::optional<std::uint32_t> data_set(std::string_view label);

    /// Reads a subject; one that is none is rejected.
    std::optional<policy::Subject> subject(std::uint32_t line, std::string_view text);
    /// Adds an entry. Does nothing once the list is full.
    void add(std::uint32_t line, policy::Subject subject, std::uint32_t statement);
    /// Reads the subject and adds an entry for it; false if it was rejected.
    bool add(std::uint32_t line, std::string_view subject, std::uint32_t statement);
    void reject(std::uint32_t line, std::string_view text, std::string_view why);

    /// Keeps a remark for people. Of each kind only the first is made; further ones are counted.
    template <class Make>
    void note(std::string_view kind, Make&& make) {
        const auto [known, is_new] =
            notes_.try_emplace(std::string{kind}, Note{notes_.size(), {}, 0});
        if (is_new) {
            known->second.text = std::forward<Make>(make)();
        }
        ++known->second.count;
    }
    /// Keeps a range that is wider than the entries it is cut into.
    void note_range(net::Ipv4Range range);
    /// The last line gave this many entries besides its first.
    void note_further_entries(std::uint64_t count) { contents_.list.further_entries += count; }
    /// The code of entries that say none, where neither feed nor import says one.
    void set_default_code(net::Ipv4 code) { contents_.list.default_code = code; }
    /// That there is no entry in it is no mistake.
    void may_be_empty() { contents_.may_be_empty = true; }
    /// Until when the list says that there will be nothing new.
    void set_expires(UnixTime at) { contents_.expires = at; }
    /// Hands the remarks over, in the order of their first.
    void finish();

    /// Whether kEntriesMax is reached and more are to come.
    bool is_full() const { return is_full_; }

private:
    /// Statements by their content, which the list alone keeps.
    struct Content {
        const std::vector<policy::Statement>* statements;
        std::size_t operator()(std::uint32_t id) const;
        bool operator()(std::uint32_t a, std::uint32_t b) const;
    };

    struct Note {
        std::size_t place;
        std::string text;
        std::uint64_t count;
    };

    Contents& contents_;
    std::map<std::string, Note, std::less<>> notes_;
    std::unordered_set<std::uint32_t, Content, Content> known_;
    bool is_full_ = false;
};

/// Reads a whole document into entries; the error refuses it as a whole.
using Reader = Result<Done> (*)(const Document& document, Collector& collector);

Result<Done> read_plain(const Document& document, Collector& collector);
Result<Done> read_csv(const Document& document, Collector& collector);
Result<Done> read_json(const Document& document, Collector& collector);
Result<Done> read_spamhaus_drop(const Document& document, Collector& collector);
Result<Done> read_spamhaus_json(const Document& document, Collector& collector);
Result<Done> read_spamhaus_asn(const Document& document, Collector& collector);
Result<Done> read_rbldnsd(const Document& document, Collector& collector);
Result<Done> read_iplist(const Document& document, Collector& collector);
Result<Done> read_domains(const Document& document, Collector& collector);
Result<Done> read_hosts(const Document& document, Collector& collector);
Result<Done> read_urllist(const Document& document, Collector& collector);
Result<Done> read_abusech_csv(const Document& document, Collector& collector);
Result<Done> read_dshield(const Document& document, Collector& collector);
Result<Done> read_tor_exit_addresses(const Document& document, Collector& collector);
Result<Done> read_ipset_save(const Document& document, Collector& collector);
Result<Done> read_hosts_deny(const Document& document, Collector& collector);
Result<Done> read_postfix_table(const Document& document, Collector& collector);
Result<Done> read_pcre_table(const Document& document, Collector& collector);
Result<Done> read_dnsbl_zone(const Document& document, Collector& collector);
Result<Done> read_rpz(const Document& document, Collector& collector);
Result<Done> read_abuseipdb_json(const Document& document, Collector& collector);
Result<Done> read_crowdsec_json(const Document& document, Collector& collector);
Result<Done> read_nft_json(const Document& document, Collector& collector);
Result<Done> read_ndjson(const Document& document, Collector& collector);
/// csv with a variant.
Result<Done> read_csv_column(const Document& document, Collector& collector);

Result<Done> read_postfix_log(const Document& document, Collector& collector);
Result<Done> read_fail2ban(const Document& document, Collector& collector);
Result<Done> read_arf(const Document& document, Collector& collector);
/// Whether a list that begins so is for read_arf: a mail whose header speaks of a report.
bool is_report_mail(std::string_view beginning);

/// The error that refuses a list.
Unexpected<Error> refuse(std::string_view file, std::string why, std::string remedy);

/// What a format is written in. A log is text that quotes what servers say.
enum class Form : std::uint8_t { Text, Log, Json, Binary };

/// What is wrong with a list before any format looks at it: packed, UTF-16, a web page; for a feed
/// also a message of a server, and zero bytes in more than one of 1000 lines.
Result<Done> check_outer_form(std::string_view file, std::string_view bytes, Form form,
                              bool is_feed);

/// The outer fields that csv and json share: each says why it cannot be taken, or stores the value.
Result<Done> set_class(policy::Statement& entry, std::string_view text);
Result<Done> set_code(policy::Statement& entry, std::string_view text);
Result<Done> set_reason(policy::Statement& entry, std::string_view text);
Result<Done> set_until(policy::Statement& entry, std::string_view text);
Result<Done> set_evidence(policy::Statement& entry, std::string_view text);

}  // namespace ostrakon::feed
