"""Starts programs, ends them, and reads what they have taken."""

import dataclasses
import datetime
import json
import os
import platform
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ORIGIN = "bl.example.org"
SERVER_CPU, GENERATOR_CPU = 0, 1
START_PATIENCE_S = 900
END_PATIENCE_S = 60
TYPES = {"A": 1, "TXT": 16}


class Failure(Exception):
    """Something a measurement needs is not there or does not work."""


def end_by_exception():
    """Has SIGTERM unwind the stack, so that everything that was started is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))


def machine():
    """Date, CPU and kernel, in one line."""
    model = "unknown CPU"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    today = datetime.date.today().isoformat()
    return f"{today}, {os.cpu_count()} CPUs ({model}), Linux {platform.release()}"


def free_port():
    """A port of 127.0.0.1 that is free for UDP and TCP at this moment."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        ):
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                continue
            return udp.getsockname()[1]


def question_packet(name, kind="A"):
    header = struct.pack(">HHHHHH", random.randrange(65536), 0x0100, 1, 0, 0, 0)
    labels = b"".join(
        bytes([len(label)]) + label.encode() for label in name.split(".")
    )
    return header + labels + b"\0" + struct.pack(">HH", TYPES[kind], 1)


def ask(port, name, kind="A", patience_s=0.02):
    """(rcode, number of answers), or None if none came."""
    question = question_packet(name, kind)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(patience_s)
        client.connect(("127.0.0.1", port))
        try:
            client.send(question)
            answer = client.recv(4096)
        except OSError:
            return None
    if len(answer) < 12 or answer[:2] != question[:2]:
        return None
    return answer[3] & 15, struct.unpack(">H", answer[6:8])[0]


def reversed_address(address):
    return ".".join(reversed(address.split("."))) + "." + ORIGIN


def pin_to(cpus):
    return lambda: os.sched_setaffinity(0, cpus)


def spread(pid, cpus):
    """Has the threads of a process run on these CPUs, one each in turn, the first thread on all."""
    main, *others = sorted(map(int, os.listdir(f"/proc/{pid}/task")))
    os.sched_setaffinity(main, cpus)
    for number, thread in enumerate(others):
        os.sched_setaffinity(thread, {cpus[number % len(cpus)]})


def run(words, cpu=GENERATOR_CPU, **options):
    """Runs a command to its end, on one CPU; Failure if it fails."""
    result = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=pin_to({cpu}),
        **options,
    )
    if result.returncode != 0:
        last = (result.stderr + result.stdout).strip()[-500:]
        raise Failure(f"{' '.join(map(str, words))}: {last or result.returncode}")
    return result.stdout


@dataclasses.dataclass
class Taken:
    """What a command has taken."""

    wall_s: float
    cpu_s: float
    written_bytes: int
    output: str


def run_measured(words):
    """Runs a command to its end, on any CPU; Failure if it fails."""
    with tempfile.TemporaryFile("w+") as output:
        begin = time.monotonic()
        process = subprocess.Popen(
            list(map(str, words)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise Failure(f"{' '.join(map(str, words))}: {text.strip()[-500:]}")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Taken(wall_s, cpu_s, usage.ru_oublock * 512, text)


def started(words, cpus, log):
    """A process of ours on these CPUs, that writes into the file `log`."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=pin_to(cpus),
        )


def family(pid):
    """The process and all it has started, by their parents."""
    found, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        found.append(member)
        try:
            for task in os.listdir(f"/proc/{member}/task"):
                with open(f"/proc/{member}/task/{task}/children", encoding="ascii") as f:
                    waiting += map(int, f.read().split())
        except OSError:
            continue
    return found


def end(process):
    """Ends a process of ours, and its children with it."""
    members = family(process.pid)
    process.terminate()
    try:
        process.wait(END_PATIENCE_S)
    except subprocess.TimeoutExpired:
        for member in members:
            try:
                os.kill(member, signal.SIGKILL)
            except OSError:
                continue
        process.wait()


def task_cpu_seconds(task):
    """User and system time of one thread, to the nanosecond where the kernel tells it."""
    try:
        with open(f"{task}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e9
    except FileNotFoundError:
        with open(f"{task}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """What a process and its children have taken."""
    total = 0
    for member in family(pid):
        try:
            for task in os.listdir(f"/proc/{member}/task"):
                total += task_cpu_seconds(f"/proc/{member}/task/{task}")
        except OSError:
            continue
    return total


def busy_seconds(cpu):
    """What a CPU has worked for anybody, and what the hypervisor took from it meanwhile."""
    with open("/proc/stat", encoding="ascii") as lines:
        for line in lines:
            if line.startswith(f"cpu{cpu} "):
                user, nice, system, _, _, irq, softirq, steal = map(int, line.split()[1:9])
                ticks = os.sysconf("SC_CLK_TCK")
                return (user + nice + system + irq + softirq) / ticks, steal / ticks
    raise Failure(f"there is no CPU {cpu}")


def available_memory_gib():
    with open("/proc/meminfo", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 2**20
    return 0


def private_bytes(pid):
    """Private memory of a process that no file backs."""
    total_kib, counts = 0, False
    with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            words = line.split()
            if not words[0].endswith(":"):  # the head of a mapping: range, rights, …, file
                counts = len(words) < 6 or words[5].startswith("[")
            elif counts and words[0] in ("Private_Clean:", "Private_Dirty:"):
                total_kib += int(words[1])
    return total_kib * 1024


def begin_load(programs, port, questions, seconds, *options):
    """A bench_load that has begun to ask."""
    words = [programs / "bench_load", port, questions, "--seconds", seconds]
    words += ["--cpu", GENERATOR_CPU, *options]
    generator = subprocess.Popen(
        list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    first = generator.stderr.readline()
    if first != "asking\n":
        generator.communicate()
        raise Failure(first.strip() or f"bench_load: status {generator.returncode}")
    return generator


def finish_load(generator):
    """Waits for a bench_load; what it tells."""
    output, errors = generator.communicate()
    if generator.returncode != 0:
        raise Failure(errors.strip() or f"bench_load: status {generator.returncode}")
    return json.loads(output)


def load(programs, port, questions, seconds, *options):
    """Asks these questions for so long; what bench_load tells about the answers."""
    generator = begin_load(programs, port, questions, seconds, *options)
    try:
        return finish_load(generator)
    finally:
        if generator.poll() is None:
            end(generator)


def wait_for(condition, what, patience_s=START_PATIENCE_S, every_s=0.002):
    """Asks again and again until it holds."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > patience_s:
            raise Failure(f"{what}: not within {patience_s} s")
        time.sleep(every_s)
