// rsync://: one file, by /usr/bin/rsync with an argument list, never by a shell.
#include "attempt.hpp"
#include "body_file.hpp"
#include "ostrakon/base/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace ostrakon::fetch {
namespace {

constexpr const char* kRsync = "/usr/bin/rsync";
constexpr std::int64_t kSilentSecondsMax = 60;  // without a byte from the server
constexpr std::string_view kVersionMark = "-";  // "SECONDS-SIZE"

struct RsyncSource {
    std::string text;  ///< rsync://[USER@]HOST[:PORT]/MODULE/PATH
    std::string password;
};

// Nothing where it names no single file: rsync itself would take patterns, and lists of
// directories.
std::optional<RsyncSource> read_source(std::string_view url) {
    RsyncSource source;
    std::string_view rest = url;
    std::string spelled;
    if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) {
        rest.remove_prefix(scheme + 3);
        spelled = rest;
    } else {
        const std::size_t colons = rest.find("::");
        spelled = std::string{rest.substr(0, colons)} + "/" + std::string{rest.substr(colons + 2)};
    }
    const std::size_t slash = spelled.find('/');
    if (slash == std::string::npos || spelled.find_first_of("*?[]\\", slash) != std::string::npos) {
        return std::nullopt;
    }
    std::string authority = spelled.substr(0, slash);
    const std::string path = spelled.substr(slash + 1);
    const std::size_t at = authority.rfind('@');
    std::string user = at == std::string::npos ? "" : authority.substr(0, at);
    const std::string host = at == std::string::npos ? authority : authority.substr(at + 1);
    if (const std::size_t colon = user.find(':'); colon != std::string::npos) {
        source.password = percent_decoded(std::string_view{user}.substr(colon + 1));
        user.resize(colon);
    }
    // MODULE/FILE at least, and a file at the end.
    const std::size_t module = path.find('/');
    if (host.empty() || host.front() == '-' || user.starts_with('-') || module == 0 ||
        module == std::string::npos || path.ends_with('/') || path.ends_with("/.") ||
        path.ends_with("/..")) {
        return std::nullopt;
    }
    source.text = "rsync://" + (user.empty() ? "" : user + "@") + host + "/" + path;
    return source;
}

std::string rsync_version_of(const struct stat& status) {
    return fmt::format("{}{}{}", status.st_mtim.tv_sec, kVersionMark, status.st_size);
}

// What rsync compares before it compares the contents; the time that a version had at the
// publisher.
std::optional<std::int64_t> time_in(std::string_view etag) {
    std::int64_t seconds = 0;
    const std::string_view text = etag.substr(0, etag.find(kVersionMark));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return error == std::errc{} && end == text.data() + text.size() && seconds >= 0
               ? std::optional{seconds}
               : std::nullopt;
}

// rsync looks into what has this name already, and makes its own next to it.
Result<Done> copy_previous(const Request& request) {
    std::error_code error;
    std::filesystem::remove(request.body, error);
    if (request.previous.empty() || !std::filesystem::is_regular_file(request.previous, error)) {
        return Done{};
    }
    std::filesystem::copy_file(request.previous, request.body, error);
    if (error) {
        return Unexpected{
            Error{ErrorCode::System, "copy " + request.previous.string(), error.message(), ""}};
    }
    // Without a time that is known its contents are compared.
    const timespec time{time_in(request.validators.etag).value_or(0), 0};
    const timespec times[2] = {time, time};
    static_cast<void>(::utimensat(AT_FDCWD, request.body.c_str(), times, AT_SYMLINK_NOFOLLOW));
    return Done{};
}

// A directory for what rsync has not finished; whatever happens, it goes with what is in it.
class UnfinishedDirectory {
public:
    explicit UnfinishedDirectory(std::filesystem::path path) : path_(std::move(path)) {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
        is_made_ = ::mkdir(path_.c_str(), 0700) == 0;
    }
    UnfinishedDirectory(const UnfinishedDirectory&) = delete;
    UnfinishedDirectory& operator=(const UnfinishedDirectory&) = delete;
    ~UnfinishedDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    bool is_made() const { return is_made_; }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    bool is_made_ = false;
};

