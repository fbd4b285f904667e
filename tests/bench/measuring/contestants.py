"""The servers that are compared, each with its own directory, configuration and port."""

import getpass
import os
import pathlib
import shutil
import textwrap
import time

from . import processes
from .processes import ORIGIN, Failure


class Server:
    """One contestant on one data set. Subclasses say how it is prepared and started."""

    name = ""
    program = ""
    gib_at_l = 1  # of memory, about; the smaller sizes take a tenth
    needs_zone_file = False
    answers = True  # what was asked, rather than echoing it

    def __init__(self, programs, data, directory):
        self.programs, self.data = programs, data
        self.directory = directory / self.name
        self.port = processes.free_port()
        self.process = None

    @classmethod
    def why_unfit(cls, programs):
        """Why it cannot take part; None if it can."""
        if cls.find_program(programs) is None:
            return f"{cls.program} is not installed"
        return None

    @classmethod
    def find_program(cls, programs):
        places = f"{programs}:{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
        return shutil.which(cls.program, path=places)

    def require_memory(self, size):
        """Failure where the server would drive others out of memory."""
        if size == "L" and self.gib_at_l > processes.available_memory_gib():
            raise Failure(f"needs {self.gib_at_l} GiB of memory")

    def prepare(self):
        """Makes what the server reads."""
        self.directory.mkdir(parents=True, exist_ok=True)

    def command(self):
        raise NotImplementedError

    def start(self, cpus=(processes.SERVER_CPU,), every_s=0.002):
        """Starts the server and returns the seconds to its first right answer."""
        listed = self.listed_address()
        log = self.directory / "log"
        words = [self.find_program(self.programs), *map(str, self.command())]
        begin = time.monotonic()
        self.process = processes.started(words, set(cpus), log)

        def answers():
            if self.process.poll() is not None:
                last = log.read_text(errors="replace").strip()[-500:]
                raise Failure(f"{self.name} ended: {last}")
            answer = processes.ask(self.port, processes.reversed_address(listed))
            return answer is not None and (not self.answers or answer == (0, 1))

        processes.wait_for(answers, f"an answer of {self.name}", every_s=every_s)
        return time.monotonic() - begin

    def listed_address(self):
        with open(self.data / "addresses", encoding="ascii") as lines:
            return next(lines).strip()

    def stop(self):
        if self.process is not None:
            processes.end(self.process)
            self.process = None

    def cpu_seconds(self):
        return processes.cpu_seconds(self.process.pid)

    def write(self, file, text):
        (self.directory / file).write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")


class Echo(Server):
    name = "echo"
    program = "bench_echo"
    answers = False

    def command(self):
        return [self.port]


