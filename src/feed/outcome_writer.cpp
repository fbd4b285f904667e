#include "outcome_codec.hpp"
#include "outcome_parts.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace ostrakon::feed {
namespace {

class OutcomeWriter {
public:
    explicit OutcomeWriter(const std::function<void(std::string_view)>& write) : write_(write) {
        buffer_.reserve(kBufferSize);
    }
    ~OutcomeWriter() = default;
    OutcomeWriter(const OutcomeWriter&) = delete;
    OutcomeWriter& operator=(const OutcomeWriter&) = delete;

    void error(const Error& error) {
        number(OutcomeKind::Error);
        number(error.code);
        text(error.attempt);
        text(error.why);
        text(error.remedy);
    }
    void list(const Contents& contents) {
        const policy::ImportList& list = contents.list;
        number(OutcomeKind::List);
        texts(list.data_sets);
        number<std::uint64_t>(list.statements.size());
        for (const policy::Statement& said : list.statements) {
            statement(said);
        }
        optional(list.default_code);
        block(list.ipv4);
        block(list.ipv6);
        block(list.origins);
        names(list.names);
        mails(list.mails);
        patterns(list.patterns);
        block(list.written_ipv4);
        number(list.further_entries);
        rejects(contents.rejects, contents.rejected);
        number(contents.may_be_empty);
        optional(contents.expires);
        texts(contents.notes);
    }
    void map(const policy::MapContents& contents) {
        number(OutcomeKind::Map);
        for (const policy::MapPart& part : contents.parts) {
            block(part.ipv4);
            block(part.ipv6);
        }
        optional(contents.date);
        number(contents.read);
        rejects(contents.rejects, contents.rejected);
        texts(contents.notes);
    }
    void flush() {
        write_(buffer_);
        buffer_.clear();
    }

private:
    static constexpr std::size_t kBufferSize = std::size_t{1} << 16;

    void bytes(std::string_view bytes) {
        if (buffer_.size() + bytes.size() > kBufferSize) {
            flush();
        }
        if (bytes.size() > kBufferSize) {
            write_(bytes);
        } else {
            buffer_ += bytes;
        }
    }
    template <class T>
    void number(T value) {
        static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
        bytes({reinterpret_cast<const char*>(&value), sizeof value});
    }
    void text(std::string_view text) {
        number(static_cast<std::uint32_t>(text.size()));
        bytes(text);
    }
    void texts(const std::vector<std::string>& all) {
        number<std::uint64_t>(all.size());
        for (const std::string& one : all) {
            text(one);
        }
    }
    void optional(const std::optional<net::Ipv4>& code) {
        number(code.has_value());
        number(code.value_or(net::Ipv4{}).bits);
    }
    void optional(const std::optional<UnixTime>& time) {
        number(time.has_value());
        number(time.value_or(UnixTime{}).seconds);
    }
    // Values that lie in one piece, as they are.
    template <class T>
    void block(const std::vector<T>& values) {
        static_assert(std::is_trivially_copyable_v<T>);
        number<std::uint64_t>(values.size());
        bytes({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
    }

    void statement(const policy::Statement& said) {
        text(said.listing_class);
        optional(said.code);
        text(said.reason);
        text(said.evidence);
        optional(said.until);
        optional(said.seen);
        number(said.is_reason_made_up);
        number(said.is_exception);
        number(said.data_set);
    }
    template <class S>
    void place(const policy::ImportEntry<S>& entry) {
        number(entry.statement);
        number(entry.line);
    }
    void names(const std::vector<policy::ImportEntry<policy::NameSubject>>& entries) {
        number<std::uint64_t>(entries.size());
        for (const auto& entry : entries) {
            place(entry);
            number(entry.subject.scope);
            text(entry.subject.name.wire());
        }
    }
    void mails(const std::vector<policy::ImportEntry<policy::MailSubject>>& entries) {
        number<std::uint64_t>(entries.size());
        for (const auto& entry : entries) {
            place(entry);
            text(entry.subject.hash);
            text(entry.subject.address);
        }
    }
    void patterns(const std::vector<policy::ImportEntry<pattern::Pattern>>& entries) {
        number<std::uint64_t>(entries.size());
        for (const auto& entry : entries) {
            place(entry);
            text(entry.subject.text);
        }
    }
    void rejects(const std::vector<policy::ImportReject>& kept, std::uint64_t all) {
        number(all);
        number<std::uint64_t>(kept.size());
        for (const policy::ImportReject& reject : kept) {
            number(reject.line);
            text(reject.text);
            text(reject.why);
        }
    }

    const std::function<void(std::string_view)>& write_;
    std::string buffer_;
};

}  // namespace

void encode_outcome(const Result<ReadOutcome>& outcome,
                    const std::function<void(std::string_view)>& write) {
    OutcomeWriter writer{write};
    if (!outcome) {
        writer.error(outcome.error());
    } else if (outcome->list) {
        writer.list(outcome->list->contents);
    } else {
        writer.map(outcome->map->contents);
    }
    writer.flush();
}

}  // namespace ostrakon::feed
