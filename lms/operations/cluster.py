"""PostgreSQL's own data on disk, and the server process that works on it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO

from lms.operations import processes
from lms.operations.home import Home, give, idle_account, programs
from lms.operations.kept_secrets import kept_secret, private
from lms.operations.refusals import CannotRun, ExitCode

MEGABYTE = 1024 * 1024
ROOM_TO_BEGIN, ROOM_TO_GO_ON = 300 * MEGABYTE, 30 * MEGABYTE
LARGEST_LOG = 10 * MEGABYTE
LONGEST_RECOVERY = 600.0
SUPERUSER = "postgres"
SURROUNDINGS = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "4GB"}


def check_room(home: Home) -> None:
    """Refuse to begin on a disk that would be full before the first page is shown."""
    needed = ROOM_TO_GO_ON if home.cluster.exists() else ROOM_TO_BEGIN
    free = shutil.disk_usage(home.folder).free
    if free < needed:
        raise disk_full(home, f"{free // MEGABYTE} MB left, {needed // MEGABYTE} MB needed")


def disk_full(home: Home, how: str) -> CannotRun:
    """Return the refusal for a full disk."""
    return CannotRun(
        ExitCode.DATA_FOLDER,
        f"The disk of {home.folder} is full ({how}): make room, or name a folder on another disk with BEKWAAM_DATA.",
    )


def set_up(home: Home, *, durable: bool) -> None:
    """Make the data of a new server beside its place and move it there when it is whole."""
    stage = home.folder / "database.new"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    kept_secret(home.secrets / SUPERUSER)
    shutil.copy(home.secrets / SUPERUSER, stage / "password")
    # `initdb` wants a user number that has a name; the server's own number has none.
    user = None if home.user is None else idle_account()
    give(stage, user)
    _initdb(home, stage, user=user, durable=durable)
    give(stage / "data", home.user).rename(home.cluster)
    shutil.rmtree(stage)


def _initdb(home: Home, stage: Path, *, user: int | None, durable: bool) -> None:
    command = [
        str(programs(home) / "initdb"),
        f"--pgdata={stage / 'data'}",
        f"--pwfile={stage / 'password'}",
        f"--username={SUPERUSER}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--text-search-config=simple",
        *([] if durable else ["--no-sync"]),
    ]
    with _log(home) as log:
        code = _launch(home, command, user=user, folder=stage, log=log).wait()
    if code:
        raise failure(home)


def clear(home: Home) -> None:
    """Stop what a killed predecessor left running on this data, and nothing else; then drop its stale lock."""
    postmaster, _, _ = noted(home)
    for only_postmaster, with_signal in ((True, signal.SIGINT), (False, signal.SIGQUIT)):
        for process in serving(home):
            if process == postmaster or not only_postmaster:
                with suppress(ProcessLookupError):  # It may have ended by itself meanwhile.
                    os.kill(process, with_signal)
        if processes.waited(lambda: not serving(home), within=30):
            break
    else:
        raise CannotRun(
            ExitCode.DATABASE,
            f"An earlier PostgreSQL still works on {home.cluster} and does not stop: "
            f"end process {postmaster} and try again.",
        )
    # The number in it may be another process's by now; nobody serves this data, we have just looked.
    (home.cluster / "postmaster.pid").unlink(missing_ok=True)


def serving(home: Home) -> set[int]:
    """Return the processes of PostgreSQL that work on this data: it is their working folder."""
    return {int(entry.name) for entry in processes.PROCESSES.iterdir() if entry.name.isdigit() and _serves(entry, home)}


def _serves(process: Path, home: Home) -> bool:
    try:
        there = (process / "cwd").readlink() == home.cluster.resolve()
        return there and (process / "comm").read_text().strip() == "postgres"
    except OSError:
        return False


def noted(home: Home) -> tuple[int, Path, bool]:
    """Return what the server wrote down: its number (0 for none), its socket folder, whether it is ready."""
    try:
        lines = (home.cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        lines = []
    whole = len(lines) >= 8
    return int(lines[0]) if lines else 0, Path(lines[4] if whole else "/"), whole and lines[7].strip() == "ready"


def serve(home: Home, socket: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    """Start the server and return its process once it takes connections."""
    options = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket}"',
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "shared_buffers": f"{_shared_megabytes()}MB",
        "max_wal_size": "1GB",
        "work_mem": "16MB",
        "jit": "off",
        "random_page_cost": "1.1",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "cluster_name": "bekwaam",
        **({} if durable else THROWAWAY),
    }
    command = [str(programs(home) / "postgres"), "-D", str(home.cluster)]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with _log(home) as log:
        process = _launch(home, command, user=home.user, folder=home.cluster, log=log)
    _await_ready(home, process)
    return process


def _shared_megabytes() -> int:
    """Return how much memory PostgreSQL may keep pages in: an eighth of the machine's, at most 256 MB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(16, min(256, memory // 8 // MEGABYTE))


def _log(home: Home) -> IO[bytes]:
    if home.log.exists() and home.log.stat().st_size > LARGEST_LOG:
        home.log.replace(home.log.with_suffix(".log.1"))
    return os.fdopen(private(home.log), "ab")


def _launch(
    home: Home, command: list[str], *, user: int | None, folder: Path, log: IO[bytes]
) -> subprocess.Popen[bytes]:
    try:
        return processes.start(
            command, farewell=signal.SIGINT, user=user, folder=folder, environment=SURROUNDINGS, output=log
        )
    except (OSError, subprocess.SubprocessError) as wrong:
        raise CannotRun(
            ExitCode.DATABASE,
            f"The embedded PostgreSQL cannot be run here ({wrong}): start Bekwaam as an ordinary user, "
            f"check who may read {home.folder}, or name a database with DATABASE_URL.",
        ) from wrong


def _await_ready(home: Home, process: subprocess.Popen[bytes]) -> None:
    def settled() -> bool:
        pid, _, ready = noted(home)
        return process.poll() is not None or (ready and pid == process.pid)

    if not processes.waited(settled, within=LONGEST_RECOVERY) or process.poll() is not None:
        processes.stop(process, signal.SIGINT, within=60)
        raise failure(home)


def failure(home: Home) -> CannotRun:
    """Return in one sentence why PostgreSQL did not start, from what it logged last."""
    said = [line.strip() for line in home.log.read_text(errors="replace").splitlines() if line.strip()][-20:]
    if any("No space left on device" in line for line in said):
        return disk_full(home, "PostgreSQL found no space left")
    telling = [line for line in said if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    last = (telling or said or ["nothing"])[-1]
    return CannotRun(
        ExitCode.DATABASE,
        f"The database did not start and said “{last}”: look in {home.log} and try again, "
        "or name another database with DATABASE_URL.",
    )
