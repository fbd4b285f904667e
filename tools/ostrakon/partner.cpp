// ostrakon partner add, list, revoke: the keys by which partners ask a zone.
#include "arguments.hpp"
#include "messages.hpp"
#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/json/document.hpp"
#include "ostrakon/partner/zone_keys.hpp"
#include "output.hpp"
#include "zone_site.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace ostrakon::tool {

using namespace json;

namespace {

constexpr unsigned kKeyFileMode = 0600;
/// ostrakond looks once a second, and takes a moment to read.
constexpr std::chrono::milliseconds kUntilSeen{1200};

// The file of one zone's keys, read; others of these commands wait until it goes.
struct KeyFile {
    ZoneSite site;
    const zone::Zone* zone = nullptr;  // in site
    FileDescriptor lock;
    std::string text;
    std::vector<partner::KeyEntry> entries;
};

Result<const zone::Zone*> zone_with_keys(const ZoneSite& site,
                                         const std::optional<std::string>& name) {
    if (name) {
        auto zone = zone_called(site, *name);
        if (zone && (*zone)->keys_file.empty()) {
            return wrong_usage(
                "zone " + (*zone)->name, "has no file of partner keys",
                fmt::format("say keys_file = \"{}.keys\" in [access] of {}, and reload ostrakond",
                            (*zone)->name, (*zone)->file));
        }
        return zone;
    }
    const zone::Zone* only = nullptr;
    std::size_t count = 0;
    for (const zone::Zone& zone : site.zones.zones) {
        if (!zone.keys_file.empty()) {
            only = &zone;
            ++count;
        }
    }
    if (count != 1) {
        return wrong_usage("partner keys",
                           count == 0 ? "no zone has a file of them" : "several zones have some",
                           count == 0 ? "say keys_file = \"partners.keys\" in [access] of a zone"
                                      : "name one with --zone");
    }
    return only;
}

Result<KeyFile> open_key_file(const CommonOptions& common, const std::optional<std::string>& name,
                              bool may_be_missing) {
    auto site = read_zone_site(common);
    if (!site) {
        return Unexpected{std::move(site.error())};
    }
    KeyFile file;
    file.site = std::move(*site);
    const auto zone = zone_with_keys(file.site, name);
    if (!zone) {
        return Unexpected{zone.error()};
    }
    file.zone = *zone;
    const std::filesystem::path path = file.zone->keys_file;
    file.lock =
        FileDescriptor{::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!file.lock.is_open() || ::flock(file.lock.get(), LOCK_EX) != 0) {
        return Unexpected{Error{ErrorCode::Usage, "open " + path.parent_path().string(),
                                std::strerror(errno), ""}};
    }
    if (may_be_missing && ::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
        file.text = fmt::format(
            "# Keys of the partners of {}: \"NAME KEY\" a line, \"NAME !KEY\" for a revoked one.\n",
            file.zone->name);
        return file;
    }
    auto text = partner::read_key_text(path);
    if (!text) {
        return Unexpected{std::move(text.error())};
    }
    file.text = std::move(*text);
    auto entries = partner::parse_key_file(file.text, path.string());
    if (!entries) {
        return Unexpected{std::move(entries.error())};
    }
    file.entries = std::move(*entries);
    return file;
}

// Writes the file and waits until the server has seen it.
Result<Done> write_key_file(const KeyFile& file, std::string_view text) {
    auto written =
        replace_file({file.zone->keys_file, kKeyFileMode, file.site.settings.server.user}, text);
    if (written) {
        std::this_thread::sleep_for(kUntilSeen);
    }
    return written;
}

std::string origin_with(const std::string& key, const zone::Zone& zone) {
    return fmt::format("{}.{}", key, zone.name);
}

class PartnerAddCommand : public Command {
public:
    Description describe() const override {
        return {.name = "partner add",
                .summary = "give a partner a key to ask a zone by",
                .details =
                    "Adds a new key to the zone's keys_file, which is made if it is missing, and "
                    "prints the name that the partner puts into his configuration in place of the "
                    "zone's. ostrakond knows the key when the command returns. A partner who has a "
                    "key keeps it, and is shown it again, unless --another.",
                .examples = {"ostrakon partner add mailhost --zone bl.example.org",
                             "ostrakon partner add mailhost --another"}};
    }
    void declare(OptionSet& options) override {
        options.operand("NAME", name_, "what the partner is called here, in figures and logs");
        options.value("--zone", "Z", zone_, "the zone; may be left out if only one has keys");
        options.flag("--another", is_another_, "add a key beside those that he has");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        if (!partner::is_partner_name(name_)) {
            return wrong_usage("partner add", "this is no name for a partner",
                               "up to 64 letters, digits, \"-\", \"_\" and \".\", not \"-\" first");
        }
        auto file = open_key_file(common, zone_, true);
        if (!file) {
            return Unexpected{std::move(file.error())};
        }
        const auto known = std::find_if(file->entries.rbegin(), file->entries.rend(),
                                        [&](const partner::KeyEntry& entry) {
                                            return entry.name == name_ && !entry.is_revoked;
                                        });
        if (known != file->entries.rend() && !is_another_) {
            return outcome(common, *file->zone, known->key, false);
        }
        const auto key = partner::new_key();
        if (!key) {
            return Unexpected{key.error()};
        }
        if (auto done = write_key_file(*file, partner::with_key(file->text, name_, *key)); !done) {
            return Unexpected{std::move(done.error())};
        }
        return outcome(common, *file->zone, *key, true);
    }

private:
    Outcome outcome(const CommonOptions& common, const zone::Zone& zone, const std::string& key,
                    bool is_added) const {
        const std::string origin = origin_with(key, zone);
        if (common.json) {
            return {0, document({{"name", name_},
                                 {"zone", zone.name},
                                 {"origin", origin},
                                 {"file", zone.keys_file},
                                 {"added", is_added}})};
        }
        note(
            "whoever knows this name asks as the partner: Postfix shows it to senders unless "
            "rbl_reply_maps says otherwise",
            common.quiet);
        return {0, fmt::format("{}\n\n  reject_rbl_client {}\n", origin, origin)};
    }

