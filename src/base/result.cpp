#include "ostrakon/base/result.hpp"

namespace ostrakon {

std::string message(const Error& error) {
    std::string text = error.attempt;
    if (!error.why.empty()) {
        text += (text.empty() ? "" : ": ") + error.why;
    }
    if (!error.remedy.empty()) {
        text += " (" + error.remedy + ")";
    }
    return text;
}

int exit_status(ErrorCode code) {
    switch (code) {
        case ErrorCode::Absent:
            return 1;
        case ErrorCode::Usage:
            return 2;
        case ErrorCode::Refused:
            return 3;
        case ErrorCode::Store:
        case ErrorCode::System:
            break;
    }
    return 4;
}

}  // namespace ostrakon
