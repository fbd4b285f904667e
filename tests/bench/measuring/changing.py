"""What changes cost: bans, replaced lists, imports; and what those who ask notice of them."""

import json
import os
import random
import shutil
import statistics
import subprocess
import time

from . import contestants, figures, processes
from .figures import Row

RATE = 20_000
BANS = 15
BANS_PER_S = 10
RUNS = 5  # of which the median gap is taken
SECONDS_OF_BANS = 3
NO_LONGER = 1.1  # two medians of equal gaps differ, too
CHANGED_LINE_EVERY = 100
MIB, GIB = 2**20, 2**30
NOT_LISTED = [f"192.0.2.{host}" for host in range(1, 255)]  # the data has nothing in 192/8


def write_and_sync_s(file, size=4096):
    """The time of a write of 4 KiB that is on the disk when it returns."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        begin = time.monotonic()
        os.pwrite(descriptor, os.urandom(size), 0)
        os.fdatasync(descriptor)
        return time.monotonic() - begin
    finally:
        os.close(descriptor)


def ban_words(site, address):
    return site.tool("ban", address, "--reason", "Measured")


def bans(site, addresses):
    """One ban after the other, beside a server that nobody else asks."""
    visible, syncs = [], []
    site.start()
    try:
        for _ in range(BANS):
            syncs.append(write_and_sync_s(site.directory / "sync") * 1000)
            address = addresses.pop()
            name = processes.reversed_address(address)
            begin = time.monotonic()
            tool = subprocess.Popen(ban_words(site, address), stdout=subprocess.DEVNULL)
            processes.wait_for(
                lambda asked=name: processes.ask(site.port, asked) == (0, 1),
                f"the answer to the ban of {address}",
                patience_s=60,
                every_s=0.0002,
            )
            visible.append((time.monotonic() - begin) * 1000)
            if tool.wait() != 0:
                raise processes.Failure(f"ostrakon ban: status {tool.returncode}")
    finally:
        site.stop()
    limit = 10 + 2 * statistics.median(syncs)
    met = statistics.median(visible) <= limit
    yield Row("4 KiB written and fdatasync, ms", figures.text(syncs, 1), "", None)
    figure = "start of a ban to its answer, ms"
    yield Row(figure, figures.text(visible, 1), f"≤ {limit:.1f}", met)


def load_beside(site, commands):
    """What bench_load sees at a steady rate while `commands` runs."""
    generator = processes.begin_load(
        site.programs, site.port, site.data / "questions.mixed", 300, "--rate", RATE
    )
    try:
        time.sleep(0.5)
        commands()
        time.sleep(0.2)
    finally:
        generator.terminate()
        result = processes.finish_load(generator)
    return result


def paced(count, command):
    """Calls `command` so many times, BANS_PER_S a second."""
    begin = time.monotonic()
    for number in range(count):
        time.sleep(max(0, begin + number / BANS_PER_S - time.monotonic()))
        command()


def gaps(site, addresses):
    """Losses and gaps beside bans, and beside commands that take the same CPU and write nothing."""
    count = SECONDS_OF_BANS * BANS_PER_S
    lost, beside_bans, beside_burning = 0, [], []
    site.start()
    try:
        for _ in range(RUNS):
            taken = []

            def ban(to=taken):
                to.append(processes.run_measured(ban_words(site, addresses.pop())).cpu_s)

            result = load_beside(site, lambda call=ban: paced(count, call))
            lost += result["lost"] + result["unsent"]
            beside_bans.append(result["gap_ms"])
            burn = [site.programs / "bench_burn", f"{statistics.median(taken):.6f}"]
            result = load_beside(
                site, lambda words=burn: paced(count, lambda: processes.run_measured(words))
            )
            beside_burning.append(result["gap_ms"])
    finally:
        site.stop()
    yield Row(f"answers lost at {RATE // 1000} k/s beside bans", str(lost), "0", lost == 0)
    limit = statistics.median(beside_burning) * NO_LONGER
    met = statistics.median(beside_bans) <= limit
    figure = f"longest gap beside {BANS_PER_S} bans a second, ms"
    yield Row(figure, figures.text(beside_bans, 1), f"≤ {limit:.1f}", met)
    figure = "longest gap beside commands that only burn as much CPU, ms"
    yield Row(figure, figures.text(beside_burning, 1), "", None)


def write_changed(source, target):
    """A copy of a list of addresses, one line in a hundred another address. Returns how many
    addresses went and how many came."""
    draw = random.Random(20261122)
    gone, come = [], []
    with open(source, encoding="ascii") as lines, open(target, "w", encoding="ascii") as file:
        for number, line in enumerate(lines):
            if number % CHANGED_LINE_EVERY == 0:
                gone.append(line)
                line = f"{draw.randrange(11, 100)}." + ".".join(
                    str(draw.randrange(256)) for _ in range(3)
                )
                line += "\n"
                come.append(line)
            file.write(line)
    return len(gone), len(set(come))


def replacing(site, data_directory):
    """A list of a million replaced by one of which 1 % differs, under load."""
    million = contestants.make_data(site.programs, data_directory, "M") / "addresses"
    site.import_list(million, "million")
    changed = site.directory / "changed"
    gone, come = write_changed(million, changed)
    words = site.import_words(changed, "million", "--replace", "--json")
    taken = []
    site.start()
    try:
        result = load_beside(site, lambda: taken.append(processes.run_measured(words)))
    finally:
        site.stop()
    lost = result["lost"] + result["unsent"]
    report = json.loads(taken[0].output[taken[0].output.index("{") :])
    # An address that was drawn may stand in the list already.
    rows = report["added"] + report["removed"]
    met = abs(rows - gone - come) <= (gone + come) / 100 and report["changed"] == 0
    seconds = taken[0].wall_s
    figure = "a million replaced, 1 % differs, s"
    yield Row(figure, f"{seconds:.2f}", "≤ 3", seconds <= 3)
    yield Row("answers lost meanwhile", str(lost), "0", lost == 0)
    yield Row("longest gap meanwhile, ms", f"{result['gap_ms']:.1f}", "", None)
    yield Row("entries added and removed", str(rows), f"about {gone + come}", met)
    yield Row("written, MiB", f"{taken[0].written_bytes / MIB:.1f}", "", None)


def used_bytes(site):
    return json.loads(processes.run(site.tool("stats", "--json")))["used_bytes"]


def imports(programs, data, directory, size):
    """Imports of one list of addresses into an empty database."""
    with open(data / "addresses", encoding="ascii") as lines:
        unsorted = lines.readlines()
    in_order = directory / "in-order"
    directory.mkdir(parents=True, exist_ok=True)
    unsorted.sort(key=lambda line: tuple(map(int, line.split("."))))
    with open(in_order, "w", encoding="ascii") as file:
        file.writelines(unsorted)
    for file, word, limit in (
        (in_order, "a sorted", 1.0),
        (data / "addresses", "an unsorted", 0.5),
    ):
        site = contestants.Ostrakon(programs, data, directory / word[2:].strip())
        site.configure()
        taken = processes.run_measured(site.import_words(file, "list"))
        rate = len(unsorted) / taken.wall_s / 1e6
        figure = f"import of {word} list, million entries a second"
        yield Row(figure, f"{rate:.2f}", f"≥ {limit}", rate >= limit)
    if size == "L":
        pages = used_bytes(site) / GIB
        yield Row("pages used by the unsorted list, GiB", f"{pages:.3f}", "≤ 0.3", pages <= 0.3)
        write_changed(data / "addresses", directory / "changed")
        processes.run(site.import_words(directory / "changed", "list", "--replace"))
        file_gib = (site.directory / "db/data.mdb").stat().st_size / GIB
        figure = "file after a replacement of which 1 % differs, GiB"
        yield Row(figure, f"{file_gib:.3f}", "≤ 0.45", file_gib <= 0.45)
    shutil.rmtree(directory)


def measure(site, data_directory):
    addresses = list(NOT_LISTED)
    yield from bans(site, addresses)
    yield from gaps(site, addresses)
    yield from replacing(site, data_directory)
