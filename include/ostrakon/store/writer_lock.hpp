// One writer at a time, and a word for those who wait.
//
// LMDB's own write lock has no time limit and tells nobody who holds it. So every writer first
// takes this one: an open-file-description lock on DIR/writer, which the kernel drops when its
// holder dies.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace ostrakon::store {

class WriterLock {
public:
    struct Request {
        std::filesystem::path directory;
        /// The file that is locked: writers of the database have this one; who fetches feeds has
        /// one of its own, held for longer.
        std::string file = "writer";
        std::string attempt = "write to";  ///< What cannot be done, in errors.
        std::string command;  ///< What the holder is doing: "import".
        Duration wait{60};    ///< How long to wait for another writer.
        std::function<void(std::string_view)>
            tell = {};  ///< Called after 1 s of waiting: "waiting for `import`, pid 123, 14 s".
    };
    /// Takes the lock or says who had it all the time (ErrorCode::Store).
    static Result<WriterLock> take(const Request& request);

private:
    explicit WriterLock(FileDescriptor fd) : fd_(std::move(fd)) {}
    FileDescriptor fd_;
};

}  // namespace ostrakon::store
