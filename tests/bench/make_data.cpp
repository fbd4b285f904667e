// bench_data: makes the lists and the questions that servers are compared with.
//
//   bench_data SIZE DIRECTORY [--zone-file]
//
// Files of questions have a line "NAME TYPE" each, three in ten about something listed:
// questions.mixed (70 % A of IPv4, 10 % TXT of IPv4, 10 % IPv6, 10 % names), and questions.a, .txt,
// .ipv6 and .names of one type each.
#include "bench/list_files.hpp"
#include "bench/text_file.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

namespace ostrakon::bench {
namespace {

constexpr std::uint64_t kSeed = 20261122;
constexpr int kMixedQuestions = 1'000'000;
constexpr int kQuestionsOfOneType = 300'000;
constexpr std::uint64_t kListedPercent = 30;

enum class Kind { AddressA, AddressTxt, Ipv6, Name };

class Questions {
public:
    Questions(const Listings& listings, Random& random) : listings_(listings), random_(random) {}

    void write_mixed(TextFile& file) {
        for (int i = 0; i < kMixedQuestions; ++i) {
            const std::uint64_t share = random_.below(10);
            write_one(file, share < 7    ? Kind::AddressA
                            : share == 7 ? Kind::AddressTxt
                            : share == 8 ? Kind::Ipv6
                                         : Kind::Name);
        }
    }
    void write(TextFile& file, Kind kind) {
        for (int i = 0; i < kQuestionsOfOneType; ++i) {
            write_one(file, kind);
        }
    }

private:
    void write_one(TextFile& file, Kind kind) {
        const bool listed = random_.below(100) < kListedPercent;
        const std::string name = kind == Kind::Ipv6   ? reversed(ipv6(listed), 32)
                                 : kind == Kind::Name ? this->name(listed)
                                                      : reversed(address(listed));
        file.print("{}.{} {}\n", name, kOrigin, kind == Kind::AddressTxt ? "TXT" : "A");
    }

    // Of those listed, one in five lies in a prefix; of the others, half beside listed ones.
    net::Ipv4 address(bool listed) {
        if (listed && random_.one_in(5)) {
            const net::Ipv4Range prefix = random_.one_of(listings_.prefixes());
            const std::uint32_t size = prefix.last.bits - prefix.first.bits;
            return {prefix.first.bits + (static_cast<std::uint32_t>(random_.bits()) & size)};
        }
        if (listed) {
            return random_.one_of(listings_.addresses());
        }
        for (;;) {
            const std::uint32_t beside = random_.one_of(listings_.addresses()).bits & ~255U;
            const net::Ipv4 address =
                random_.one_in(2) ? net::Ipv4{beside | static_cast<std::uint8_t>(random_.bits())}
                                  : draw_public_address(random_);
            if (!listings_.is_listed(address)) {
                return address;
            }
        }
    }

    net::Ipv6 ipv6(bool listed) {
        net::Ipv6 address;
        do {
            address = listed ? random_.one_of(listings_.ipv6_prefixes()).first
                             : listings_.draw_ipv6_prefix(random_).first;
        } while (!listed && listings_.is_listed(address));
        return {address.bits | random_.bits()};
    }

    std::string name(bool listed) {
        if (listed) {
            const Name& found = random_.one_of(listings_.names());
            const bool is_below = found.with_all_below && random_.one_in(2);
            return (is_below ? "mx1." : "") + found.text;
        }
        std::string name = draw_name(random_);
        while (listings_.is_listed(name)) {
            name = draw_name(random_);
        }
        return (random_.one_in(4) ? "www." : "") + name;
    }

    const Listings& listings_;
    Random& random_;
};

void write_questions(const Listings& listings, Random& random,
                     const std::filesystem::path& directory) {
    Questions questions{listings, random};
    TextFile mixed{directory / "questions.mixed"};
    questions.write_mixed(mixed);
    mixed.finish();
    for (const auto& [type, kind] :
         {std::pair{"a", Kind::AddressA}, std::pair{"txt", Kind::AddressTxt},
          std::pair{"ipv6", Kind::Ipv6}, std::pair{"names", Kind::Name}}) {
        TextFile file{directory / (std::string{"questions."} + type)};
        questions.write(file, kind);
        file.finish();
    }
}

int run(int argc, char** argv) {
    CLI::App app{"Makes lists, and questions about them."};
    std::string size_name;
    std::filesystem::path directory;
    bool with_zone_file = false;
    app.add_option("size", size_name, "S: 10 thousand addresses, M: a million, L: ten million")
        ->required();
    app.add_option("directory", directory)->required();
    app.add_flag("--zone-file", with_zone_file, "A zone file alone, large, of the same listings");
    CLI11_PARSE(app, argc, argv);
    const std::optional<Size> size = find_size(size_name);
    if (!size) {
        fmt::print(stderr, "bench_data: there is no size \"{}\"; it is S, M or L\n", size_name);
        return 2;
    }
    std::filesystem::create_directories(directory);
    Random random{kSeed};
    const Listings listings{*size, random};
    if (with_zone_file) {
        write_zone_file(listings, directory);
        return 0;
    }
    write_plain_lists(listings, directory);
    write_rbldnsd_lists(listings, directory);
    write_questions(listings, random, directory);
    return 0;
}

}  // namespace
}  // namespace ostrakon::bench

int main(int argc, char** argv) {
    try {
        return ostrakon::bench::run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_data: {}\n", error.what());
        return 1;
    }
}
