"""A web server that begins where the application has already been read, which is four seconds of work for each.

One process reads it and does nothing else; every server is a copy of that process with an environment of its own.
From there on it is the server of operation: gunicorn makes the application from its environment.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from gunicorn.app import wsgiapp

import lms.app  # noqa: F401  What takes the time.

_copies = multiprocessing.get_context("forkserver")
_copies.set_forkserver_preload([__name__])
TELL_OF_THE_PARENTS_DEATH = 1


def started(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """Start gunicorn with these arguments in that environment; everything it says goes to the log."""
    server = _copies.Process(target=_serve, args=(list(arguments), dict(environment), log), daemon=True)
    server.start()
    return server


def stop(server: ForkServerProcess, *, within: float) -> None:
    """Ask a server to stop and, when it has not within that many seconds, kill it."""
    server.terminate()
    server.join(within)
    if server.is_alive():
        server.kill()
        server.join()
    server.close()


def _serve(arguments: list[str], environment: dict[str, str], log: Path) -> None:
    """Become the web server: what `processes.start` gives to a program, this process gives to itself."""
    ctypes.CDLL(None).prctl(TELL_OF_THE_PARENTS_DEATH, signal.SIGKILL)
    os.setpgid(0, 0)
    os.umask(0o077)
    with log.open("wb") as file:
        for said in (1, 2):
            os.dup2(file.fileno(), said)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["gunicorn", *arguments]
    wsgiapp.run()
