#include "byte_reader.hpp"
#include "format.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "outcome_codec.hpp"
#include "outcome_parts.hpp"

#include <fmt/format.h>
#include <array>

namespace ostrakon::feed {
namespace {

constexpr std::int64_t kLastSecond = 253'402'300'800;  // RFC 3339 has years of four digits
constexpr std::size_t kIdentifierSizeMax = 255;
constexpr std::size_t kLabelTextSizeMax = std::size_t{1} << 16;  // of a data set: names of zones
constexpr std::size_t kSentenceSizeMax = 4096;                   // of a message or note
constexpr std::size_t kNotesMax = 1000;
constexpr std::uint64_t kCountMax = std::uint64_t{1} << 40;  // of lines and records
// Bytes that each of these takes at least.
constexpr std::size_t kTextSizeMin = 4;
constexpr std::size_t kStatementSizeMin = 40;
constexpr std::size_t kNameSizeMin = 14;
constexpr std::size_t kMailSizeMin = 16;
constexpr std::size_t kPatternSizeMin = 12;
constexpr std::size_t kRejectSizeMin = 12;

// A name in wire form as dns::Name has it: lower-cased, within its bounds.
std::optional<dns::Name> name_of_wire(std::string_view wire) {
    std::vector<std::string> labels;
    std::size_t at = 0;
    while (at < wire.size() && wire[at] != '\0') {
        const auto size = static_cast<std::uint8_t>(wire[at]);
        if (size > dns::kLabelSizeMax || at + 1 + size > wire.size()) {
            return std::nullopt;
        }
        labels.emplace_back(wire.substr(at + 1, size));
        at += 1U + size;
    }
    if (at + 1 != wire.size()) {
        return std::nullopt;
    }
    auto name = dns::Name::from_labels(labels);
    return name && name->wire() == wire ? std::optional{std::move(*name)} : std::nullopt;
}

class OutcomeReader {
public:
    OutcomeReader(std::size_t size, const ByteSource& source) : in_(size, source) {}

    Error error() {
        Error error;
        const auto code = in_.number<std::uint8_t>();
        in_.require(code <= static_cast<std::uint8_t>(ErrorCode::System), "an error is of no kind");
        error.code = static_cast<ErrorCode>(code);
        error.attempt = sentence();
        error.why = sentence();
        error.remedy = sentence();
        in_.require(!error.why.empty(), "an error does not say what is wrong");
        return error;
    }

    Contents list() {
        Contents contents;
        policy::ImportList& list = contents.list;
        list.data_sets = texts(kDataSetsMax, kLabelTextSizeMax);
        in_.require(!list.data_sets.empty(), "there is no data set");
        data_set_count_ = list.data_sets.size();
        statements(list);
        list.default_code = code();
        list.ipv4 = entries_of_ranges<net::Ipv4Range>();
        list.ipv6 = entries_of_ranges<net::Ipv6Range>();
        origins(list);
        names(list);
        mails(list);
        patterns(list);
        list.written_ipv4 = in_.block<net::Ipv4Range>(kEntriesMax);
        for (const net::Ipv4Range& range : list.written_ipv4) {
            in_.require(range.first <= range.last, "a range ends before it begins");
        }
        list.further_entries = in_.number<std::uint64_t>();
        in_.require(list.further_entries <= kCountMax, "a count is too high");
        rejects(contents.rejects, contents.rejected);
        contents.may_be_empty = in_.flag();
        contents.expires = time();
        contents.notes = sentences();
        return contents;
    }

    policy::MapContents map() {
        policy::MapContents contents;
        for (const net::OriginKind kind : net::kOriginKinds) {
            contents.part(kind).ipv4 = ranges_of_map<net::Ipv4>(kind);
            contents.part(kind).ipv6 = ranges_of_map<net::Ipv6>(kind);
        }
        contents.date = time();
        contents.read = in_.number<std::uint64_t>();
        rejects(contents.rejects, contents.rejected);
        in_.require(contents.read <= kCountMax && contents.rejected <= contents.read,
                    "more is rejected than was read");
        contents.notes = sentences();
        return contents;
    }

