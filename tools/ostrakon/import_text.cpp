#include "import_text.hpp"

#include "messages.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdio>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kRejectsShownMax = 10;

}  // namespace

void print_rejects(const std::vector<policy::ImportReject>& rejects, std::uint64_t rejected,
                   const CommonOptions& common) {
    if (rejected == 0 || common.quiet || common.json) {
        return;
    }
    note(counted(rejected, "line was", "lines were") + " rejected:", false);
    for (std::size_t i = 0; i < std::min(rejects.size(), kRejectsShownMax); ++i) {
        const policy::ImportReject& reject = rejects[i];
        fmt::print(stderr, "  line {}: {}{}{}\n", reject.line, reject.text,
                   reject.text.empty() ? "" : "  ", reject.why);
    }
    if (rejected > kRejectsShownMax) {
        fmt::print(stderr, "  and {} more; --json has the first {}\n",
                   grouped(rejected - kRejectsShownMax), policy::kRejectsKept);
    }
}

}  // namespace ostrakon::tool
