#include "ostrakon/feed/confined_reading.hpp"

#include "confined_child.hpp"
#include "format.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/guard.hpp"
#include "outcome_codec.hpp"
#include "unpack.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
constexpr std::string_view kUnfiltered =
    "this system has no filter of system calls (seccomp, libseccomp2); the list was read in a "
    "process of its own, with limits, but without one";

// What the child cannot do itself: whatever opens a file when it is used for the first time.
Result<Done> open_all(const ConfinedRequest& request) {
    std::array<char, 8> first{};
    const ssize_t size = pread(request.body, first.data(), first.size(), 0);
    const Packing packing =
        packing_of({first.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
    if (packing != Packing::None && packing != Packing::Gzip) {
        if (auto opened = prepare_unpacking(); !opened) {
            return opened;
        }
    }
    // The list of public suffixes.
    policy::is_very_wide_name(
        policy::Subject{policy::NameSubject{*dns::parse_name("a.example"), {}}});
    return Done{};
}

Result<std::size_t> size_of_body(const ConfinedRequest& request) {
    struct stat body {};
    if (fstat(request.body, &body) != 0 || !S_ISREG(body.st_mode)) {
        return Unexpected{
            Error{ErrorCode::System, "read " + request.file, "it is no file that can be read", ""}};
    }
    const auto size = static_cast<std::size_t>(body.st_size);
    if (size > request.size_max) {
        return refuse(request.file,
                      fmt::format("has {} bytes, more than {}", size, request.size_max),
                      "split it, or allow more");
    }
    return size;
}

Result<ReadOutcome> read_any(const ReadRequest& request) {
    auto map = read_map(request);
    if (!map) {
        return Unexpected{std::move(map.error())};
    }
    if (*map) {
        return ReadOutcome{{}, std::move(**map)};
    }
    auto list = read_list(request);
    if (!list) {
        return Unexpected{std::move(list.error())};
    }
    const std::size_t patterns = list->contents.list.patterns.size();
    if (patterns > kReadPatternsMax) {
        return refuse(request.file,
                      fmt::format("has {} patterns of names, which no feed can have", patterns),
                      "take them in as own bans, with `ostrakon import`");
    }
    return ReadOutcome{std::move(*list), {}};
}

// All that is done with hostile bytes.
Result<ReadOutcome> read_body(const ConfinedRequest& request, std::string body, ChildDesk& desk) {
    const auto md5 = request.md5 ? matches_md5(body, *request.md5) : std::optional<bool>{};
    if (packing_of(body) != Packing::None) {
        auto unpacked = unpack_bytes(request.file, body, request.size_max);
        if (!unpacked) {
            return Unexpected{std::move(unpacked.error())};
        }
        body = std::move(*unpacked);
    }
    if (md5 == false && matches_md5(body, *request.md5) == false) {
        return refuse(request.file, fmt::format("its MD5 is not the one in {}.md5", request.file),
                      "get both again");
    }
    return read_any(
        {.file = request.file,
         .bytes = body,
         .size_max = request.size_max,
         .format = request.format,
         .now = request.now,
         .is_unpacked = true,
         .progress = [&desk](std::uint64_t done, std::uint64_t total) { desk.tell(done, total); }});
}

// Why the child that has ended so has no result.
Error error_of(const ConfinedRequest& request, const ConfinedChild::Outcome& outcome) {
    const auto refused = [&request](std::string why, std::string remedy) {
        return Error{ErrorCode::Usage, request.file, std::move(why), std::move(remedy)};
    };
    const ReaderLimits& limits = request.limits;
    const std::size_t megabytes = limits.memory_bytes / kMegabyte;
    constexpr std::string_view kLook = "look at it: no list that is one needs so much";
    switch (outcome.end) {
        case ChildEnd::NoMemory:
            return refused(fmt::format("cannot be read with {} MiB of memory", megabytes),
                           std::string{kLook});
        case ChildEnd::NoRoom:
            return refused(fmt::format("has entries that take more than {} MiB", megabytes),
                           std::string{kLook});
        case ChildEnd::NoTime:
            return refused(fmt::format("cannot be read within {} seconds, {} of them of CPU time",
                                       std::chrono::duration<double>{limits.wall_time}.count(),
                                       limits.cpu_time.count()),
                           std::string{kLook});
        case ChildEnd::Forbidden:
            return refused("made its reader try what no reader does, and was stopped there",
                           "look at it: it may be an attack; report it as a fault of Ostrakon");
        case ChildEnd::Unconfined:
            return Error{ErrorCode::System, "read " + request.file,
                         "its reader could not be confined", ""};
        case ChildEnd::Killed:
            return refused(
                fmt::format("its reader was ended by signal {} ({})", outcome.number,
                            strsignal(outcome.number)),
                outcome.number == SIGKILL
                    ? "was somebody impatient, or the machine short of memory? Else look at it"
                    : "look at it; report it as a fault of Ostrakon");
        case ChildEnd::Done:
        case ChildEnd::Failed:
            break;
    }
    return refused(fmt::format("its reader has failed, with status {}", outcome.number),
                   "look at it; report it as a fault of Ostrakon");
}

}  // namespace

struct ConfinedReading::State {
    ConfinedRequest request;
    ConfinedChild child;
};

ConfinedReading::ConfinedReading(std::unique_ptr<State> state) : state_(std::move(state)) {}
ConfinedReading::ConfinedReading(ConfinedReading&&) noexcept = default;
ConfinedReading& ConfinedReading::operator=(ConfinedReading&&) noexcept = default;
ConfinedReading::~ConfinedReading() = default;

Result<ConfinedReading> ConfinedReading::start(const ConfinedRequest& request) {
    if (!can_be_pulled(request.format)) {
        return Unexpected{
            Error{ErrorCode::Usage,
                  fmt::format("format \"{}\"", printable(request.format, kRejectTextSizeMax)),
                  "is none of a list that is pulled",
                  "logs, mails and databases of bans are for `ostrakon import`"}};
    }
    const auto size = size_of_body(request);
    if (!size) {
        return Unexpected{size.error()};
    }
    return start(request, [&request, size = *size](ChildDesk& desk) {
        const auto outcome = read_body(request, desk.read_input(size), desk);
        encode_outcome(outcome, [&desk](std::string_view bytes) { desk.write_result(bytes); });
    });
}

Result<ConfinedReading> ConfinedReading::start(const ConfinedRequest& request, const Work& work) {
    if (auto opened = open_all(request); !opened) {
        return Unexpected{std::move(opened.error())};
    }
    auto child = ConfinedChild::start(request.limits, request.body, work);
    if (!child) {
        return Unexpected{std::move(child.error())};
    }
    return ConfinedReading{std::make_unique<State>(State{request, std::move(*child)})};
}

int ConfinedReading::descriptor() const {
    return state_->child.descriptor();
}

bool ConfinedReading::advance(const Progress& progress) {
    return state_->child.advance(progress);
}

Result<ReadOutcome> ConfinedReading::finish() {
    const ConfinedRequest& request = state_->request;
    const ConfinedChild::Outcome end = state_->child.finish();
    if (end.end != ChildEnd::Done) {
        return Unexpected{error_of(request, end)};
    }
    std::size_t at = ConfinedChild::kResultAt;
    const auto next = [&end, &at](char* to, std::size_t size) {
        std::size_t done = 0;
        while (done < size) {
            const ssize_t got =
                pread(end.result.get(), to + done, size - done, static_cast<off_t>(at));
            if (got <= 0) {
                break;
            }
            done += static_cast<std::size_t>(got);
            at += static_cast<std::size_t>(got);
        }
        return done;
    };
    auto outcome = decode_outcome(request.file, end.size - std::min(end.size, at), next);
    if (!outcome) {
        return outcome;
    }
    if (outcome->list) {
        outcome->list->format = request.format;
    } else {
        outcome->map->format = request.format;
    }
    if (!end.is_filtered) {
        auto& notes = outcome->list ? outcome->list->contents.notes : outcome->map->contents.notes;
        notes.emplace_back(kUnfiltered);
    }
    return outcome;
}

Result<ReadOutcome> read_confined(const ConfinedRequest& request) {
    auto reading = ConfinedReading::start(request);
    return reading ? reading->finish() : Unexpected{std::move(reading.error())};
}

}  // namespace ostrakon::feed
