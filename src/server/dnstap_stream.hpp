// One stream of dnstap's frames, into a file or to a program that listens on a socket.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace ostrakon::server {

struct FstrmLibrary;

/// Error: libfstrm is not there.
Result<std::shared_ptr<const FstrmLibrary>> load_fstrm_library();

/// One thread.
class DnstapStream {
public:
    /// Opens the file anew, or connects and greets whoever listens. `is_ending` makes everything
    /// that waits give up soon; it outlives the stream.
    static Result<std::unique_ptr<DnstapStream>> open(std::shared_ptr<const FstrmLibrary> library,
                                                      const config::DnstapTarget& place,
                                                      const std::atomic<bool>& is_ending);
    /// Ends the stream in good order, where the other side lets it.
    ~DnstapStream();
    DnstapStream(const DnstapStream&) = delete;
    DnstapStream& operator=(const DnstapStream&) = delete;

    /// Adds a frame. False: the stream is broken.
    bool write(std::string_view frame);
    /// Hands on what was added. False: the stream is broken.
    bool flush();

private:
    struct State;
    explicit DnstapStream(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::server
