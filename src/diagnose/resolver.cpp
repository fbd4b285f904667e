#include "ostrakon/diagnose/resolver.hpp"

#include "answer_reader.hpp"
#include "ostrakon/diagnose/exchange.hpp"
#include "ostrakon/ldns/library.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <utility>

namespace ostrakon::diagnose {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kDnsPort = 53;
constexpr std::size_t kServersMax = 3;  // as many as the C library asks

// Where none is named, the C library asks this machine, too.
std::vector<config::Endpoint> system_servers(const ldns::Library& ldns) {
    std::vector<config::Endpoint> servers;
    ldns_resolver* raw = nullptr;
    if (ldns.resolver_new(&raw, nullptr) == LDNS_STATUS_OK && raw != nullptr) {
        ldns_rdf** const addresses = ldns.nameservers(raw);
        const std::size_t count = std::min(ldns.nameserver_count(raw), kServersMax);
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint8_t* const bytes = ldns.rdf_data(addresses[i]);
            if (ldns.rdf_size(addresses[i]) == 16) {
                servers.push_back({net::ipv6_from_bytes(bytes), kDnsPort});
            } else if (ldns.rdf_size(addresses[i]) == 4) {
                servers.push_back(
                    {net::Ipv4{std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
                               std::uint32_t{bytes[2]} << 8 | bytes[3]},
                     kDnsPort});
            }
        }
        ldns.resolver_free(raw);
    }
    if (servers.empty()) {
        servers.push_back({net::Ipv4{0x7F000001}, kDnsPort});
    }
    return servers;
}

}  // namespace

std::string_view to_string(RecordType type) {
    switch (type) {
        case RecordType::A:
            return "A";
        case RecordType::Cname:
            return "CNAME";
        case RecordType::Ptr:
            return "PTR";
        case RecordType::Mx:
            return "MX";
        case RecordType::Txt:
            return "TXT";
        case RecordType::Aaaa:
            return "AAAA";
    }
    return "";
}

struct Resolver::State {
    ldns::Library ldns;
    std::vector<config::Endpoint> servers;
    Budget budget;
    Deadline end;
    unsigned questions_left;
    std::size_t next_server = 0;
    std::random_device random{};
    std::map<std::pair<dns::Name, RecordType>, Answer> known{};

    Answer ask(const dns::Name& name, RecordType type);
    Answer ask_once(const dns::Name& name, RecordType type);
};

// One question, with its tries.
Answer Resolver::State::ask_once(const dns::Name& name, RecordType type) {
    Answer answer;
    if (questions_left == 0) {
        answer.why = "more questions than are asked for one server";
        return answer;
    }
    --questions_left;
    for (unsigned attempt = 0; attempt < budget.tries && answer.is_unknown(); ++attempt) {
        const Deadline now = Clock::now();
        if (now >= end) {
            answer.why = "the time for all questions was over";
            break;
        }
        const config::Endpoint server = servers[next_server];
        const Bytes query = write_query(ldns, name, type, static_cast<std::uint16_t>(random()));
        const Exchanged exchanged =
            exchange(server, query, std::min<Deadline>(end, now + budget.a_try));
        if (exchanged.answer.empty()) {
            answer.why = exchanged.why;
        } else {
            answer = read_answer(ldns, exchanged.answer, name, type);
            if (answer.is_unknown()) {
                answer.why += " from " + config::to_string(server);
            }
        }
        next_server = (next_server + (answer.is_unknown() ? 1 : 0)) % servers.size();
    }
    return answer;
}

// A resolver follows aliases itself; a nameserver that is asked in its place leaves that to us.
Answer Resolver::State::ask(const dns::Name& name, RecordType type) {
    Answer answer = ask_once(name, type);
    while (answer.kind == Answer::Kind::NoRecords && !answer.aliases.empty()) {
        std::vector<dns::Name> aliases = std::move(answer.aliases);
        answer = ask_once(aliases.back(), type);
        const bool leads_on = !answer.aliases.empty();
        aliases.insert(aliases.end(), answer.aliases.begin(), answer.aliases.end());
        if (aliases.size() > Answer::kAliasesMax) {
            answer = Answer{};
            answer.why = "a chain of more than " + std::to_string(Answer::kAliasesMax) + " aliases";
        }
        answer.aliases = std::move(aliases);
        if (!leads_on) {
            break;
        }
    }
    if (answer.is_unknown()) {
        answer.why += " (" + std::string{to_string(type)} + " " + dns::to_string(name) + ")";
    }
    return answer;
}

Resolver::Resolver(std::unique_ptr<State> state) : state_(std::move(state)) {}
Resolver::Resolver(Resolver&&) noexcept = default;
Resolver& Resolver::operator=(Resolver&&) noexcept = default;
Resolver::~Resolver() = default;

Result<Resolver> Resolver::open(const std::optional<config::Endpoint>& server,
                                const Budget& budget) {
    auto ldns = ldns::load_library();
    if (!ldns) {
        return Unexpected{std::move(ldns.error())};
    }
    std::vector<config::Endpoint> servers = server ? std::vector{*server} : system_servers(*ldns);
    return Resolver{std::unique_ptr<State>{new State{
        *ldns, std::move(servers), budget, Clock::now() + budget.total, budget.questions}}};
}

const Answer& Resolver::ask(const dns::Name& name, RecordType type) {
    const auto found = state_->known.find({name, type});
    if (found != state_->known.end()) {
        return found->second;
    }
    Answer answer = state_->ask(name, type);
    return state_->known.insert_or_assign({name, type}, std::move(answer)).first->second;
}

std::string Resolver::description() const {
    std::string text;
    for (const config::Endpoint& server : state_->servers) {
        text += (text.empty() ? "" : ", ") + config::to_string(server);
    }
    return text;
}

}  // namespace ostrakon::diagnose
