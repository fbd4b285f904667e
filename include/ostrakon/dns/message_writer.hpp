// Writes an answer into a buffer: header, the question bit for bit, records with compressed names,
// OPT.
//
// Whether a record belongs into the answer is the responder's business; whether it fits is told
// here. Nothing is allocated or thrown, and nothing written behind the limit.
#pragma once

#include "ostrakon/dns/name.hpp"
#include "ostrakon/dns/protocol.hpp"
#include "ostrakon/dns/query.hpp"
#include "ostrakon/net/address.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ostrakon::dns {

/// Bytes that a buffer has at least: header, the longest question, OPT with all but an NSID.
inline constexpr std::size_t kAnswerBufferSizeMin = 512;

/// The name in front of a record: a part of the question's name, or a name of its own.
class Owner {
public:
    /// The question's name from label number `label` on; 0 is the whole name.
    static constexpr Owner question(std::size_t label = 0) noexcept {
        return Owner{nullptr, label};
    }
    /// Borrows `name`.
    constexpr Owner(const Name& name) noexcept
        : name_(&name) {}  // NOLINT(google-explicit-constructor): a name is an owner

    constexpr const Name* name() const noexcept { return name_; }
    constexpr std::size_t label() const noexcept { return label_; }

private:
    constexpr Owner(const Name* name, std::size_t label) noexcept : name_(name), label_(label) {}
    const Name* name_;
    std::size_t label_ = 0;
};

/// What an SOA record holds (RFC 1035 §3.3.13). Borrows the names.
struct SoaData {
    const Name& primary;
    const Name& contact;
    std::uint32_t serial = 0;
    std::uint32_t refresh_s = 0;
    std::uint32_t retry_s = 0;
    std::uint32_t expire_s = 0;
    std::uint32_t minimum_s = 0;
};

/// The SOA record of one zone, its names compressed once and for all against the origin, which
/// every question below it ends in. Borrows the names.
class PreparedSoa {
public:
    PreparedSoa(const Name& origin, const SoaData& soa);

private:
    friend class MessageWriter;
    /// A pointer at byte `at` of the data, to byte `target` of the origin or of the data itself.
    struct Pointer {
        std::uint16_t at;
        std::uint16_t target;
        bool is_in_data;
    };
    void note_pointer(std::size_t& at, std::size_t question_end, std::size_t data_start);
    bool shares_more_than_origin(const QuestionName& question,
                                 std::size_t origin_label) const noexcept;

    SoaData soa_;
    /// Of primary and contact, where they lie below the origin: the label in front of it, behind
    /// its length byte. A question below that name shares more with them than the origin.
    std::array<std::string, 2> inner_labels_;
    std::string data_;
    std::array<Pointer, 2> pointers_{};  ///< A name has at most one.
    std::size_t pointer_count_ = 0;
};

/// What the OPT record of an answer says.
struct OptReply {
    std::uint16_t payload_bytes = 0;  ///< The largest query over UDP that the server takes.
    bool dnssec_ok = false;
    std::string_view nsid = {};                 ///< Empty: none. Left out where it does not fit.
    std::span<const std::uint8_t> cookie = {};  ///< RFC 7873; empty: none. Borrowed.
    std::optional<std::uint16_t> keepalive_100ms = std::nullopt;  ///< RFC 7828
    std::optional<ExtendedError> error = std::nullopt;
};

class MessageWriter {
public:
    /// Begins an answer to `query`, whose id, opcode, RD, CD and question are copied. `buffer` has
    /// at least kAnswerBufferSizeMin bytes; at most `size_max` of them are used (at least
    /// kAnswerBufferSizeMin). Borrows both.
    MessageWriter(std::span<std::uint8_t> buffer, std::size_t size_max,
                  const Query& query) noexcept;

