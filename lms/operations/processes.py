"""Processes of ours: started so that they never outlive us, and recognised before they are ever stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PROCESSES = Path("/proc")
STEP = 0.02


def start(
    command: Sequence[str],
    *,
    farewell: signal.Signals,
    user: int | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; the kernel sends it the farewell signal when we die.

    The group keeps a Ctrl-C in the terminal from reaching it: we stop our processes in order.
    A numeric `user` also is the group, and no other group comes along.
    """
    # After the change of user, which would clear it.
    tie = shutil.which("setpriv")
    tied = [tie, "--pdeathsig", farewell.name.removeprefix("SIG")] if tie else []
    return subprocess.Popen(
        [*tied, *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        cwd=folder,
        env=dict(environment) if environment is not None else None,
        process_group=0,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        umask=0o077,
    )


def stop(process: subprocess.Popen[bytes], with_signal: signal.Signals, *, within: float) -> None:
    """Ask a process to stop and, when it has not within that many seconds, kill it."""
    if process.poll() is None:
        process.send_signal(with_signal)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def waited(until: Callable[[], bool], *, within: float) -> bool:
    """Return whether that became true within so many seconds, as soon as it is."""
    end = time.monotonic() + within
    while not until():
        if time.monotonic() > end:
            return False
        time.sleep(STEP)
    return True


def mark_of(pid: int) -> str | None:
    """Return what tells this process from any other that ever had its number, or None when there is none."""
    try:
        after_name = (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
        boot = (PROCESSES / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    state, started = after_name[0], after_name[19]
    return None if state == "Z" else f"{pid} {started} {boot}"


def remember(process: subprocess.Popen[bytes], note: Path) -> None:
    """Write down which process this is, for a next start after we were killed."""
    note.write_text(mark_of(process.pid) or "")


def stop_remembered(note: Path, *, within: float = 10) -> None:
    """Stop the process that a killed predecessor left behind, provided that it is the very one noted."""
    try:
        mark = note.read_text()
    except FileNotFoundError:
        return
    if mark and mark_of(pid := int(mark.split()[0])) == mark:
        _end(pid, lambda: mark_of(pid) != mark, within)
    note.unlink()


def _end(pid: int, gone: Callable[[], bool], within: float) -> None:
    for with_signal in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, with_signal)
        except ProcessLookupError:
            return
        if waited(gone, within=within):
            return
