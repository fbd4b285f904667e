// Child processes: started with pipes, waited for with a bound, ended by their id.
//
// A child never outlives its test: it is killed with its Process, and by the kernel when the thread
// that started it ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

/// How long a test waits for something that should take milliseconds. Reaching it is a failure.
inline constexpr std::chrono::seconds kPatience{60};

struct ProcessOptions {
    std::vector<std::string> arguments = {};  ///< The first is the program, looked up in PATH.
    std::map<std::string, std::string> environment = {};  ///< Added to this program's own.
    std::string input = {};                               ///< What it reads on stdin, then its end.
    std::filesystem::path directory = {};                 ///< Where it starts; empty: here.
    std::filesystem::path output_file = {};  ///< Takes stdout in place of output(); empty: no.
};

/// What a finished process left.
struct ProcessResult {
    int status = -1;  ///< Exit status; 128 + N when signal N ended it, as a shell says.
    std::string output;
    std::string errors;
};

class Process {
public:
    /// Throws std::runtime_error when the program cannot be started.
    explicit Process(const ProcessOptions& options);
    /// Kills it if it still runs.
    ~Process();
    Process(Process&&) noexcept;
    Process& operator=(Process&&) noexcept;

    pid_t pid() const;
    bool is_running();
    void signal(int number);
    /// Waits for the end; after `patience` the process is killed and the status is 128 + 9.
    ProcessResult wait(std::chrono::milliseconds patience = kPatience);

    /// What it has written up to now.
    std::string output() const;
    std::string errors() const;
    /// Waits until stderr holds `text` behind its first `from` bytes; false when it ended or
    /// patience ran out before.
    bool wait_for_errors(std::string_view text, std::size_t from = 0,
                         std::chrono::milliseconds patience = kPatience);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Runs a program to its end.
ProcessResult run(const ProcessOptions& options, std::chrono::milliseconds patience = kPatience);
ProcessResult run(std::vector<std::string> arguments, std::string input = {});

}  // namespace ostrakon::test
