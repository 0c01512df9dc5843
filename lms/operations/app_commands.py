"""Commands that work inside the app: the settings read, the database reached, every refusal one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec
from weakref import WeakSet

import click

from lms.app import create_app
from lms.core.db import database
from lms.operations.commands import plainly
from lms.operations.installation import available
from lms.settings import Settings, read_settings

P = ParamSpec("P")
_inside: WeakSet[click.Command] = WeakSet()


def in_app(command: click.Command) -> click.Command:
    """Let the command, and every command of a group, do its work in an app context of this installation; return it.

    Asking for help, or a wrong option, starts nothing. A command that is inside already stays as it is.
    """
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            in_app(inner)
    elif command.callback is not None and command not in _inside:
        command.callback = plainly(_within(command.callback))
        _inside.add(command)
    return command


def _within(work: Callable[P, None]) -> Callable[P, None]:
    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with available(read_settings()) as settings, _context(settings):
            work(*args, **kwargs)

    return run


@contextmanager
def _context(settings: Settings) -> Iterator[None]:
    """Open an app context; at its end no connection is left, so that a database of our own can stop."""
    app = create_app(settings)
    try:
        with app.app_context():
            yield
    finally:
        with app.app_context():
            database.engine.dispose()