    OutcomeKind kind() {
        const auto kind = in_.number<std::uint8_t>();
        in_.require(kind <= static_cast<std::uint8_t>(OutcomeKind::Error), "it is of no kind");
        return static_cast<OutcomeKind>(kind);
    }

    /// What cannot be in what was read; empty where all of it can.
    std::string mistake() {
        in_.require(in_.left() == 0, "something is behind its end");
        return in_.mistake();
    }

private:
    // What people are shown.
    std::string sentence(std::size_t size_max = kSentenceSizeMax) {
        return printable(in_.text(kEvidenceSizeMax), size_max);
    }
    std::vector<std::string> sentences() {
        std::vector<std::string> all(in_.count(kNotesMax, kTextSizeMin));
        for (std::string& one : all) {
            one = sentence();
        }
        return all;
    }
    std::vector<std::string> texts(std::size_t count_max, std::size_t size_max) {
        std::vector<std::string> all(in_.count(count_max, kTextSizeMin));
        for (std::string& one : all) {
            one = in_.text(size_max);
        }
        return all;
    }
    std::optional<UnixTime> time() {
        const bool is_there = in_.flag();
        const UnixTime time{in_.number<std::int64_t>()};
        in_.require(time.seconds >= 0 && time.seconds <= kLastSecond, "a time is no time");
        return is_there ? std::optional{time} : std::nullopt;
    }
    std::optional<net::Ipv4> code() {
        const bool is_there = in_.flag();
        const net::Ipv4 code{in_.number<std::uint32_t>()};
        in_.require(!is_there || zone::is_valid_code(code), "a code can be no answer");
        return is_there ? std::optional{code} : std::nullopt;
    }

    void statements(policy::ImportList& list) {
        const std::size_t count = in_.count(kEntriesMax, kStatementSizeMin);
        list.statements.reserve(count);
        for (std::size_t i = 0; i < count && in_.is_sound(); ++i) {
            policy::Statement said;
            said.listing_class = in_.text(kIdentifierSizeMax);
            in_.require(said.listing_class.empty() || zone::is_valid_identifier(said.listing_class),
                        "a class has no name of a class");
            said.code = code();
            said.reason = in_.text(kReasonSizeMax);
            said.evidence = in_.text(kEvidenceSizeMax);
            said.until = time();
            said.seen = time();
            said.is_reason_made_up = in_.flag();
            said.is_exception = in_.flag();
            said.data_set = in_.number<std::uint32_t>();
            in_.require(said.data_set < data_set_count_, "a data set is not there");
            list.statements.push_back(std::move(said));
        }
        statement_count_ = list.statements.size();
    }

    bool check_place(std::uint32_t statement, std::uint32_t line) {
        return in_.require(statement < statement_count_ && line > 0, "an entry says nothing");
    }
    std::size_t entry_count(std::size_t size_min) {
        const std::size_t count = in_.count(kEntriesMax - entry_count_, size_min);
        entry_count_ += count;
        return count;
    }

    template <class R>
    std::vector<policy::ImportEntry<R>> entries_of_ranges() {
        auto entries = in_.block<policy::ImportEntry<R>>(kEntriesMax - entry_count_);
        entry_count_ += entries.size();
        for (const auto& entry : entries) {
            in_.require(entry.subject.first <= entry.subject.last, "a range ends before it begins");
            if (!check_place(entry.statement, entry.line)) {
                break;
            }
        }
        return entries;
    }
    void origins(policy::ImportList& list) {
        list.origins = in_.block<policy::ImportEntry<net::Origin>>(kEntriesMax - entry_count_);
        entry_count_ += list.origins.size();
        for (const auto& entry : list.origins) {
            check_origin(entry.subject);
            if (!check_place(entry.statement, entry.line)) {
                break;
            }
        }
    }
    void check_origin(const net::Origin& origin) {
        const bool is_known =
            origin.kind == net::OriginKind::As || origin.kind == net::OriginKind::Country;
        in_.require(is_known && net::is_origin(origin), "a place is no place");
    }

