#include "ostrakon/compare/question_set.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr std::size_t kPieceSize = std::size_t{1} << 18;

}  // namespace

void QuestionSet::add(Question question, std::uint64_t count) {
    if (const auto known = counts_.find(question); known != counts_.end()) {
        known->second += count;
    } else if (counts_.size() >= questions_max_) {
        beyond_max_ += count;
    } else {
        in_order_.push_back(&*counts_.emplace(std::move(question), count).first);
    }
}

void QuestionSet::add_line(std::string_view line) {
    LogLine read = read_log_line(line);
    switch (read.kind) {
        case LineKind::Empty:
            return;
        case LineKind::Question:
            add(std::move(read.question), 1);
            break;
        case LineKind::NotCompared:
            ++not_compared_;
            break;
        case LineKind::NoQuery:
            ++without_query_;
            break;
    }
    ++lines_;
}

void QuestionSet::add_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.find('\n'), bytes.size());
        is_too_long_ = is_too_long_ || begun_.size() + size > kLogLineSizeMax;
        if (!is_too_long_) {
            begun_ += bytes.substr(0, size);
        }
        if (size == bytes.size()) {
            return;
        }
        finish();
        bytes.remove_prefix(size + 1);
    }
}

void QuestionSet::finish() {
    if (std::exchange(is_too_long_, false)) {
        ++lines_;
        ++without_query_;
    } else {
        add_line(begun_);
    }
    begun_.clear();
}

void QuestionSet::add_text_questions() {
    const std::vector<const Counted*> asked = in_order_;
    for (const Counted* const counted : asked) {
        Question text{counted->first.name, dns::RecordType::Txt};
        if (counted->first.type == dns::RecordType::A && !counts_.contains(text)) {
            add(std::move(text), counted->second);
        }
    }
}

Result<Done> read_log(const std::string& path, QuestionSet& questions) {
    const auto cannot_read = [&path] {
        return Unexpected{Error{ErrorCode::Usage,
                                "read " + (path == "-" ? std::string{"standard input"} : path),
                                std::strerror(errno), ""}};
    };
    FileDescriptor file;
    if (path != "-") {
        file = FileDescriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!file.is_open()) {
            return cannot_read();
        }
    }
    std::string piece(kPieceSize, '\0');
    while (true) {
        const ssize_t size =
            ::read(file.is_open() ? file.get() : STDIN_FILENO, piece.data(), piece.size());
        if (size == 0) {
            questions.finish();
            return Done{};
        }
        if (size < 0 && errno != EINTR) {
            return cannot_read();
        }
        questions.add_bytes(std::string_view{piece}.substr(
            0, static_cast<std::size_t>(std::max<ssize_t>(0, size))));
    }
}

}  // namespace ostrakon::compare
