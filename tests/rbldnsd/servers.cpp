#include "rbldnsd/servers.hpp"

#include "support/free_port.hpp"
#include "support/query_builder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <algorithm>
#include <span>
#include <stdexcept>

namespace ostrakon::rbldnsd {
namespace {

constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeTxt = 16;
constexpr std::size_t kWindow = 64;        // questions under way
constexpr std::size_t kTextSizeMax = 254;  // what rbldnsd sends of a text

// Reads an answer as far as needed; nothing behind its end is touched.
class AnswerReader {
public:
    explicit AnswerReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    Answer read(std::uint16_t type) {
        Answer answer;
        constexpr std::size_t kHeaderSize = 12;
        if (bytes_.size() < kHeaderSize) {
            return answer;
        }
        const unsigned rcode = bytes_[3] & 15;
        const bool is_truncated = (bytes_[2] & 2) != 0;
        const unsigned records = number(6, 2);
        at_ = kHeaderSize;
        skip_name();
        at_ += 4;
        for (unsigned i = 0; i < records; ++i) {
            skip_name();
            const unsigned found = number(at_, 2);
            const unsigned size = number(at_ + 8, 2);
            at_ += 10;
            if (found == type) {
                answer.data.insert(type == kTypeA ? address() : text(size));
            }
            at_ += size;
        }
        answer.is_there = at_ <= bytes_.size() && !is_truncated && (rcode == 0 || rcode == 3);
        return answer;
    }

private:
    unsigned number(std::size_t at, std::size_t size) const {
        unsigned value = 0;
        for (std::size_t i = at; i < at + size; ++i) {
            value = value << 8 | (i < bytes_.size() ? bytes_[i] : 0U);
        }
        return value;
    }

    void skip_name() {
        while (at_ < bytes_.size() && bytes_[at_] != 0) {
            if ((bytes_[at_] & 0xC0) != 0) {
                at_ += 2;
                return;
            }
            at_ += bytes_[at_] + 1U;
        }
        ++at_;
    }

    std::string address() const {
        return fmt::format("{}.{}.{}.{}", number(at_, 1), number(at_ + 1, 1), number(at_ + 2, 1),
                           number(at_ + 3, 1));
    }

    std::string text(std::size_t size) const {
        std::string joined;
        for (std::size_t at = at_; at < std::min(at_ + size, bytes_.size());) {
            const std::size_t length = bytes_[at++];
            for (const std::size_t end = at + length; at < end; ++at) {
                const auto c = static_cast<char>(number(at, 1));
                joined.push_back(c == '\t' ? ' ' : c);
            }
        }
        joined.resize(std::min(joined.size(), kTextSizeMax));
        return joined;
    }

    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<Answer> ask_all(const test::ServerAddress& server,
                            const std::vector<Question>& questions) {
    test::UdpClient client{server};
    std::vector<Answer> answers(questions.size());
    std::size_t next = 0;
    std::size_t under_way = 0;
    while (next < questions.size() || under_way > 0) {
        while (next < questions.size() && under_way < kWindow) {
            const Question& question = questions[next];
            client.send(test::build_query({.name = question.name,
                                           .type = question.wants_text ? kTypeTxt : kTypeA,
                                           .id = static_cast<std::uint16_t>(next++),
                                           .opt = test::OptSpec{.payload_bytes = 4096}}));
            ++under_way;
        }
        const test::Bytes bytes = client.receive();
        if (bytes.size() < 2) {
            return answers;  // what did not come is not there
        }
        // The id of one among the last 65,536 questions.
        const auto id = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
        const std::size_t which = next - 1 - static_cast<std::uint16_t>(next - 1 - id);
        if (which < answers.size()) {
            answers[which] =
                AnswerReader{bytes}.read(questions[which].wants_text ? kTypeTxt : kTypeA);
        }
        --under_way;
    }
    return answers;
}

Rbldnsd::Rbldnsd(const std::filesystem::path& directory, const std::vector<std::string>& zones) {
    constexpr int kAttempts = 5;  // the port may be taken in between
    for (int attempt = 1;; ++attempt) {
        address_.port = test::free_port(SOCK_DGRAM);
        test::ProcessOptions options;
        // It tells on stdout that it serves.
        options.arguments = {
            "/bin/sh", "-c", "exec \"$@\" >&2",  "sh", "/usr/sbin/rbldnsd",
            "-n",      "-w", directory.string(), "-b", fmt::format("127.0.0.1/{}", address_.port)};
        if (::geteuid() == 0) {  // it does not serve as root
            options.arguments.insert(options.arguments.end(), {"-u", "65534:65534"});
        }
        options.arguments.insert(options.arguments.end(), zones.begin(), zones.end());
        process_ = std::make_unique<test::Process>(options);
        if (process_->wait_for_errors("started (")) {
            return;
        }
        if (attempt == kAttempts) {
            throw std::runtime_error("rbldnsd does not serve: " + process_->errors());
        }
    }
}

}  // namespace ostrakon::rbldnsd
