"""One Bekwaam a data folder: whoever runs on it has claimed it, and a claim ends with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lms.operations.home import make_data_folder
from lms.operations.kept_secrets import private
from lms.operations.refusals import CannotRun, ExitCode


@contextmanager
def claimed(data: Path) -> Iterator[None]:
    """Hold the data folder for the length of a block; raise `CannotRun` when another process does."""
    make_data_folder(data)
    with os.fdopen(private(data / "lock"), "a+") as lock:
        lock.seek(0)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                ExitCode.ALREADY_RUNNING,
                f"Bekwaam already runs on the data folder {data} (process {lock.read().strip()}): "
                "stop that one first, or name another folder with BEKWAAM_DATA.",
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
