"""The server that is measured, as `bekwaam run` starts it, and beside it the floor under the same web server."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.data import ROOT, CannotMeasure, environment_of
from lms.operations import embedded, processes

LONGEST_START = 120.0
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bekwaam:
    """A running Bekwaam: where it answers, where its database is, and how long it took to be ready."""

    folder: Path
    port: int
    database_url: str
    seconds_to_ready: float

    @property
    def web_server(self) -> int:
        """The number of the web server's first process."""
        return int((self.folder / "web-server.process").read_text().split()[0])

    def seconds_used(self) -> float:
        """Return the processor time that the web workers used until now."""
        return sum(_seconds_used(pid) for pid in children_of(self.web_server))

    def memory(self) -> dict[str, list[float]]:
        """Return the megabytes of each part's processes: resident, and after sharing fairly what is shared."""
        first = self.web_server
        job_worker = int((self.folder / "job-worker.process").read_text().split()[0])
        parts = {"web server, first process": [first], "web workers": children_of(first), "job worker": [job_worker]}
        return {
            f"{part}, {word}": [_memory(pid, field) for pid in pids]
            for part, pids in parts.items()
            for word, field in (("resident", "Rss"), ("own share", "Pss"))
        }


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def bekwaam(folder: Path) -> Iterator[Bekwaam]:
    """Run `bekwaam run` on a data folder for the length of the block."""
    port = free_port()
    command = [sys.executable, "-m", "lms.operations", "run"]
    environment = environment_of(folder, PORT=str(port), WEB_WORKERS="2")
    begun = time.perf_counter()
    with _running(command, environment, folder / "server.log") as process:
        _await(process, port, "/health/ready", folder / "server.log")
        took = time.perf_counter() - begun
        url = embedded.address(folder)
        if url is None:
            raise CannotMeasure("The database of the measured server is not to be found")
        yield Bekwaam(folder, port, url, took)


@contextmanager
def floor(measured: Bekwaam, recordings: Path) -> Iterator[int]:
    """Serve the floor as the measured web server is served, for the length of the block; gives its port."""
    port = free_port()
    command = [_as_floor(part, port) for part in command_of(measured.web_server)]
    more = {"BENCH_FLOOR": str(recordings), "BENCH_FLOOR_DATABASE": measured.database_url.replace("+psycopg", "", 1)}
    log = measured.folder / "floor.log"
    with _running(command, environment_of(measured.folder, **more), log) as process:
        _await(process, port, "/", log)
        yield port


def _as_floor(part: str, port: int) -> str:
    if part.startswith("--bind="):
        return f"--bind=127.0.0.1:{port}"
    return "benchmarks.floor:application" if part.startswith("lms.") else part


def command_of(pid: int) -> list[str]:
    """Return the command by which a process was started."""
    return (processes.PROCESSES / str(pid) / "cmdline").read_text().rstrip("\0").split("\0")


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = processes.start(command, farewell=signal.SIGTERM, folder=ROOT, environment=environment, output=output)
        try:
            yield process
        finally:
            processes.stop(process, signal.SIGTERM, within=60)


def _await(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    def settled() -> bool:
        return process.poll() is not None or answers(port, path)

    if not processes.waited(settled, within=LONGEST_START) or process.poll() is not None:
        raise CannotMeasure(f"A server does not start: look at what it said in {log.relative_to(ROOT)}")


def answers(port: int, path: str) -> bool:
    """Return whether a server of this machine says that all is well."""
    asking = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", path)
        return asking.getresponse().status == 200
    except (HTTPException, OSError):
        return False
    finally:
        asking.close()


def children_of(parent: int) -> list[int]:
    """Return the processes that a process started."""
    running = sorted(int(entry.name) for entry in processes.PROCESSES.iterdir() if entry.name.isdigit())
    return [pid for pid in running if _parent_of(pid) == parent]


def _parent_of(pid: int) -> int:
    try:
        return int((processes.PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # It ended meanwhile.


def _seconds_used(pid: int) -> float:
    """Return the processor time of all threads of a process, which the kernel counts in nanoseconds."""
    threads = (processes.PROCESSES / str(pid) / "task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _memory(pid: int, field: str) -> float:
    """Return a figure of a process's memory in megabytes."""
    for line in (processes.PROCESSES / str(pid) / "smaps_rollup").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * 1024 / MEGABYTE
    return 0.0
