#include "pull/feed_site.hpp"

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/feed_refresh.hpp"
#include "ostrakon/store/environment.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>

namespace ostrakon::test {
namespace {

constexpr std::uint32_t kFirst = 0xC6120000;  // 198.18.0.0

std::string query_name(const std::string& address) {
    std::string name;
    std::size_t end = address.size();
    while (end != std::string::npos) {
        const std::size_t dot = address.rfind('.', end - 1);
        const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
        name += address.substr(begin, end - begin) + ".";
        end = dot;
    }
    return name + "bl.example.org";
}

// The file of a version that a row names.
std::string file_of(const Json& version) {
    return fmt::format("{}.body", version["number"].get<std::uint64_t>());
}

}  // namespace

void touch_anew(const std::filesystem::path& file) {
    static std::atomic<int> times = 0;
    const auto first = std::filesystem::file_time_type::clock::now() - std::chrono::hours{24 * 365};
    std::filesystem::last_write_time(file, first + std::chrono::minutes{++times});
}

FeedSite::FeedSite(std::string sections) : sections_(std::move(sections)) {
    write_configuration();
}

void FeedSite::configure(const Publication& publication, const std::string& name) {
    feeds_[name] = publication;
    write_configuration();
}

void FeedSite::unconfigure(const std::string& name) {
    feeds_.erase(name);
    write_configuration();
}

void FeedSite::write_configuration() const {
    std::string more = sections_ + "\n";
    for (const auto& [name, feed] : feeds_) {
        more += fmt::format("[[feed]]\nname = \"{}\"\nurl = \"{}\"\nformat = \"{}\"\n{}\n", name,
                            feed.url, feed.format, feed.more);
    }
    site_.configure({.more = more});
}

std::string FeedSite::publish(std::string_view text, const std::string& file) const {
    site_.write(file, text);
    touch_anew(site_.directory() / file);
    return "file://" + (site_.directory() / file).string();
}

Answer FeedSite::operator()(std::vector<std::string> words, std::string input) const {
    words.insert(words.begin(), {"--config", site_.configuration().string()});
    return run_tool(std::move(words), std::move(input));
}

ProcessOptions FeedSite::tool(std::vector<std::string> words) const {
    words.insert(words.begin(),
                 {program("ostrakon").string(), "--config", site_.configuration().string()});
    return {.arguments = std::move(words), .environment = {{"NO_COLOR", "1"}}};
}

Json FeedSite::pull(const std::vector<std::string>& words, const std::string& name) const {
    std::vector<std::string> all{"pull", "--json"};
    all.insert(all.end(), words.begin(), words.end());
    const Answer answer = (*this)(std::move(all));
    const Json reports = answer.json();
    if (!reports.is_array()) {
        ADD_FAILURE() << "exit status " << answer.status << ": " << answer.output << answer.errors;
        return {};
    }
    const bool is_amiss = std::any_of(reports.begin(), reports.end(), [](const Json& report) {
        return report["result"] == "held" || report["result"] == "failed";
    });
    EXPECT_EQ(answer.status, is_amiss ? 1 : 0) << answer.output << answer.errors;
    const auto found = std::find_if(reports.begin(), reports.end(),
                                    [&name](const Json& report) { return report["name"] == name; });
    return found == reports.end() ? Json{} : *found;
}

Json FeedSite::pull_again(const std::string& name) const {
    return pull({"--force", name}, name);
}

Json FeedSite::row(const std::string& name) const {
    const Answer answer = (*this)({"feeds", "--json"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    for (const Json& row : answer.json()) {
        if (row["name"] == name) {
            return row;
        }
    }
    return {};
}

LiveServer& FeedSite::server() {
    if (!server_) {
        server_ = std::make_unique<LiveServer>(site_);
    }
    return *server_;
}

std::vector<std::string> FeedSite::codes(const std::string& address) {
    const Reply reply = ask_udp(server().address(), {.name = query_name(address)});
    EXPECT_TRUE(reply.is_valid);
    return reply.data;
}

bool FeedSite::answers_name(const std::string& name) {
    return !ask_udp(server().address(), {.name = name + ".bl.example.org"}).data.empty();
}

std::vector<std::string> FeedSite::texts(const std::string& address) {
    return ask_udp(server().address(), {.name = query_name(address), .type = "TXT"}).data;
}

std::string FeedSite::raw_bytes() const {
    std::string bytes;
    for (const auto& file : std::filesystem::recursive_directory_iterator{site_.database()}) {
        if (file.is_regular_file()) {
            bytes += read_file(file.path());
        }
    }
    return bytes;
}

std::vector<std::string> FeedSite::stray_files(const std::string& name) const {
    const Json known = row(name);
    std::set<std::string> named;
    for (const Json& version : known["versions"]) {
        named.insert(file_of(version));
    }
    if (!known["held"].is_null()) {
        named.insert(file_of(known["held"]));
    }
    std::vector<std::string> strays;
    for (const auto& file : std::filesystem::directory_iterator{pulled(name)}) {
        if (!named.contains(file.path().filename().string())) {
            strays.push_back(file.path().filename().string());
        }
    }
    return strays;
}

void FeedSite::age(std::int64_t seconds, const std::string& name) const {
    const auto settings = config::read_settings(site_.configuration());
    auto environment = store::Environment::open({.directory = site_.database(),
                                                 .access = store::Access::ReadWriteCreate,
                                                 .size_bytes = std::uint64_t{1} << 30});
    if (!settings || !environment) {
        throw std::runtime_error("the site cannot be read");
    }
    const policy::Author author{"test", "test", UnixTime{now().seconds - seconds}};
    if (!policy::note_refreshed(*environment, *settings, author, name, {})) {
        throw std::runtime_error("the feed cannot be made older");
    }
}

std::string address(std::uint32_t number) {
    const std::uint32_t bits = kFirst + number;
    return fmt::format("{}.{}.{}.{}", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
}

std::string addresses(std::uint32_t count, std::uint32_t first) {
    std::string text;
    for (std::uint32_t i = 0; i < count; ++i) {
        text += address(first + i) + "\n";
    }
    return text;
}

std::string message_in(const Json& object) {
    return object.is_object() ? object["message"].get<std::string>() : "";
}

}  // namespace ostrakon::test