    void set_rcode(Rcode rcode) noexcept { rcode_ = rcode; }
    Rcode rcode() const noexcept { return rcode_; }
    void set_authoritative() noexcept { authoritative_ = true; }
    /// Has an OPT end the message. To be called before the first record; an rcode above 15 needs
    /// it.
    void set_opt(const OptReply& opt) noexcept;
    /// Adds an extended error if there is an OPT to carry it. To be called before the first record.
    void set_error(ExtendedError error) noexcept;
    /// Keeps so many bytes of the size free behind the message, for who signs it. To be called
    /// before the first record.
    void keep_free(std::size_t bytes) noexcept;

    // Records, in the order of the sections. Each of these returns false, and leaves the message as
    // it was, where the record does not fit. The class is IN.
    bool add_a(Section section, Owner owner, std::uint32_t ttl_s, net::Ipv4 address) noexcept;
    bool add_aaaa(Section section, Owner owner, std::uint32_t ttl_s, net::Ipv6 address) noexcept;
    bool add_ns(Section section, Owner owner, std::uint32_t ttl_s, const Name& target) noexcept;
    bool add_soa(Section section, Owner owner, std::uint32_t ttl_s, const SoaData& soa) noexcept;
    /// The same for the origin that `soa` was prepared for; in the question it starts at label
    /// number `origin_label`.
    bool add_soa(Section section, std::size_t origin_label, std::uint32_t ttl_s,
                 const PreparedSoa& soa, std::uint32_t serial) noexcept;
    /// One TXT record; its character-strings have at most 255 bytes each, what is longer is cut.
    bool add_txt(Owner owner, std::uint32_t ttl_s, std::span<const std::string_view> strings,
                 RecordClass record_class = RecordClass::In) noexcept;

    /// Whether a record of the answer or authority section did not fit; glue in the additional
    /// section may be missing.
    bool has_overflowed() const noexcept { return overflowed_; }
    /// Bytes that are left for records.
    std::size_t room() const noexcept { return record_limit_ - size_; }

    /// Takes all records back and says with TC that they did not fit.
    void truncate() noexcept;

    /// Ends the message and returns its size in bytes.
    std::size_t finish() noexcept;

private:
    /// A name that stands in the message, for later ones to point to.
    struct Target {
        std::uint16_t offset;
        std::uint16_t
            size;  ///< Bytes of the name in uncompressed form: only names of one size can be equal.
    };
    // Far more than the apex of a zone has; beyond it names are written in full.
    static constexpr std::size_t kTargetsMax = 128;
    /// Where a record begins, to take it back.
    struct Mark {
        std::size_t size;
        std::size_t targets;
        bool ok;
    };

    void set_record_limit() noexcept;
    std::size_t opt_size(bool with_nsid) const noexcept;
    void write_opt() noexcept;

    std::uint8_t* reserve(std::size_t bytes) noexcept;
    bool put_name(std::string_view wire) noexcept;
    std::optional<std::uint16_t> find(std::string_view wire) const noexcept;
    bool stands_at(std::size_t offset, std::string_view wire) const noexcept;
    Mark begin(Owner owner, RecordType type, RecordClass record_class,
               std::uint32_t ttl_s) noexcept;
    bool end(Section section, const Mark& mark, bool ok) noexcept;

    std::span<std::uint8_t> buffer_;
    const QuestionName& question_name_;
    std::size_t size_ = 0;
    std::size_t question_end_ = 0;
    std::size_t record_limit_ = 0;  ///< Where records have to end: the OPT follows.
    std::size_t kept_free_ = 0;
    std::size_t data_start_ = 0;  ///< Of the record that is being written.
    std::uint16_t id_ = 0;
    std::uint16_t flags_ = 0;
    Rcode rcode_ = Rcode::NoError;
    bool authoritative_ = false;
    bool truncated_ = false;
    bool overflowed_ = false;
    std::optional<OptReply> opt_;
    std::array<std::uint16_t, 3> counts_{};
    std::size_t target_count_ = 0;
    std::array<Target, kTargetsMax> targets_;
};

}  // namespace ostrakon::dns
