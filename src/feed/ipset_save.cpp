// ipset-save: what `ipset save` prints (ipset(8)): "create NAME TYPE OPTIONS" and "add NAME ENTRY
// [timeout SECONDS] [nomatch] [comment "TEXT"]". nomatch makes an exception, a timeout other than 0
// an end. Of ADDRESS,PORT and the like the address counts.
//
// ipset-save:NAME takes that set alone; without it, a file with entries of several sets is refused,
// since one of them may hold what is let through.
#include "line_format.hpp"
#include "list_subject.hpp"
#include "ostrakon/base/printable.hpp"

#include <charconv>

namespace ostrakon::feed {
namespace {

constexpr std::int64_t kTimeoutMax = 2'147'483;  // ipset(8): seconds

// What stands behind an entry; nothing if it cannot be read.
std::optional<policy::Statement> read_options(std::string_view rest, UnixTime now) {
    policy::Statement said;
    while (!rest.empty()) {
        const std::string_view option = next_word(rest);
        if (option == "nomatch") {
            said.is_exception = true;
        } else if (option == "timeout") {
            const std::string_view text = next_word(rest);
            std::int64_t seconds = -1;
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), seconds);
            if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 ||
                seconds > kTimeoutMax) {
                return std::nullopt;
            }
            if (seconds > 0) {
                said.until = UnixTime{now.seconds + seconds};
            }
        } else if (option == "comment") {
            const std::size_t end = rest.starts_with('"') ? rest.find('"', 1) : rest.npos;
            if (end == std::string_view::npos || !set_reason(said, rest.substr(1, end - 1))) {
                return std::nullopt;
            }
            rest = trimmed(rest.substr(end + 1));
        } else if (option == "packets" || option == "bytes" || option == "skbmark" ||
                   option == "skbprio" || option == "skbqueue") {
            next_word(rest);
        } else {
            return std::nullopt;
        }
    }
    return said;
}

class IpsetReader {
public:
    IpsetReader(const Document& document, Collector& collector)
        : document_(document), collector_(collector) {}

    void read(std::uint32_t number, std::string_view line) {
        std::string_view rest = line;
        std::string_view keyword = next_word(rest);
        if (keyword == "-A") {
            keyword = "add";
        }
        if (keyword == "add") {
            read_add(number, line, rest);
        } else if (keyword != "create" && keyword != "-N" && keyword != "flush" &&
                   keyword != "COMMIT" && keyword.front() != '#') {
            collector_.reject(number, line, "is no line of `ipset save` (create or add)");
        }
    }

    Result<Done> result() const {
        if (!second_.empty()) {
            return refuse(document_.file,
                          fmt::format("has entries of several sets: \"{}\", \"{}\"",
                                      printable(first_, kSetNameSizeMax),
                                      printable(second_, kSetNameSizeMax)),
                          "name the one that is meant, as in --format ipset-save:NAME");
        }
        return Done{};
    }

private:
    static constexpr std::size_t kSetNameSizeMax = 31;  // ipset(8)

    void read_add(std::uint32_t number, std::string_view line, std::string_view rest) {
        const std::string_view set = next_word(rest);
        const std::string_view entry = next_word(rest);
        if (!document_.variant.empty()) {
            if (set != document_.variant) {
                return;
            }
        } else if (first_.empty()) {
            first_ = set;
        } else if (set != first_ && second_.empty()) {
            second_ = set;
        }
        const auto said = read_options(rest, document_.now);
        if (!said) {
            collector_.reject(number, line,
                              "has something behind its entry that `ipset save` does not write");
            return;
        }
        add_addresses(collector_, number, entry.substr(0, entry.find(',')),
                      collector_.statement(*said));
    }

    const Document& document_;
    Collector& collector_;
    std::string_view first_;
    std::string_view second_;
};

}  // namespace

Result<Done> read_ipset_save(const Document& document, Collector& collector) {
    IpsetReader reader{document, collector};
    for_each_line(document, collector, [&reader](std::uint32_t number, std::string_view line) {
        reader.read(number, line);
    });
    return reader.result();
}

}  // namespace ostrakon::feed
