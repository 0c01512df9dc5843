"""`bekwaam run`: the database, the web server and the job worker, started, watched and stopped as one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import click

from lms.operations import embedded, processes
from lms.operations.claim import claimed
from lms.operations.embedded import Server
from lms.operations.installation import with_secret
from lms.operations.refusals import CannotRun, ExitCode
from lms.operations.sign_ins import welcome
from lms.settings import Settings

LONGEST_BEGINNING = 120.0
SHORTEST_LIFE = 10.0
"""Seconds: a part that ends sooner than this after its start, again and again, is not started any more."""
MOST_SHORT_LIVES = 5
LONGEST_FAREWELL = 20.0
"""Seconds: how long what a killed predecessor left may still hold the port."""
SHARED_MEMORY = Path("/", "dev", "shm")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class Part:
    """One of our processes, started again when it ends by itself."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    note: Path
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = 0.0
    short_lives: int = 0

    def start(self) -> None:
        """Start the process and note which one it is."""
        # When we are killed the database goes too: without it no part can finish anything, and a job is done again.
        self.process = processes.start(self.command, farewell=signal.SIGKILL, environment=self.environment)
        self.started = time.monotonic()
        processes.remember(self.process, self.note)

    def revive(self) -> None:
        """Start the process again when it has ended; raise `CannotRun` when that does not help."""
        if (code := self.process.poll()) is None:
            return
        self.short_lives = self.short_lives + 1 if time.monotonic() - self.started < SHORTEST_LIFE else 0
        if self.short_lives >= MOST_SHORT_LIVES:
            raise CannotRun(
                ExitCode.STOPPED,
                f"The {self.name} keeps ending (last with code {code}): "
                "look at what it said above, and start Bekwaam again when that is repaired.",
            )
        click.echo(f"The {self.name} ended with code {code}; starting it again.", err=True)
        self.start()

    def stop(self) -> None:
        """Let the process finish what it is doing, and end it."""
        processes.stop(self.process, signal.SIGTERM, within=30)
        self.note.unlink(missing_ok=True)


def run(settings: Settings) -> None:
    """Serve Bekwaam until it is told to stop; raise `CannotRun` when it cannot start or go on."""
    settings = with_secret(settings)
    with _interruptible(), ExitStack() as running:
        running.enter_context(claimed(settings.data_folder))
        web, worker = _part("web server", settings), _part("job worker", settings)
        was_killed = web.note.exists()
        for part in (web, worker):
            processes.stop_remembered(part.note)
        check_port(settings, within=LONGEST_FAREWELL if was_killed else 0)
        server = _database(settings, running)
        settings = settings if server is None else replace(settings, database_url=server.url)
        environment = _environment(settings)
        _prepare(environment)
        _begin(web, environment, running)
        _await_ready(settings, web)
        _begin(worker, environment, running)
        click.echo(welcome(settings))
        _watch(web, worker, server)