    std::string name_;
    std::optional<std::string> zone_;
    bool is_another_ = false;
};

class PartnerListCommand : public Command {
public:
    Description describe() const override {
        return {.name = "partner list",
                .summary = "the partners of a zone and whether their keys hold",
                .details =
                    "Lists the keys of the zone's keys_file by the names of the partners. "
                    "The keys themselves are shown with --show-keys alone.",
                .examples = {"ostrakon partner list --zone bl.example.org",
                             "ostrakon partner list --show-keys --json"}};
    }
    void declare(OptionSet& options) override {
        options.value("--zone", "Z", zone_, "the zone; may be left out if only one has keys");
        options.flag("--show-keys", has_keys_, "show the keys, too");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto file = open_key_file(common, zone_, false);
        if (!file) {
            return Unexpected{file.error()};
        }
        return common.json ? Outcome{0, json(*file)} : Outcome{0, table(*file)};
    }

private:
    static std::string_view state_of(const partner::KeyEntry& entry) {
        return entry.is_revoked ? "revoked" : "active";
    }

    std::string json(const KeyFile& file) const {
        std::vector<Json> rows;
        rows.reserve(file.entries.size());
        for (const partner::KeyEntry& entry : file.entries) {
            Json row{{"name", entry.name},
                     {"zone", file.zone->name},
                     {"state", state_of(entry)},
                     {"line", entry.line}};
            if (has_keys_) {
                row["key"] = entry.key;
            }
            rows.push_back(std::move(row));
        }
        return lines(rows);
    }

    std::string table(const KeyFile& file) const {
        std::vector<std::string> head{"NAME", "STATE"};
        if (has_keys_) {
            head.emplace_back("KEY");
        }
        Table table{head};
        for (const partner::KeyEntry& entry : file.entries) {
            std::vector<std::string> row{entry.name, std::string{state_of(entry)}};
            if (has_keys_) {
                row.push_back(entry.key);
            }
            table.add(row);
        }
        return table.print(output_width(), style_of(STDOUT_FILENO));
    }

    std::optional<std::string> zone_;
    bool has_keys_ = false;
};

class PartnerRevokeCommand : public Command {
public:
    Description describe() const override {
        return {.name = "partner revoke",
                .summary = "refuse a partner's keys from now on",
                .details =
                    "Marks the keys of a partner as revoked in the zone's keys_file: who "
                    "asks with one is REFUSED, and never told that nothing is listed. The "
                    "server refuses them when the command returns. Exit status 1: there is "
                    "no such partner.",
                .examples = {"ostrakon partner revoke mailhost --zone bl.example.org",
                             "ostrakon partner revoke mailhost --keep-newest"}};
    }
    void declare(OptionSet& options) override {
        options.operand("NAME", name_, "the partner");
        options.value("--zone", "Z", zone_, "the zone; may be left out if only one has keys");
        options.flag("--keep-newest", keeps_newest_, "all but the key that was added last");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        const auto file = open_key_file(common, zone_, false);
        if (!file) {
            return Unexpected{file.error()};
        }
        std::vector<std::size_t> active;
        bool is_known = false;
        for (const partner::KeyEntry& entry : file->entries) {
            is_known |= entry.name == name_;
            if (entry.name == name_ && !entry.is_revoked) {
                active.push_back(entry.line);
            }
        }
        if (!is_known) {
            return Unexpected{Error{ErrorCode::Absent, "revoke the keys of " + name_,
                                    "there is no such partner",
                                    "`ostrakon partner list` shows the partners"}};
        }
        if (keeps_newest_ && !active.empty()) {
            active.pop_back();
        }
        if (!active.empty()) {
            auto done = write_key_file(*file, partner::with_revoked(file->text, active));
            if (!done) {
                return Unexpected{std::move(done.error())};
            }
        }
        return outcome(common, *file->zone, active.size());
    }

private:
    Outcome outcome(const CommonOptions& common, const zone::Zone& zone, std::size_t count) const {
        if (common.json) {
            return {0, document({{"name", name_},
                                 {"zone", zone.name},
                                 {"revoked", count},
                                 {"changed", count > 0}})};
        }
        if (common.quiet) {
            return {};
        }
        return {0, fmt::format("{} of {} revoked\n", counted(count, "key", "keys"), name_)};
    }

    std::string name_;
    std::optional<std::string> zone_;
    bool keeps_newest_ = false;
};

}  // namespace

std::unique_ptr<Command> make_partner_add() {
    return std::make_unique<PartnerAddCommand>();
}
std::unique_ptr<Command> make_partner_list() {
    return std::make_unique<PartnerListCommand>();
}
std::unique_ptr<Command> make_partner_revoke() {
    return std::make_unique<PartnerRevokeCommand>();
}

}  // namespace ostrakon::tool
