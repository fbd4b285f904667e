// ostrakon map: a picture of what is listed of IPv4.
#include "arguments.hpp"
#include "database.hpp"
#include "messages.hpp"
#include "new_file.hpp"
#include "ostrakon/atlas/listed_map.hpp"
#include "ostrakon/hilbert/picture.hpp"
#include "ostrakon/json/document.hpp"
#include "output.hpp"
#include "owner_child.hpp"
#include "zone_site.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace ostrakon::tool {

using namespace json;

namespace {

constexpr mode_t kPictureMode = 0666;

std::optional<hilbert::PictureFormat> picture_format_of(std::string_view file) {
    return file.ends_with(".png")   ? std::optional{hilbert::PictureFormat::Png}
           : file.ends_with(".svg") ? std::optional{hilbert::PictureFormat::Svg}
                                    : std::nullopt;
}

class MapCommand : public Command {
public:
    Description describe() const override {
        return {.name = "map",
                .summary = "a Hilbert-curve picture of the listed address space",
                .details =
                    "Draws what is listed of IPv4, coloured by class, as PNG or SVG. Without "
                    "--zone it is all that is here: own bans and the entries of all feeds. On the "
                    "curve every prefix of even length is a square, and 0.0.0.0 is top left. The "
                    "more addresses of a dot are listed, the stronger is its colour.",
                .examples = {"ostrakon map --output listed.png",
                             "ostrakon map --zone bl.example.org --output listed.svg",
                             "ostrakon map --under 192.0.0.0/8 --class ip --output 192.png"}};
    }
    void declare(OptionSet& options) override {
        options.required_value("--output", "FILE", output_, "ends in .png or .svg");
        options.value("--under", "PREFIX", under_,
                      "this prefix alone: of even length, at most a /24");
        options.value("--zone", "Z", zone_, "what this zone lists");
        options.value("--source", "NAME", source_,
                      "what this source lists: own, or the name of a feed");
        options.value("--class", "CLASS", class_, "what is listed in this class");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto format = picture_format_of(output_);
        if (!format) {
            return wrong_usage("--output " + output_, "is neither PNG nor SVG by its name",
                               "end it in .png or .svg");
        }
        const auto square = square_of();
        if (!square) {
            return Unexpected{square.error()};
        }
        const auto settings = read_settings(common);
        if (!settings) {
            return Unexpected{settings.error()};
        }
        auto zone = zone_of(*settings, common);
        if (!zone) {
            return Unexpected{std::move(zone.error())};
        }
        auto file = NewFile::begin(output_, true);
        if (!file) {
            return Unexpected{std::move(file.error())};
        }
        // The database is read by a child that has become its owner; the file is the caller's.
        auto child = OwnerChild::start(settings->database.path, [&]() -> Result<std::string> {
            return draw_into(*file, *settings, *zone, *square, *format);
        });
        if (!child) {
            return Unexpected{std::move(child.error())};
        }
        const auto figures = child->finish();
        if (!figures) {
            return Unexpected{figures.error()};
        }
        if (auto kept = keep(*file); !kept) {
            return Unexpected{std::move(kept.error())};
        }
        return outcome(*figures, common);
    }

private:
    Result<net::Ipv4Range> square_of() const {
        if (!under_) {
            return net::everything<net::Ipv4>();
        }
        const auto range = net::parse_range(*under_);
        const auto* const square = range ? std::get_if<net::Ipv4Range>(&*range) : nullptr;
        if (square == nullptr) {
            return wrong_usage("--under " + *under_, "is no prefix of IPv4", "as in 192.0.0.0/8");
        }
        if (auto checked = hilbert::check_square(*square); !checked) {
            return Unexpected{std::move(checked.error())};
        }
        return *square;
    }

