// `ostrakon top` and a running server: once, for scripts, and on a terminal of 80 × 24.
#include "ostrakon/base/file_descriptor.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;

class LiveTop : public testing::Test {
protected:
    LiveTop() {
        site_.configure({.server = "control = \"control\"\nthreads = 1\n"});
        site_.ban("192.0.2.7");
    }

    ProcessResult top(std::vector<std::string> words) {
        words.insert(words.begin(), {program("ostrakon").string(), "--config",
                                     site_.configuration().string(), "top"});
        return run(std::move(words));
    }

    LiveSite site_;
};

TEST_F(LiveTop, SaysWhatToDoWhereNobodyAnswers) {
    const ProcessResult result = top({"--once"});
    EXPECT_EQ(result.status, 4);
    EXPECT_THAT(result.errors, HasSubstr("control: No such file or directory"));
    EXPECT_THAT(result.errors, HasSubstr("start ostrakond"));
}

TEST_F(LiveTop, PrintsOnceForPeopleAndForScripts) {
    LiveServer server{site_};
    UdpClient udp(server.address());
    for (int i = 0; i < 4; ++i) {
        udp.ask({.name = "7.2.0.192.bl.example.org"});
    }
    const ProcessResult text = top({"--once"});
    EXPECT_EQ(text.status, 0) << text.errors;
    EXPECT_THAT(text.output, HasSubstr("bl.example.org"));
    EXPECT_THAT(text.output, HasSubstr("*192.0.2.7"));
    EXPECT_THAT(text.output, HasSubstr("127.0.0.1"));
    const auto json = nlohmann::json::parse(top({"--once", "--json"}).output);
    EXPECT_EQ(json.at("zones").at(0).at("zone"), "bl.example.org");
    EXPECT_EQ(json.at("subjects").at(0).at("subject"), "192.0.2.7");
    EXPECT_EQ(json.at("subjects").at(0).at("listed"), true);
    EXPECT_GT(json.at("seconds").get<double>(), 0.5);
}

TEST_F(LiveTop, NeedsATerminalToBeLive) {
    LiveServer server{site_};
    const ProcessResult result = top({});
    EXPECT_EQ(result.status, 4);
    EXPECT_THAT(result.errors, HasSubstr("--once prints once"));
}

// A program on a terminal of its own.
class OnTerminal {
public:
    OnTerminal(const std::vector<std::string>& words, unsigned short rows, unsigned short columns) {
        winsize size{rows, columns, 0, 0};
        int terminal = -1;
        pid_ = ::forkpty(&terminal, nullptr, nullptr, &size);
        if (pid_ == 0) {
            ::setenv("TERM", "xterm", 1);
            ::setenv("LC_ALL", "C", 1);
            std::vector<char*> arguments;
            for (const std::string& word : words) {
                arguments.push_back(const_cast<char*>(word.c_str()));
            }
            arguments.push_back(nullptr);
            ::execv(arguments[0], arguments.data());
            ::_exit(127);
        }
        terminal_ = FileDescriptor{terminal};
    }
    ~OnTerminal() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    // Reads until the text has come; what has come from the start otherwise.
    std::string read_until(const std::string& text) {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        std::array<char, 4096> buffer{};
        while (read_.find(text) == std::string::npos &&
               std::chrono::steady_clock::now() < deadline) {
            pollfd readable{terminal_.get(), POLLIN, 0};
            ::poll(&readable, 1, 100);
            const ssize_t got = (readable.revents & POLLIN) != 0
                                    ? ::read(terminal_.get(), buffer.data(), buffer.size())
                                    : 0;
            read_.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
            if ((readable.revents & POLLIN) == 0 && (readable.revents & POLLHUP) != 0) {
                break;
            }
        }
        return std::exchange(read_, {});
    }
    void type(const std::string& keys) {
        static_cast<void>(::write(terminal_.get(), keys.data(), keys.size()));
    }
    void resize(unsigned short rows, unsigned short columns) {
        const winsize size{rows, columns, 0, 0};
        ::ioctl(terminal_.get(), TIOCSWINSZ, &size);
    }
    int wait() {
        int status = -1;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }

private:
    pid_t pid_ = -1;
    FileDescriptor terminal_;
    std::string read_;
};

TEST_F(LiveTop, DrawsOnATerminalAndObeysKeys) {
    LiveServer server{site_};
    UdpClient(server.address()).ask({.name = "7.2.0.192.bl.example.org"});
    OnTerminal top({program("ostrakon").string(), "--config", site_.configuration().string(), "top",
                    "--every", "1s"},
                   24, 80);
    const std::string drawn = top.read_until("q quit");
    EXPECT_THAT(drawn, HasSubstr("queries/s"));
    EXPECT_THAT(drawn, HasSubstr("bl.example.org"));
    EXPECT_THAT(drawn, HasSubstr("192.0.2.7"));
    EXPECT_THAT(drawn, HasSubstr("s sort by listed"));
    top.type("s");
    top.read_until("name");
    top.resize(40, 132);
    top.type(" ");
    EXPECT_THAT(top.read_until("q quit"), HasSubstr("q quit")) << "is drawn anew";
    top.type("q");
    EXPECT_EQ(top.wait(), 0);
}

}  // namespace
}  // namespace ostrakon::test