ChildPlan plan_of(const Attempt& attempt, const RsyncSource& source,
                  const std::filesystem::path& unfinished, const std::filesystem::path& body) {
    const Limits& limits = attempt.request.limits;
    ChildPlan plan;
    plan.arguments = {
        kRsync,
        "--no-motd",
        "--times",
        "--compress",
        "--itemize-changes",
        "--itemize-changes",  // twice: also what has not changed
        "--out-format=%i",
        fmt::format("--timeout={}",
                    std::clamp<std::int64_t>(limits.total.seconds, 1, kSilentSecondsMax)),
        fmt::format("--contimeout={}", std::max<std::int64_t>(limits.connect.seconds, 1)),
        fmt::format("--max-size={}", limits.size_max),
        "--temp-dir=" + unfinished.string(),
        "--",
        source.text,
        body.string()};
    plan.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
    const std::string& password =
        attempt.request.key.empty() ? source.password : attempt.request.key;
    // An empty one too: without the variable rsync would ask on the terminal.
    plan.environment.push_back("RSYNC_PASSWORD=" + password);
    if (const char* const proxy = std::getenv("RSYNC_PROXY")) {
        plan.environment.push_back(std::string{"RSYNC_PROXY="} + proxy);
    }
    plan.file_size_max = limits.size_max;
    plan.deadline = attempt.deadline;
    return plan;
}

FailureKind kind_of(std::string_view errors) {
    const auto says = [errors](std::string_view text) {
        return errors.find(text) != std::string_view::npos;
    };
    if (says("auth failed") || says("access denied") || says("unauthorized")) {
        return FailureKind::Refused;
    }
    if (says("max connections")) {
        return FailureKind::TooOften;
    }
    return says("No such file or directory (2)") || says("Unknown module") ? FailureKind::Gone
                                                                           : FailureKind::Temporary;
}

// What the one line says that rsync prints for the file: ">f…" it came, ".f…" it was there.
enum class RsyncWord : std::uint8_t { Came, Unchanged, NoFile };

RsyncWord word_in(std::string_view output) {
    const std::string_view line = output.substr(0, output.find('\n'));
    if (line.size() + 1 < output.size()) {
        return RsyncWord::NoFile;
    }
    return line.starts_with(">f")   ? RsyncWord::Came
           : line.starts_with(".f") ? RsyncWord::Unchanged
                                    : RsyncWord::NoFile;
}

Outcome rsync_failure(const Attempt& attempt, const ChildResult& result) {
    if (result.was_killed_late) {
        return attempt.timed_out();
    }
    if (result.signal == SIGXFSZ || result.errors.find("File too large") != std::string::npos) {
        return attempt.too_large();
    }
    if (result.status == kNotStarted) {
        return attempt.failed(FailureKind::Temporary, "/usr/bin/rsync cannot be started",
                              "install the package rsync");
    }
    // The first line says why, the last one where in rsync's source.
    const std::string why = result.errors.substr(0, result.errors.find('\n'));
    return attempt.failed(kind_of(result.errors),
                          why.empty() ? fmt::format("rsync ended with {}", result.status) : why);
}

Outcome judged_body(const Attempt& attempt, const ChildResult& result,
                    const std::filesystem::path& body, RemovedFile& name) {
    const RsyncWord word = word_in(result.output);
    struct stat status {};
    if (word == RsyncWord::NoFile || ::lstat(body.c_str(), &status) != 0 ||
        !S_ISREG(status.st_mode)) {
        // A file over --max-size is passed over without a word.
        return attempt.failed(
            FailureKind::NotAList,
            fmt::format("is no plain file, or has more than {} bytes",
                        attempt.request.limits.size_max),
            "see with: rsync --list-only " + without_secrets(attempt.request.url));
    }
    Fetched fetched{word == RsyncWord::Unchanged, {rsync_version_of(status), ""}, std::nullopt, 0};
    if (fetched.is_unchanged) {
        return fetched;
    }
    fetched.size = static_cast<std::uint64_t>(status.st_size);
    if (fetched.size > attempt.request.limits.size_max) {
        return attempt.too_large();
    }
    if (auto kept = sync_file(body); !kept) {
        return Attempt::failed(std::move(kept.error()));
    }
    name.keep();
    attempt.tell_progress(fetched.size, fetched.size);
    return fetched;
}

}  // namespace

Outcome fetch_rsync(Attempt& attempt) {
    const auto source = read_source(attempt.request.url);
    if (!source) {
        return attempt.failed(FailureKind::BadRequest, "names no single file",
                              "write it as rsync://HOST/MODULE/FILE");
    }
    attempt.secrets.add(source->password);
    std::error_code error;
    const std::filesystem::path body = std::filesystem::absolute(attempt.request.body, error);
    const UnfinishedDirectory unfinished{body.string() + ".rsync"};
    if (error || !unfinished.is_made()) {
        return attempt.failed(FailureKind::Temporary,
                              fmt::format("no directory can be made beside {}: {}", body.string(),
                                          std::strerror(errno)));
    }
    RemovedFile name{body};
    if (auto copied = copy_previous(attempt.request); !copied) {
        return Attempt::failed(std::move(copied.error()));
    }
    const ChildResult result = run_child(plan_of(attempt, *source, unfinished.path(), body));
    if (result.status != 0) {
        return rsync_failure(attempt, result);
    }
    return judged_body(attempt, result, body, name);
}

}  // namespace ostrakon::fetch