    // The zone that is drawn: one of the site's, or one that lists all there is.
    Result<zone::Zone> zone_of(const config::Settings& settings,
                               const CommonOptions& common) const {
        auto listing_class = class_of(class_, settings);
        if (!listing_class) {
            return Unexpected{std::move(listing_class.error())};
        }
        zone::Zone zone = atlas::zone_of_everything();
        if (zone_) {
            const auto site = read_zone_site(common);
            if (!site) {
                return Unexpected{site.error()};
            }
            const auto found = zone_called(*site, *zone_);
            if (!found) {
                return Unexpected{found.error()};
            }
            zone = **found;
        }
        if (source_) {
            zone.sources = {{*source_, false}};
        }
        if (!listing_class->empty()) {
            zone.classes = {*listing_class};
        }
        return zone;
    }

    Result<std::string> draw_into(NewFile& file, const config::Settings& settings,
                                  const zone::Zone& zone, net::Ipv4Range square,
                                  hilbert::PictureFormat format) const {
        auto environment = open_for_reading(settings);
        if (!environment) {
            return Unexpected{std::move(environment.error())};
        }
        const auto listed = atlas::read_listed_map(*environment, settings, zone, square);
        if (!listed) {
            return Unexpected{listed.error()};
        }
        const auto picture = hilbert::draw(listed->map, caption_of(*listed), format);
        if (!picture) {
            return Unexpected{picture.error()};
        }
        if (auto written = file.write(*picture); !written) {
            return Unexpected{std::move(written.error())};
        }
        Json kinds = Json::array();
        for (std::size_t kind = 0; kind < listed->kinds.size(); ++kind) {
            kinds.push_back(
                {{"class", listed->kinds[kind].name}, {"addresses", listed->map.total(kind)}});
        }
        return Json{{"file", output_},
                    {"prefix", net::to_string(square)},
                    {"serial", listed->serial},
                    {"addresses", listed->addresses},
                    {"classes", kinds}}
            .dump();
    }

    hilbert::Caption caption_of(const atlas::ListedMap& listed) const {
        const net::Ipv4Range square = listed.map.square();
        const double share = static_cast<double>(listed.addresses) /
                             (static_cast<double>(square.last.bits - square.first.bits) + 1);
        hilbert::Caption caption;
        caption.title = fmt::format("{}{}", zone_ ? "Listed in " + *zone_ : "Listed addresses",
                                    listed.map.length() == 0 ? "" : ", " + net::to_string(square));
        caption.subtitle = fmt::format(
            "{} UTC \xC2\xB7 serial {} \xC2\xB7 {} addresses listed, {:.4g} % of {}{}{}",
            minute_of(now()), listed.serial, grouped(listed.addresses), share * 100,
            listed.map.length() == 0 ? "IPv4" : net::to_string(square),
            source_ ? " \xC2\xB7 source " + *source_ : "",
            class_ ? " \xC2\xB7 class " + *class_ : "");
        caption.kinds = listed.kinds;
        return caption;
    }

    // Others may see it as any new file, or as what it replaces.
    Result<Done> keep(NewFile& file) const {
        struct stat before {};
        const mode_t mask = umask(0);
        umask(mask);
        const bool is_there = stat(output_.c_str(), &before) == 0;
        if (fchmod(file.descriptor(), is_there ? before.st_mode & 0777U : kPictureMode & ~mask) !=
            0) {
            return Unexpected{
                Error{ErrorCode::System, "set the rights of " + output_, std::strerror(errno), ""}};
        }
        if (auto synced = file.sync(); !synced) {
            return synced;
        }
        return file.keep();
    }

    Result<Outcome> outcome(const std::string& figures, const CommonOptions& common) const {
        const Json json = Json::parse(figures, nullptr, false);
        if (common.json) {
            return Outcome{0, document(json)};
        }
        note(fmt::format("{}: {} of {}", output_,
                         counted(json.value("addresses", std::uint64_t{0}), "listed address",
                                 "listed addresses"),
                         under_ ? json.value("prefix", std::string{}) : "IPv4"),
             common.quiet);
        return Outcome{};
    }

    std::string output_;
    std::optional<std::string> under_;
    std::optional<std::string> zone_;
    std::optional<std::string> source_;
    std::optional<std::string> class_;
};

}  // namespace

std::unique_ptr<Command> make_map() {
    return std::make_unique<MapCommand>();
}

}  // namespace ostrakon::tool
