// A fetch in a process of its own, so that a slow publisher keeps nobody waiting, and what it sends
// meets no other process than that. Included by this module's sources only.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/fetch/fetch.hpp"

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

namespace ostrakon::pull {

/// What is to be fetched by a child.
struct FetchJob {
    fetch::Request request;               ///< Without key and progress.
    const FileDescriptor* key = nullptr;  ///< File with the key; null: none is needed.
    /// Of a file with a digest beside the list; empty: there is none.
    std::string md5_url;
    std::filesystem::path md5_body;
};

class FetchProcess {
public:
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

    /// Forks. The process has no other thread. Error: System.
    static Result<FetchProcess> start(const FetchJob& job);
    FetchProcess(FetchProcess&& other) noexcept;
    FetchProcess& operator=(FetchProcess&& other) noexcept;
    /// Kills the child if it is still there.
    ~FetchProcess();

    /// Readable for poll() when there is news.
    int descriptor() const { return news_.get(); }
    /// Takes what news are there without waiting; false when the child has ended.
    bool advance(const Progress& progress);
    /// Waits for the child's end. Once only.
    Expected<fetch::Fetched, fetch::Failure> finish();

private:
    FetchProcess(pid_t pid, FileDescriptor news) : pid_(pid), news_(std::move(news)) {}
    void take_messages(const Progress& progress);
    void end();

    pid_t pid_ = -1;
    FileDescriptor news_;
    std::string unread_;  // bytes of messages that are not whole yet
    std::string result_;
};

}  // namespace ostrakon::pull
