"""Programs that begin where the application has already been read, which is four seconds of work for each.

One process reads it and does nothing else; every program is a copy of that process with an environment of its own.
From there on it is the program of operation: gunicorn, say, makes the application from its environment.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import gunicorn.app.wsgiapp  # noqa: F401

import lms.app  # noqa: F401  What takes the time.

_copies = multiprocessing.get_context("forkserver")
_copies.set_forkserver_preload([__name__])
TELL_OF_THE_PARENTS_DEATH = 1


def started(module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """Start a module as a program, with these arguments in that environment; everything it says goes to the log."""
    program = _copies.Process(target=_run, args=(module, list(arguments), dict(environment), log), daemon=True)
    program.start()
    return program


def stop(program: ForkServerProcess, *, within: float) -> None:
    """Ask a program to stop and, when it has not within that many seconds, kill it."""
    program.terminate()
    program.join(within)
    if program.is_alive():
        program.kill()
        program.join()
    program.close()


def _run(module: str, arguments: list[str], environment: dict[str, str], log: Path) -> None:
    """Become that program: what `processes.start` gives to one, this process gives to itself."""
    ctypes.CDLL(None).prctl(TELL_OF_THE_PARENTS_DEATH, signal.SIGKILL)
    os.setpgid(0, 0)
    os.umask(0o077)
    with log.open("wb") as file:
        for said in (1, 2):
            os.dup2(file.fileno(), said)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
