#include "ostrakon/server/metrics_text.hpp"

#include "ostrakon/metrics/prometheus_text.hpp"
#include "ostrakon/server/query_tally.hpp"

namespace ostrakon::server {
namespace {

using metrics::Kind;
using metrics::PrometheusText;

constexpr double kMicrosecond = 1e-6;

double seconds_of(UnixTime time) {
    return static_cast<double>(time.seconds);
}

void write_process(const Figures& figures, std::string_view version, PrometheusText& text) {
    text.family("ostrakon_build_info", Kind::Gauge, "The version that runs; always 1.");
    text.sample({{"version", version}}, std::uint64_t{1});
    text.family("process_start_time_seconds", Kind::Gauge, "Unix time of the start.");
    text.sample({}, seconds_of(figures.started));
    text.family("process_cpu_seconds_total", Kind::Counter, "CPU time used, user and system.");
    text.sample({}, figures.process.cpu_seconds);
    text.family("process_resident_memory_bytes", Kind::Gauge,
                "Resident memory; the pages of the database that are in memory count.");
    text.sample(figures.process.resident_bytes);
    text.family("process_open_fds", Kind::Gauge, "Open file descriptors.");
    text.sample(figures.process.open_descriptors);
    text.family("ostrakon_workers", Kind::Gauge, "Threads that answer.");
    text.sample(figures.workers);
    text.family("ostrakon_configuration_last_reload_successful", Kind::Gauge,
                "1: what the files say is in force; 0: the last SIGHUP found mistakes.");
    text.sample(figures.is_configuration_current ? 1 : 0);
    text.family("ostrakon_configuration_last_reload_success_timestamp_seconds", Kind::Gauge,
                "Unix time at which the configuration in force was read.");
    text.sample({}, seconds_of(figures.configured));
}

void write_queries(const Figures& figures, PrometheusText& text) {
    text.family("ostrakon_queries_total", Kind::Counter,
                "Queries by zone (empty: none), type, transport and what became of them.");
    for (const auto& [key, count] : figures.queries) {
        const auto& [zone, type, transport, kind] = key;
        text.sample({{"zone", zone},
                     {"type", kCountedTypes[type]},
                     {"transport", kTransports[transport]},
                     {"outcome", responder::kAnswerKindNames[kind]}},
                    count);
    }
    text.family("ostrakon_listed_answers_total", Kind::Counter,
                "Answers that said listed, by each source and class that made them say so.");
    for (const auto& [key, count] : figures.listed) {
        text.sample({{"source", key.first}, {"class", key.second}}, count);
    }
    text.family("ostrakon_partner_queries_total", Kind::Counter,
                "Queries with the key of a partner, by zone and the partner's name.");
    for (const PartnerFigures& each : figures.partners) {
        text.sample({{"zone", each.zone}, {"partner", each.partner}, {"outcome", "answered"}},
                    each.answered);
        text.sample({{"zone", each.zone}, {"partner", each.partner}, {"outcome", "refused"}},
                    each.refused);
    }
    text.family("ostrakon_rate_limited_total", Kind::Counter,
                "Answers that rate limits changed, or would have (dry_run).");
    text.sample({{"action", "dropped"}}, figures.limited_dropped);
    text.sample({{"action", "in_brief"}}, figures.limited_in_brief);
}

void write_udp(const UdpFigures& udp, PrometheusText& text) {
    const auto counter = [&](std::string_view name, std::string_view help, std::uint64_t value) {
        text.family(name, Kind::Counter, help);
        text.sample(value);
    };
    counter("ostrakon_udp_received_total", "Datagrams received.", udp.received);
    counter("ostrakon_udp_sent_total", "Answers sent over UDP.", udp.sent);
    counter("ostrakon_udp_unanswerable_total",
            "Datagrams from a port that no client has, or too long for a query.", udp.unanswerable);
    counter("ostrakon_udp_send_failed_total", "Answers that the system refused to send.",
            udp.send_failed);
    counter("ostrakon_udp_send_dropped_total", "Answers dropped as the socket stayed full.",
            udp.send_dropped);
    counter("ostrakon_udp_receive_overflows_total",
            "Datagrams that the kernel dropped as they found no room in a socket.", udp.overflows);
    text.family("ostrakon_udp_answer_seconds", Kind::Histogram,
                "Time of a query in the server, from the receipt of its batch to its sending.");
    text.histogram(udp.microseconds.counts, udp.microseconds.sum, kMicrosecond);
    text.family("ostrakon_udp_batch_queries", Kind::Histogram,
                "Queries that were received with one system call.");
    text.histogram(udp.batch_sizes.counts, udp.batch_sizes.sum, 1);
}

void write_tcp(const TcpFigures& tcp, PrometheusText& text) {
    text.family("ostrakon_tcp_connections", Kind::Gauge, "Open TCP connections.");
    text.sample(tcp.open);
    text.family("ostrakon_tcp_connections_max", Kind::Gauge, "[server] tcp_connections.");
    text.sample(tcp.open_max);
    text.family("ostrakon_tcp_connections_total", Kind::Counter,
                "TCP connections by what became of them at first.");
    text.sample({{"result", "accepted"}}, tcp.connections.admitted);
    text.sample({{"result", "refused_full"}}, tcp.connections.refused_full);
    text.sample({{"result", "refused_client"}}, tcp.connections.refused_client);
    text.family("ostrakon_tcp_closed_total", Kind::Counter,
                "TCP connections that the server closed: for a new one, or as they were idle.");
    text.sample({{"reason", "displaced"}}, tcp.connections.displaced);
    text.sample({{"reason", "idle"}}, tcp.connections.timed_out);
}

void write_transfers(const TransferFigures& transfers, PrometheusText& text) {
    text.family("ostrakon_transfers_total", Kind::Counter,
                "Zone transfers (AXFR, IXFR) that clients were granted, by how they ended.");
    for (const auto& [type, ends] : {std::pair{"axfr", transfers.axfr}, {"ixfr", transfers.ixfr}}) {
        text.sample({{"type", type}, {"result", "sent"}}, ends.sent);
        text.sample({{"type", type}, {"result", "unfinished"}}, ends.unfinished);
    }
    text.sample({{"type", "any"}, {"result", "servfail"}}, transfers.refused);
    text.family("ostrakon_transfer_sent_bytes_total", Kind::Counter, "Bytes of transfers.");
    text.sample(transfers.bytes);
    text.family("ostrakon_notifies_total", Kind::Counter,
                "NOTIFY messages to secondaries, and what came of them.");
    text.sample({{"result", "sent"}}, transfers.notifies.sent);
    text.sample({{"result", "confirmed"}}, transfers.notifies.confirmed);
    text.sample({{"result", "refused"}}, transfers.notifies.refused);
    text.sample({{"result", "given_up"}}, transfers.notifies.given_up);
}

void write_feeds(const std::vector<FeedFigures>& feeds, UnixTime at, PrometheusText& text) {
    text.family("ostrakon_feed_entries", Kind::Gauge, "Entries of a feed, or ranges of a map.");
    for (const FeedFigures& feed : feeds) {
        text.sample({{"feed", feed.name}}, feed.entries);
    }
    text.family("ostrakon_feed_last_success_timestamp_seconds", Kind::Gauge,
                "Unix time at which a feed was last refreshed.");
    for (const FeedFigures& feed : feeds) {
        if (feed.last_success) {
            text.sample({{"feed", feed.name}}, seconds_of(*feed.last_success));
        }
    }
    text.family("ostrakon_feed_age_seconds", Kind::Gauge, "Time since that.");
    for (const FeedFigures& feed : feeds) {
        if (feed.last_success) {
            text.sample({{"feed", feed.name}}, seconds_of(at) - seconds_of(*feed.last_success));
        }
    }
    text.family("ostrakon_feed_max_age_seconds", Kind::Gauge,
                "The age from which on a feed is not served (max_age).");
    for (const FeedFigures& feed : feeds) {
        if (feed.max_age_s) {
            text.sample({{"feed", feed.name}}, static_cast<double>(*feed.max_age_s));
        }
    }
    text.family("ostrakon_feed_state", Kind::Gauge,
                "1 for the state in which a feed is, 0 for the others.");
    for (const FeedFigures& feed : feeds) {
        for (std::size_t i = 0; i < kFeedStateNames.size(); ++i) {
            text.sample({{"feed", feed.name}, {"state", kFeedStateNames[i]}},
                        std::uint64_t{static_cast<std::size_t>(feed.state) == i});
        }
    }
}

void write_database(const Figures& figures, PrometheusText& text) {
    text.family("ostrakon_database_up", Kind::Gauge,
                "1: the database can be read; 0: answers are SERVFAIL.");
    text.sample(figures.database ? 1 : 0);
    if (!figures.database) {
        return;
    }
    const DatabaseFigures& database = *figures.database;
    const auto gauge = [&](std::string_view name, std::string_view help, std::uint64_t value) {
        text.family(name, Kind::Gauge, help);
        text.sample(value);
    };
    gauge("ostrakon_database_size_bytes", "How large the database may become.",
          database.size_bytes);
    gauge("ostrakon_database_used_bytes", "How large it has become.", database.used_bytes);
    gauge("ostrakon_database_disk_free_bytes", "Free bytes of its file system.",
          database.disk_free_bytes);
    gauge("ostrakon_database_readers", "Reader slots in use, of all processes.", database.readers);
    gauge("ostrakon_database_oldest_reader_changes",
          "Changes committed since the state that the oldest reader holds.",
          database.oldest_reader_changes);
    text.family("ostrakon_zone_serial", Kind::Gauge, "The serial of a zone.");
    for (const std::string& zone : figures.zones) {
        text.sample({{"zone", zone}}, std::uint64_t{database.serial});
    }
    write_feeds(database.feeds, figures.at, text);
}

}  // namespace

std::string metrics_text(const Figures& figures, std::string_view version) {
    PrometheusText text;
    write_process(figures, version, text);
    write_queries(figures, text);
    write_udp(figures.udp, text);
    write_tcp(figures.tcp, text);
    write_transfers(figures.transfers, text);
    write_database(figures, text);
    return text.text();
}

}  // namespace ostrakon::server