def _begin(part: Part, environment: Mapping[str, str], running: ExitStack) -> None:
    part.environment = environment
    part.start()
    running.callback(part.stop)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn the first signal to stop into the end of the block; while stopping, later ones change nothing."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for later in SIGNALS:
            signal.signal(later, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check_port(settings: Settings, *, within: float = 0) -> None:
    """Raise `CannotRun` when the web server could not listen where the settings say.

    `within` so many seconds it may become free: the workers of a web server that was killed notice that a little later.
    """
    trouble: list[OSError] = []

    def is_free() -> bool:
        trouble[:] = _trouble_listening(settings)
        return not trouble

    if not processes.waited(is_free, within=within):
        raise CannotRun(
            ExitCode.PORT,
            f"Bekwaam cannot listen on {settings.host}:{settings.port} ({trouble[0].strerror}): "
            "choose another port, as in PORT=8001 make run, or HOST.",
        ) from trouble[0]


def _trouble_listening(settings: Settings) -> list[OSError]:
    """Return what keeps a server from listening there, or nothing."""
    try:
        if not 0 < settings.port < 65536:
            raise OSError(0, "there is no such port")
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as wrong:
        return [wrong]
    return []


def _part(name: str, settings: Settings) -> Part:
    commands = {"web server": _web_command(settings), "job worker": [sys.executable, "-m", "lms.operations", "worker"]}
    return Part(name, commands[name], {}, settings.data_folder / f"{name.replace(' ', '-')}.process")


def _web_command(settings: Settings) -> list[str]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return [
        *(sys.executable, "-m", "gunicorn", "lms.operations.web:application"),
        f"--bind={host}:{settings.port}",
        f"--workers={settings.web_workers}",
        # One request at a time in a worker: four threads answered no more requests a second, and a memory fault, whose
        # cause is not known yet, ended a worker now and then. This worker class is for keep-alive.
        *("--worker-class=gthread", "--threads=1"),
        "--preload",  # One import instead of one a worker: a quicker start, and the memory is shared.
        *([f"--worker-tmp-dir={SHARED_MEMORY}"] if os.access(SHARED_MEMORY, os.W_OK) else []),
        *("--timeout=60", "--graceful-timeout=20", "--keep-alive=15"),
        *("--log-level=warning", "--no-control-socket"),  # Requests are logged by us, with their id.
    ]


def _database(settings: Settings, running: ExitStack) -> Server | None:
    """Return the embedded server, started, or None when the settings name a database."""
    if settings.database_url:
        return None
    click.echo("Starting the database", err=True)
    server = embedded.start(settings.data_folder)
    running.callback(server.stop)
    return server


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment of our processes: ours, with what was completed filled in."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL_FILE", "SECRET_KEY_FILE"}
    }
    completed = {
        "BEKWAAM_DATA": str(settings.data_folder),
        "DATABASE_URL": settings.database_url or "",
        "SECRET_KEY": settings.secret_key,
    }
    return inherited | completed


def _prepare(environment: Mapping[str, str]) -> None:
    """Bring the database up to date in a process of its own, whose memory we then have back."""
    command = [sys.executable, "-m", "lms.operations", "prepare"]
    process = processes.start(command, farewell=signal.SIGTERM, environment=environment)
    try:
        code = process.wait()
    except BaseException:
        processes.stop(process, signal.SIGTERM, within=30)
        raise
    if code in set(ExitCode):
        raise CannotRun(ExitCode(code), "")  # It has said why.
    if code:
        raise CannotRun(
            ExitCode.DATABASE,
            "The database could not be brought up to date: look at what was said above, and start Bekwaam again when "
            "that is repaired.",
        )


def _await_ready(settings: Settings, web: Part) -> None:
    """Wait until the web server answers that it can work; on the address of every interface our own machine answers."""

    def ready() -> bool:
        web.revive()
        asking = HTTPConnection(settings.host, settings.port, timeout=5)
        try:
            asking.request("GET", "/health/ready", headers={"Host": settings.allowed_hosts[0]})
            return asking.getresponse().status == 200
        except (HTTPException, OSError):
            return False
        finally:
            asking.close()

    if not processes.waited(ready, within=LONGEST_BEGINNING):
        raise CannotRun(
            ExitCode.STOPPED,
            f"The web server is not ready at {settings.host}:{settings.port} after {LONGEST_BEGINNING:.0f} seconds: "
            "look at what it said above, and check that ALLOWED_HOSTS and DATABASE_URL are right.",
        )


def _watch(web: Part, worker: Part, server: Server | None) -> None:
    """Keep the parts running until the database ends or we are told to stop."""
    while server is None or server.process.poll() is None:
        web.revive()
        worker.revive()
        time.sleep(0.5)
    raise CannotRun(
        ExitCode.DATABASE,
        f"The database has ended by itself: look in {server.home.log}, and start Bekwaam again; nothing saved is lost.",
    )
