// Asks a resolver what others have in DNS: one question after the other, within a budget.
//
// What comes back is hostile: it counts only from the resolver that was asked, with the id and the
// question that were sent, and no more of it is kept than the bounds here say. Names and texts may
// hold any bytes. Not for `ostrakond`, which asks nobody.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/net/address.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::diagnose {

enum class RecordType : std::uint16_t { A = 1, Cname = 5, Ptr = 12, Mx = 15, Txt = 16, Aaaa = 28 };
std::string_view to_string(RecordType type);

struct MailExchange {
    std::uint16_t preference = 0;
    dns::Name host;
};

/// What there is at a name. Only the records of the type that was asked for are filled in, at most
/// kRecordsMax of them.
struct Answer {
    enum class Kind : std::uint8_t {
        Found,
        NoRecords,  ///< The name exists and has none of this type.
        NoName,     ///< There is no such name.
        Unknown,    ///< It could not be found out; `why` says for what reason.
    };
    static constexpr std::size_t kRecordsMax = 50;
    static constexpr std::size_t kAliasesMax = 8;

    Kind kind = Kind::Unknown;
    std::vector<net::Address> addresses;
    std::vector<dns::Name> names;
    std::vector<MailExchange> exchanges;
    std::vector<std::string> texts;  ///< The strings of each TXT record joined.
    std::vector<dns::Name> aliases;  ///< Where CNAME records led, in their order.
    std::string why;

    bool is_found() const { return kind == Kind::Found; }
    bool is_unknown() const { return kind == Kind::Unknown; }
};

/// What the questions of one diagnosis may take. Behind it, answers are Unknown.
struct Budget {
    std::chrono::milliseconds total{20'000};
    std::chrono::milliseconds a_try{2'000};
    unsigned tries = 2;  ///< For each question; every try goes to the next resolver.
    unsigned questions = 60;
};

class Resolver {
public:
    /// Those of /etc/resolv.conf where none is given. Loads ldns. Error: System.
    static Result<Resolver> open(const std::optional<config::Endpoint>& server,
                                 const Budget& budget);
    Resolver(Resolver&&) noexcept;
    Resolver& operator=(Resolver&&) noexcept;
    ~Resolver();

    /// Waits for the answer. What has been asked once is remembered.
    const Answer& ask(const dns::Name& name, RecordType type);

    /// Who is asked: "127.0.0.1:53".
    std::string description() const;

private:
    struct State;
    explicit Resolver(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::diagnose
