// A command that takes as much CPU time as it is told, and does nothing with it: what a change
// costs those beside it besides its writing.
//
//   bench_burn SECONDS
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace ostrakon::bench {
namespace {

double own_cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace
}  // namespace ostrakon::bench

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: bench_burn SECONDS\n", stderr);
        return 2;
    }
    const double seconds = std::atof(argv[1]);
    while (ostrakon::bench::own_cpu_seconds() < seconds) {
    }
    return 0;
}