class Ostrakon(Server):
    name = "ostrakond"
    program = "ostrakond"
    workers = 1
    database_size = "2GiB"  # valgrind has no room for more
    feeds = (("addresses", "ip4"), ("prefixes", "nets"), ("ipv6", "ip6"), ("names", "names"))

    def command(self):
        return ["--config", self.configuration()]

    def configuration(self):
        return self.directory / "ostrakon.toml"

    def configure(self):
        for name in ("zones", "db"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        self.write(
            self.configuration().name,
            f"""
            [database]
            path = "{self.directory}/db"
            size = "{self.database_size}"
            [server]
            listen = ["127.0.0.1:{self.port}"]
            threads = {self.workers}
            user = "{getpass.getuser()}"
            """,
        )
        self.write(
            "zones/bl.toml",
            f"""
            origin = "{ORIGIN}"
            ns = ["ns.example.org"]
            contact = "hostmaster@example.org"
            """,
        )

    def prepare(self):
        self.configure()
        done = self.directory / "imported"
        if not done.exists():
            for file, feed in self.feeds:
                self.import_list(self.data / file, feed)
            done.touch()

    def tool(self, *words):
        tool = self.programs / "ostrakon"
        return [str(tool), "--config", str(self.configuration()), *map(str, words)]

    def import_words(self, file, feed, *options):
        words = ("--yes", "import", file, "--format", "plain", "--source", feed)
        return self.tool(*words, *options)

    def import_list(self, file, feed):
        return processes.run(self.import_words(file, feed))


class RbldnsdTrie(Server):
    name = "rbldnsd, ip4trie"
    program = "rbldnsd"
    data_set = "ip4trie"

    def command(self):
        sets = ((self.data_set, "ip4"), ("ip6trie", "ip6"), ("dnset", "names"))
        words = ["-n", "-a", "-c", 0, "-b", f"127.0.0.1/{self.port}", "-w", self.data]
        return words + [f"{ORIGIN}:{kind}:rbldnsd.{file}" for kind, file in sets]


class RbldnsdSet(RbldnsdTrie):
    name = "rbldnsd, ip4set"
    data_set = "ip4set"


class Nsd(Server):
    name = "NSD"
    program = "nsd"
    gib_at_l = 8
    needs_zone_file = True

    def command(self):
        self.write(
            "nsd.conf",
            f"""
            server:
              ip-address: 127.0.0.1@{self.port}
              server-count: 1
              username: ""
              zonesdir: "{self.data}"
              database: ""
              pidfile: "{self.directory}/pid"
              xfrdfile: "{self.directory}/xfrd.state"
              xfrdir: "{self.directory}"
              zonelistfile: "{self.directory}/zone.list"
              rrl-ratelimit: 0
              minimal-responses: yes
              receive-buffer-size: 4194304
              send-buffer-size: 4194304
            remote-control:
              control-enable: no
            zone:
              name: {ORIGIN}
              zonefile: zonefile
            """,
        )
        return ["-d", "-c", self.directory / "nsd.conf"]


class Knot(Server):
    name = "Knot DNS"
    program = "knotd"
    gib_at_l = 8
    needs_zone_file = True

    def command(self):
        self.write(
            "knot.conf",
            f"""
            server:
                rundir: "{self.directory}"
                listen: 127.0.0.1@{self.port}
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            database:
                storage: "{self.directory}"
            log:
              - target: stderr
                any: warning
            zone:
              - domain: {ORIGIN}
                file: "{self.data}/zonefile"
                semantic-checks: off
                zonefile-load: whole
                zonefile-sync: -1
                journal-content: none
            """,
        )
        return ["-c", self.directory / "knot.conf"]


class Bind(Server):
    name = "BIND"
    program = "named"
    gib_at_l = 11
    needs_zone_file = True

    def command(self):
        self.write(
            "named.conf",
            f"""
            options {{
                directory "{self.directory}";
                pid-file "{self.directory}/pid";
                session-keyfile "{self.directory}/session.key";
                listen-on port {self.port} {{ 127.0.0.1; }};
                listen-on-v6 {{ none; }};
                recursion no;
                dnssec-validation no;
                minimal-responses yes;
                notify no;
            }};
            controls {{ }};
            zone "{ORIGIN}" {{
                type primary;
                file "{self.data}/zonefile";
                check-names ignore;
            }};
            """,
        )
        return ["-f", "-n", 1, "-c", self.directory / "named.conf"]


class PowerDns(Server):
    name = "PowerDNS"
    program = "pdns_server"
    gib_at_l = 6
    needs_zone_file = True

    @classmethod
    def why_unfit(cls, programs):
        why = super().why_unfit(programs)
        if why is None and not any(
            pathlib.Path("/usr/lib").glob("*/pdns/liblmdbbackend.so")
        ):
            return "pdns-backend-lmdb is not installed"
        return why

    def prepare(self):
        super().prepare()
        self.write(
            "pdns.conf",
            f"""
            launch=lmdb
            lmdb-filename={self.directory}/pdns.lmdb
            lmdb-shards=1
            lmdb-sync-mode=nosync
            local-address=127.0.0.1
            local-port={self.port}
            socket-dir={self.directory}
            disable-syslog=yes
            loglevel=3
            receiver-threads=1
            distributor-threads=1
            security-poll-suffix=
            """,
        )
        done = self.directory / "loaded"
        if not done.exists():
            words = ["pdnsutil", f"--config-dir={self.directory}", "load-zone", ORIGIN]
            processes.run([*words, self.data / "zonefile"])
            done.touch()

    def command(self):
        return [f"--config-dir={self.directory}", "--daemon=no", "--guardian=no"]


class TwoWorkers(Ostrakon):
    """ostrakond with two workers, on what the other one has imported."""

    name = "ostrakond, two workers"
    workers = 2

    def __init__(self, programs, data, directory, other):
        super().__init__(programs, data, directory)
        self.directory = other.directory

    def configuration(self):
        return self.directory / "two-workers.toml"


ALL = (Echo, Ostrakon, RbldnsdTrie, RbldnsdSet, Nsd, Knot, Bind, PowerDns)


def make_data(programs, directory, size, with_zone_file=False):
    """The lists and questions of one size, made where they are not there yet."""
    data = directory / size
    if not (data / "made").exists():
        processes.run([programs / "bench_data", size, data])
        (data / "made").touch()
    if with_zone_file and not (data / "zonefile.made").exists():
        processes.run([programs / "bench_data", size, data, "--zone-file"])
        (data / "zonefile.made").touch()
    return data
