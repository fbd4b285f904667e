#include "bench/listed_site.hpp"

#include "bench/list_files.hpp"
#include "ostrakon/policy/import.hpp"

#include <fmt/format.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace ostrakon::bench {
namespace {

constexpr std::uint64_t kDatabaseBytes = std::uint64_t{4} << 30;

template <class T>
T value_of(Result<T> result) {
    if (!result) {
        throw std::runtime_error(message(result.error()));
    }
    return std::move(*result);
}

server::Generation write_and_read(const test::TemporaryDirectory& directory) {
    directory.write("zones/bl.toml", fmt::format("origin = \"{}\"\nns = [\"ns.example.org\"]\n"
                                                 "contact = \"hostmaster@example.org\"\n",
                                                 kOrigin));
    return value_of(server::read_generation(directory.write("ostrakon.toml", "")));
}

store::Environment create_database(const test::TemporaryDirectory& directory) {
    return value_of(store::Environment::open({.directory = directory.path(),
                                              .access = store::Access::ReadWriteCreate,
                                              .size_bytes = kDatabaseBytes}));
}

template <class Draw>
std::vector<test::Bytes> packets_of(std::size_t count, const Draw& draw) {
    std::vector<test::Bytes> packets;
    while (packets.size() < count) {
        const Question question = draw();
        const std::uint16_t type = question.type == "TXT" ? 16 : 1;
        packets.push_back(test::build_query({.name = question.name, .type = type}));
    }
    return packets;
}

}  // namespace

ListedSite& ListedSite::of(const Size& size) {
    static std::map<std::string_view, std::unique_ptr<ListedSite>> made;
    std::unique_ptr<ListedSite>& site = made[size.name];
    if (!site) {
        site.reset(new ListedSite{size});
    }
    return *site;
}

ListedSite::ListedSite(const Size& size)
    : listings_(size, random_),
      generation_(write_and_read(directory_)),
      environment_(create_database(directory_)) {
    take_in_all();
}

// A feed for each kind of listing.
void ListedSite::take_in_all() {
    policy::ImportList addresses;
    addresses.state({});
    for (const net::Ipv4 address : listings_.addresses()) {
        addresses.ipv4.push_back({{address, address}, 0, 0});
    }
    take_in("addresses", std::move(addresses));
    policy::ImportList prefixes;
    prefixes.state({});
    for (const net::Ipv4Range prefix : listings_.prefixes()) {
        prefixes.ipv4.push_back({prefix, 0, 0});
    }
    take_in("prefixes", std::move(prefixes));
    policy::ImportList ipv6;
    ipv6.state({});
    for (const net::Ipv6Range prefix : listings_.ipv6_prefixes()) {
        ipv6.ipv6.push_back({prefix, 0, 0});
    }
    take_in("ipv6", std::move(ipv6));
    policy::ImportList names;
    names.state({});
    for (const Name& name : listings_.names()) {
        names.add(value_of(policy::parse_subject((name.with_all_below ? "" : "=") + name.text)), 0,
                  0);
    }
    take_in("names", std::move(names));
}

void ListedSite::take_in(const std::string& source, policy::ImportList&& list) {
    policy::Import import;
    import.list = std::move(list);
    import.source = source;
    import.confirmed = true;
    value_of(policy::import(environment_, generation_.settings, std::move(import),
                            {"benchmark", "import", now()}));
}

verdict::Judge ListedSite::judge() {
    verdict::Judge judge{environment_, generation_.site->shared_rulebook()};
    if (!judge.renew()) {
        throw std::runtime_error("the database of the benchmark cannot be read");
    }
    return judge;
}

std::vector<test::Bytes> ListedSite::draw_packets(Kind kind, std::size_t count) const {
    Random random{kListingsSeed};
    Questions questions{listings_, random};
    return packets_of(count, [&] { return questions.draw(kind); });
}

std::vector<test::Bytes> ListedSite::draw_mixed_packets(std::size_t count) const {
    Random random{kListingsSeed};
    Questions questions{listings_, random};
    return packets_of(count, [&] { return questions.draw_mixed(); });
}

}  // namespace ostrakon::bench
