// Gets one list from whoever publishes it: over HTTP, rsync, a zone transfer, or from a file.
//
// One request in; a file and what to ask with next time out. When to ask, what a list means and
// whether it is believed are not known here.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::fetch {

/// What tells one version from another: as a server gave it, to be handed back to it. Of a file or
/// over rsync `etag` is time and size, of a zone its serial.
struct Validators {
    std::string etag;
    std::string last_modified;
    friend bool operator==(const Validators&, const Validators&) = default;
};

/// How much is borne. What is over a limit is a failure.
struct Limits {
    std::uint64_t size_max = std::uint64_t{256} * 1024 * 1024;
    Duration connect{20};
    Duration total{900};
    std::uint32_t slow_bytes = 200;   ///< Fewer bytes a second than these…
    std::uint32_t slow_seconds = 60;  ///< …for so long is no progress; HTTP alone.
    int redirects_max = 3;
};

/// What is to be got. Holds secrets: no part of it is for a log but without_secrets(url).
struct Request {
    /// https:// http:// file:// rsync://[USER@]HOST/MODULE/FILE (or HOST::MODULE/FILE)
    /// axfr://HOST[:PORT]/ZONE. "{key}" in it stands for the key; HTTP alone.
    std::string url;
    /// A secret, or empty. For rsync the password, for axfr as dig has it:
    /// "hmac-sha256:NAME:BASE64".
    std::string key;
    /// Where `url` has no "{key}": the HTTP header that takes the key as it is, "Auth-Key".
    std::string key_header;
    std::string user_agent;  ///< "ostrakon/0.1.0 (+postmaster@example.org)".
    std::string ca_file;    ///< Certificates trusted in place of the system's; empty: the system's.
    Validators validators;  ///< Of the version that is there; empty: there is none.
    /// The version that is there, or empty. rsync sends the difference to a copy of it.
    std::filesystem::path previous;
    /// Where the list goes: made anew, mode 0600, on the disk when fetch() returns. Nothing is left
    /// there on a failure, nor where nothing has changed.
    std::filesystem::path body;
    Limits limits;
    /// Told how many bytes are there and how many there will be, 0 where that is not known.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

/// A list that was got, or the word that it has not changed since `validators`.
struct Fetched {
    bool is_unchanged = false;
    Validators validators;
    /// Until when the publisher says that there will be nothing new; at most a day from now.
    std::optional<UnixTime> fresh_until;
    std::uint64_t size = 0;  ///< Of the body in bytes; 0 where nothing has changed.
};

enum class FailureKind : std::uint8_t {
    Temporary,   ///< No connection, an error of the server, a body cut off: to be tried again.
    TooOften,    ///< The publisher wants to be asked less often.
    Refused,     ///< The publisher wants a key, another one, or nothing to do with us.
    Gone,        ///< The publisher has no such list; it may come back.
    Ended,       ///< The publisher says that it is gone for good.
    NotAList,    ///< What came cannot be one: a web page, more than size_max, a directory.
    BadRequest,  ///< It cannot be asked for: the URL, the key or the CA file is wrong.
};

struct Failure {
    FailureKind kind = FailureKind::Temporary;
    Error error;                          ///< Holds no secret.
    std::optional<Duration> retry_after;  ///< What the publisher asked for; at most a day.
};

/// Gets what `request` names. Blocks until it is there or a limit is reached; single-threaded
/// programs only. Ends the processes that it starts.
Expected<Fetched, Failure> fetch(const Request& request);

/// The URL without user, password and what looks like a key, printable and cut short: for messages.
std::string without_secrets(std::string_view url);

/// Opens a file that holds a key. Refuses one that others than its owner and group may read, and
/// one that is no plain file. Who opens it need not be who reads it.
Result<FileDescriptor> open_key(const std::filesystem::path& file);
/// Reads the one line of such a file, from where it stands. Refuses more than 4 KiB.
Result<std::string> read_key(const FileDescriptor& file);

}  // namespace ostrakon::fetch
