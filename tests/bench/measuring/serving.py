"""What a server that nobody changes does: start, memory, delays, workers, kinds of questions."""

import os
import statistics

from . import contestants, figures, processes
from .figures import Row

RATE = 20_000
STARTS = 7
MIB = 2**20
CUTS = ("com", "5")
CUT_ZONE = "cuts.example.org"


def forget_pages(file):
    """Has the kernel drop what it keeps of a file that nobody maps."""
    with open(file, "rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def first_answer(site):
    """Start of the program to its first right answer."""
    taken = []
    for _ in range(STARTS):
        taken.append(site.start(every_s=0.0005) * 1000)
        site.stop()
    forget_pages(site.directory / "db/data.mdb")
    cold = site.start(every_s=0.0005) * 1000
    site.stop()
    met = statistics.median(taken) <= 20
    yield Row("start to first answer, ms", figures.text(taken, 1), "≤ 20", met)
    yield Row("the same, nothing of the database in memory, ms", f"{cold:.1f}", "", None)


def ask_everything(site):
    """A million questions of every kind, so that the server has met what it will meet."""
    processes.load(site.programs, site.port, site.data / "questions.mixed", 2, "--sockets", 16)


def memory(site, pair):
    """Private memory that no file backs, after every kind of question was asked."""
    private = []
    for server in (site, pair):
        server.start()
        ask_everything(server)
        private.append(processes.private_bytes(server.process.pid) / MIB)
        server.stop()
    one, two = private
    yield Row("private memory of one worker, MiB", f"{one:.1f}", "≤ 16", one <= 16)
    more = two - one
    yield Row("of a further worker, MiB", f"{more:.1f}", "≤ 2", more <= 2)


def cpu_per_million(server, questions, seconds, *options):
    before = server.cpu_seconds()
    result = processes.load(server.programs, server.port, questions, seconds, *options)
    if result["answered"] == 0:
        raise processes.Failure(f"{server.name} does not answer")
    return (server.cpu_seconds() - before) / result["answered"] * 1e6


def cpu_of_workers(server, cpus, options):
    """CPU a query of a server whose workers have these CPUs."""
    processes.spread(server.process.pid, cpus)
    # As many questions wait for each worker, so that batches are of one size.
    window = 224 * server.workers
    questions = server.data / "questions.mixed"
    return cpu_per_million(
        server, questions, options.seconds, "--sockets", 16, "--window", window
    )


def two_workers(site, pair, options):
    """CPU a query of two workers, as a multiple of one's."""
    here, there = processes.SERVER_CPU, processes.GENERATOR_CPU
    sharing, apart = [], []
    site.start()
    pair.start()
    try:
        for _ in range(options.rounds):
            one = cpu_of_workers(site, [here], options)
            sharing.append(cpu_of_workers(pair, [here], options) / one)
            # What the generator has just written is in the caches of its CPU.
            beside_generator = cpu_of_workers(site, [there], options)
            two = cpu_of_workers(pair, [here, there], options)
            apart.append(two / statistics.mean((one, beside_generator)))
    finally:
        pair.stop()
        site.stop()
    for ratios, where in ((sharing, "on one CPU"), (apart, "on a CPU each")):
        met = statistics.median(ratios) <= 2 / 1.8
        figure = f"CPU a query of two workers {where}, as a multiple of one's"
        yield Row(figure, figures.text(ratios), "≤ 1.11", met)


def delay(site, echo, options):
    """Half of the answers at a steady rate come within this."""
    questions = site.data / "questions.mixed"
    mine, ratios = [], []
    echo.start()
    site.start()
    try:
        for number in range(options.rounds):
            medians = {}
            for server in (site, echo) if number % 2 == 0 else (echo, site):
                result = processes.load(
                    site.programs, server.port, questions, options.seconds, "--rate", RATE
                )
                medians[server] = result["p50_us"]
            mine.append(medians[site])
            ratios.append(medians[site] / medians[echo])
    finally:
        site.stop()
        echo.stop()
    met = statistics.median(ratios) <= 1.1
    yield Row(f"median delay at {RATE // 1000} k/s, µs", figures.text(mine, 1), "", None)
    yield Row("the same, as a multiple of the echo's", figures.text(ratios), "≤ 1.10", met)


def kinds(site, options):
    """CPU of the whole server by kind of question."""
    others = ("txt", "ipv6", "names")
    ratios = {kind: [] for kind in others}
    site.start()
    try:
        ask_everything(site)
        for _ in range(options.rounds):
            address = cpu_per_million(site, site.data / "questions.a", options.seconds)
            for kind in others:
                taken = cpu_per_million(site, site.data / f"questions.{kind}", options.seconds)
                ratios[kind].append(taken / address)
    finally:
        site.stop()
    for kind in others:
        met = statistics.median(ratios[kind]) <= 1.5
        figure = f"CPU of a query of type {kind}, as a multiple of an IPv4 A's"
        yield Row(figure, figures.text(ratios[kind]), "≤ 1.50", met)


def cuts(site, options):
    """Names that resolvers ask for on their way, in a zone whose feed has nothing below them."""
    site.write("few", "192.0.2.1\n192.0.2.2\n")
    site.import_list(site.directory / "few", "few")
    site.write(
        "zones/cuts.toml",
        f"""
        origin = "{CUT_ZONE}"
        ns = ["ns.example.org"]
        contact = "hostmaster@example.org"
        sources = ["few"]
        """,
    )
    try:
        site.start()
        for cut in CUTS:
            questions = site.directory / f"questions.{cut}"
            questions.write_text(f"{cut}.{CUT_ZONE} A\n" * 1024, encoding="ascii")
            taken = [
                cpu_per_million(site, questions, options.seconds) for _ in range(options.rounds)
            ]
            met = statistics.median(taken) <= 20
            figure = f"a question for {cut}, nothing below it in the feed, µs of CPU"
            yield Row(figure, figures.text(taken), "≤ 20", met)
    finally:
        site.stop()
        (site.directory / "zones/cuts.toml").unlink()


def measure(site, options):
    pair = contestants.TwoWorkers(site.programs, site.data, site.directory.parent, site)
    pair.configure()
    echo = contestants.Echo(site.programs, site.data, site.directory.parent)
    echo.prepare()
    yield from first_answer(site)
    yield from memory(site, pair)
    yield from delay(site, echo, options)
    yield from two_workers(site, pair, options)
    yield from kinds(site, options)
    yield from cuts(site, options)
