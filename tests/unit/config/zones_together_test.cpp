// What must be true between zones.
#include "unit/config/site.hpp"

#include <gmock/gmock.h>

namespace ostrakon::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct File {
    std::string origin;
    std::string ns;
    std::string addresses = {};  ///< The lines of [a].
};

std::string text_of(const File& file) {
    return "origin = \"" + file.origin + "\"\nns = [\"" + file.ns +
           "\"]\ncontact = \"a@example.net\"\n[a]\n" + file.addresses;
}

// Zones are written as zones/1.toml, zones/2.toml and so on.
Outcome<Zones> read(const std::vector<File>& files) {
    Site site;
    for (std::size_t i = 0; i < files.size(); ++i) {
        site.file("zones/" + std::to_string(i + 1) + ".toml", text_of(files[i]));
    }
    return site.zones();
}

constexpr const char* kNs = "ns.example.net";

TEST(Zones, FitTogether) {
    const std::vector<std::vector<File>> cases = {
        {{"bl.example.org", kNs}, {"wl.example.org", kNs}},
        // nested, each with its own names
        {{"bl.example.org", kNs, "www = [\"192.0.2.1\"]\n"},
         {"x.bl.example.org", kNs, "\"@\" = [\"192.0.2.1\"]\n"}},
        // glue in the zone itself, at its apex, in an inner zone, in a sibling
        {{"bl.example.org", "ns.bl.example.org", "ns = [\"192.0.2.1\"]\n"}},
        {{"bl.example.org", "bl.example.org", "\"@\" = [\"2001:db8::1\"]\n"}},
        {{"bl.example.org", "ns.x.bl.example.org"},
         {"x.bl.example.org", kNs, "ns = [\"192.0.2.1\"]\n"}},
        {{"bl.example.org", "ns.wl.example.org"},
         {"wl.example.org", kNs, "ns = [\"192.0.2.1\"]\n"}},
        // a name that only ends like an origin is none of its names
        {{"bl.example.org", "nsbl.example.org"}},
    };
    for (const auto& files : cases) {
        EXPECT_THAT(read(files).mistakes, IsEmpty()) << text_of(files.front());
    }
}

TEST(Zones, AreRefusedWhereTheyDoNot) {
    struct Case {
        std::vector<File> files;
        std::string mistake;
    };
    const std::vector<Case> cases = {
        {{{"bl.example.org", kNs}, {"BL.example.org.", kNs}},
         "zones/2.toml:1:10: origin: read \"bl.example.org\", expected another: zones/1.toml has "
         "it already"},
        {{{"bl.example.org", kNs, "x = [\"192.0.2.1\"]\n"}, {"x.bl.example.org", kNs}},
         "zones/1.toml:5:1: [a]: read x.bl.example.org, expected no name of the zone "
         "x.bl.example.org; its [a] is in "
         "zones/2.toml"},
        {{{"bl.example.org", kNs, "\"www.x\" = [\"192.0.2.1\"]\n"}, {"x.bl.example.org", kNs}},
         "zones/1.toml:5:1: [a]: read www.x.bl.example.org, expected no name of the zone "
         "x.bl.example.org"},
        {{{"bl.example.org", "ns.bl.example.org"}},
         "zones/1.toml:2:7: ns: read ns.bl.example.org, which lies in the zone bl.example.org and "
         "has no address there"},
        {{{"bl.example.org", "bl.example.org"}},
         "zones/1.toml:2:7: ns: read bl.example.org, which lies in the zone"},
        {{{"bl.example.org", "ns.x.bl.example.org"}, {"x.bl.example.org", kNs}},
         "which lies in the zone x.bl.example.org and has no address there, expected it in [a] of "
         "zones/2.toml"},
        {{{"x.bl.example.org", "ns.bl.example.org"}, {"bl.example.org", kNs}},
         "zones/1.toml:2:7: ns: read ns.bl.example.org, which lies in the zone bl.example.org"},
    };
    for (const auto& [files, mistake] : cases) {
        EXPECT_THAT(read(files).mistakes, testing::ElementsAre(HasSubstr(mistake)));
    }
}

TEST(Zones, DoNotSufferFromAnotherMistake) {
    // The address of ns is wrong, so that it is missing too; that is told once.
    const auto outcome = read({{"bl.example.org", "ns.bl.example.org", "ns = [\"192.0.2\"]\n"}});
    EXPECT_THAT(outcome.mistakes, testing::ElementsAre(HasSubstr("expected an address")));
}

TEST(Zones, TellTheMistakesOfAllFiles) {
    Site site;
    site.file("zones/a.toml", "[")
        .file("zones/b.toml", text_of({"bl.example.org", "ns.bl.example.org"}));
    EXPECT_THAT(site.zones().mistakes, testing::ElementsAre(HasSubstr("zones/a.toml:1:"),
                                                            HasSubstr("zones/b.toml:2:7: ")));
}

}  // namespace
}  // namespace ostrakon::config