    // Calls read(entry) for each, once its place is known.
    template <class S, class Read>
    std::vector<policy::ImportEntry<S>> entries(std::size_t size_min, Read&& read) {
        const std::size_t count = entry_count(size_min);
        std::vector<policy::ImportEntry<S>> all;
        all.reserve(count);
        for (std::size_t i = 0; i < count && in_.is_sound(); ++i) {
            policy::ImportEntry<S> entry;
            entry.statement = in_.number<std::uint32_t>();
            entry.line = in_.number<std::uint32_t>();
            check_place(entry.statement, entry.line);
            read(entry.subject);
            all.push_back(std::move(entry));
        }
        return all;
    }
    void names(policy::ImportList& list) {
        list.names = entries<policy::NameSubject>(kNameSizeMin, [this](auto& subject) {
            const auto scope = in_.number<std::uint8_t>();
            in_.require(scope <= static_cast<std::uint8_t>(policy::NameScope::Below),
                        "a name covers what no name does");
            subject.scope = static_cast<policy::NameScope>(scope);
            auto name = name_of_wire(in_.text(dns::kNameSizeMax));
            if (in_.require(name.has_value(), "a name is no name")) {
                subject.name = std::move(*name);
            }
        });
    }
    void mails(policy::ImportList& list) {
        list.mails = entries<policy::MailSubject>(kMailSizeMin, [this](auto& subject) {
            subject.hash = in_.text(policy::kMailHashSize);
            subject.address = in_.text(policy::kMailAddressSizeMax);
            const bool is_hash = policy::is_sound_mail_entry_key(policy::mail_entry_key(subject));
            const auto address = subject.address.empty()
                                     ? Result<policy::MailSubject>{subject}
                                     : policy::parse_mail_address(subject.address);
            in_.require(is_hash && address && *address == subject, "a mail address is none");
        });
    }
    void patterns(policy::ImportList& list) {
        list.patterns = entries<pattern::Pattern>(kPatternSizeMin, [this](auto& subject) {
            subject.text = in_.text(pattern::kPatternSizeMax);
            const auto read = pattern::parse(subject.text);
            in_.require(read && *read == subject, "a pattern is none");
        });
        in_.require(list.patterns.size() <= kReadPatternsMax, "there are too many patterns");
    }

    template <class A>
    std::vector<policy::MapRange<A>> ranges_of_map(net::OriginKind kind) {
        auto ranges = in_.block<policy::MapRange<A>>(kEntriesMax - entry_count_);
        entry_count_ += ranges.size();
        for (const auto& [range, number] : ranges) {
            check_origin({kind, number});
            if (!in_.require(range.first <= range.last, "a range ends before it begins")) {
                break;
            }
        }
        return ranges;
    }

    void rejects(std::vector<policy::ImportReject>& kept, std::uint64_t& all) {
        all = in_.number<std::uint64_t>();
        kept.resize(in_.count(kRejectsKeptMax, kRejectSizeMin));
        in_.require(
            all <= kCountMax && kept.size() == std::min<std::uint64_t>(all, kRejectsKeptMax),
            "not all rejected lines are there");
        for (policy::ImportReject& reject : kept) {
            reject.line = in_.number<std::uint32_t>();
            reject.text = sentence(kRejectTextSizeMax);
            reject.why = sentence();
        }
    }

    ByteReader in_;
    std::size_t data_set_count_ = 0;
    std::size_t statement_count_ = 0;
    std::size_t entry_count_ = 0;
};

}  // namespace

Result<ReadOutcome> decode_outcome(std::string_view file, std::size_t size,
                                   const ByteSource& source) {
    OutcomeReader reader{size, source};
    ReadOutcome outcome;
    std::optional<Error> error;
    switch (reader.kind()) {
        case OutcomeKind::List:
            outcome.list = ReadList{{}, false, reader.list()};
            break;
        case OutcomeKind::Map:
            outcome.map = ReadMap{{}, false, reader.map()};
            break;
        case OutcomeKind::Error:
            error = reader.error();
            break;
    }
    if (const std::string mistake = reader.mistake(); !mistake.empty()) {
        return refuse(
            file,
            fmt::format("was read by a process that then handed back what cannot be: {}", mistake),
            "look at the list: it may be an attack");
    }
    return error ? Result<ReadOutcome>{Unexpected{std::move(*error)}}
                 : Result<ReadOutcome>{std::move(outcome)};
}

}  // namespace ostrakon::feed
