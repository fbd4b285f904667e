#include "ostrakon/hits/history_file.hpp"

#include "sealed_file.hpp"

namespace ostrakon::hits {
namespace {

// Each number takes at most ten bytes.
constexpr std::size_t kHistorySizeMax =
    (History::kMinutes + History::kHours) * (History::kNamesMax + 3) * 10 + (std::size_t{1} << 20);
constexpr Seal kHistorySeal{"OSTRHST1", kHistorySizeMax, "the history of figures"};

}  // namespace

Result<std::optional<History>> read_history(const std::filesystem::path& file) {
    const auto bytes = read_sealed(file, kHistorySeal);
    if (!bytes) {
        return Unexpected{bytes.error()};
    }
    if (!*bytes) {
        return std::optional<History>{};
    }
    auto history = History::decode(**bytes);
    if (!history) {
        return Unexpected{damaged_file(kHistorySeal.what, file, "its numbers make no history")};
    }
    return std::optional{std::move(*history)};
}

Result<Done> write_history(const std::filesystem::path& file, const History& history) {
    return write_sealed(file, kHistorySeal, history.encode());
}

}  // namespace ostrakon::hits
