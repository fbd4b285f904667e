// Asking many questions at once, and a running rbldnsd.
#pragma once

#include "support/dns_client.hpp"
#include "support/process.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ostrakon::rbldnsd {

/// What a server answers to A or TXT: every A as text, every TXT as bytes, cut where rbldnsd cuts,
/// tabs as blanks.
struct Answer {
    bool is_there = false;  ///< A whole answer came, and it is NOERROR or NXDOMAIN.
    std::set<std::string> data;
    friend bool operator==(const Answer&, const Answer&) = default;
};

struct Question {
    std::string name;  ///< Absolute, dotted, "\DDD" for bytes.
    bool wants_text = false;
};

/// Asks all over UDP, many under way at a time; the answers in the order of the questions.
std::vector<Answer> ask_all(const test::ServerAddress& server,
                            const std::vector<Question>& questions);

/// Debian's rbldnsd in the foreground, on a port that was free.
class Rbldnsd {
public:
    /// `zones` are zone:type:file as rbldnsd takes them, files in `directory`, behind options.
    /// Throws std::runtime_error with what it said when it does not serve them.
    Rbldnsd(const std::filesystem::path& directory, const std::vector<std::string>& zones);

    const test::ServerAddress& address() const { return address_; }
    test::Process& process() { return *process_; }

private:
    test::ServerAddress address_;
    std::unique_ptr<test::Process> process_;
};

}  // namespace ostrakon::rbldnsd
