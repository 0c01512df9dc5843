"""Why Bekwaam does not start: one sentence on what is wrong and what to do, and an exit code of its own."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the operator's commands return to the shell, besides click's own 0, 1 (failed) and 2 (wrong use)."""

    SETTINGS = 3
    PORT = 4
    DATABASE = 5
    DATA_FOLDER = 6
    ALREADY_RUNNING = 7
    STOPPED = 8
    REFUSED = 9


class CannotRun(Exception):
    """Bekwaam cannot start or go on; the message is a whole sentence for the operator."""

    def __init__(self, code: ExitCode, message: str) -> None:
        super().__init__(message)
        self.code = code
