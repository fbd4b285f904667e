// What a query costs besides the look-up: reading it, finding its zone, reading what its name
// means, writing the answer.
#include "bench/listed_site.hpp"
#include "ostrakon/dns/message_writer.hpp"
#include "ostrakon/dns/query.hpp"
#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/responder/prepared.hpp"
#include "ostrakon/responder/question_reading.hpp"

#include <benchmark/benchmark.h>
#include <array>

namespace ostrakon::bench {
namespace {

// Few, since a server has just received what it reads.
constexpr std::size_t kDrawn = 1024;
constexpr std::size_t kOriginLabels = 3;
constexpr std::uint32_t kTtlS = 300;
constexpr std::string_view kText = "192.0.2.1 is listed by addresses";

ListedSite& small_site() {
    return ListedSite::of(*find_size("S"));
}

/// Packets, and what parse_query makes of them.
struct Parsed {
    explicit Parsed(Kind kind)
        : packets(small_site().draw_packets(kind, kDrawn)), queries(packets.size()) {
        for (std::size_t i = 0; i < packets.size(); ++i) {
            if (!dns::parse_query(packets[i], queries[i])) {
                throw std::logic_error("a question that was built cannot be read");
            }
        }
    }
    const dns::Query& next() { return queries[at++ % queries.size()]; }

    std::vector<test::Bytes> packets;
    std::vector<dns::Query> queries;
    std::size_t at = 0;
};

Kind kind_of(const benchmark::State& state) {
    return static_cast<Kind>(state.range(0));
}

void label(benchmark::State& state) {
    state.SetLabel(std::string{kKindNames[static_cast<std::size_t>(state.range(0))]});
}

void parse(benchmark::State& state) {
    const std::vector<test::Bytes> packets = small_site().draw_packets(kind_of(state), kDrawn);
    std::size_t at = 0;
    dns::Query query;
    for (auto _ : state) {
        benchmark::DoNotOptimize(dns::parse_query(packets[at++ % packets.size()], query));
    }
    label(state);
}
BENCHMARK(parse)->DenseRange(0, kKindNames.size() - 1);

void find_zone(benchmark::State& state) {
    Parsed parsed{kind_of(state)};
    const responder::Site::Prepared& site = small_site().site().prepared();
    for (auto _ : state) {
        benchmark::DoNotOptimize(site.find_zone(parsed.next().name));
    }
    label(state);
}
BENCHMARK(find_zone)->DenseRange(0, kKindNames.size() - 1);

// What the labels in front of the origin mean.
void read_name(benchmark::State& state) {
    Parsed parsed{kind_of(state)};
    responder::QuestionReading reading;
    for (auto _ : state) {
        const dns::QuestionName& name = parsed.next().name;
        const std::size_t count = name.label_count() - kOriginLabels;
        reading.read(name, count);
        benchmark::DoNotOptimize(reading);
    }
    label(state);
}
BENCHMARK(read_name)->DenseRange(0, kKindNames.size() - 1);

void read_ipv4(benchmark::State& state) {
    Parsed parsed{Kind::A};
    for (auto _ : state) {
        const dns::QuestionName& name = parsed.next().name;
        benchmark::DoNotOptimize(dns::whole_ipv4(name));
    }
}
BENCHMARK(read_ipv4);

void read_ipv6(benchmark::State& state) {
    Parsed parsed{Kind::Ipv6};
    for (auto _ : state) {
        const dns::QuestionName& name = parsed.next().name;
        benchmark::DoNotOptimize(
            dns::parse_reversed_ipv6(name.first(name.label_count() - kOriginLabels)));
    }
}
BENCHMARK(read_ipv6);

/// Begins answers to drawn questions, has `write` write their records, and ends them.
template <class Write>
void write_answers(benchmark::State& state, const Write& write) {
    Parsed parsed{Kind::A};
    std::array<std::uint8_t, responder::kUdpAnswerSizeMax> buffer{};
    for (auto _ : state) {
        const dns::Query& query = parsed.next();
        dns::MessageWriter writer{buffer, dns::kUdpSizeWithoutEdns, query};
        writer.set_authoritative();
        write(writer, query);
        benchmark::DoNotOptimize(writer.finish());
        benchmark::ClobberMemory();
    }
}

void write_a(benchmark::State& state) {
    write_answers(state, [](dns::MessageWriter& writer, const dns::Query&) {
        writer.add_a(dns::Section::Answer, dns::Owner::question(), kTtlS, net::Ipv4{0x7F000002});
    });
}
BENCHMARK(write_a);

void write_txt(benchmark::State& state) {
    constexpr std::array<std::string_view, 1> kTexts{kText};
    write_answers(state, [&](dns::MessageWriter& writer, const dns::Query&) {
        writer.add_txt(dns::Owner::question(), kTtlS, kTexts);
    });
}
BENCHMARK(write_txt);

void write_nxdomain(benchmark::State& state) {
    const responder::PreparedZone& zone = small_site().site().prepared().zones.front();
    write_answers(state, [&](dns::MessageWriter& writer, const dns::Query& query) {
        writer.set_rcode(dns::Rcode::NxDomain);
        writer.add_soa(dns::Section::Authority, query.name.label_count() - kOriginLabels, kTtlS,
                       zone.soa, 1);
    });
}
BENCHMARK(write_nxdomain);

}  // namespace
}  // namespace ostrakon::bench
