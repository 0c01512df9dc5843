"""Commands that work inside the app: the settings read, the database reached, every refusal one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import wraps
from typing import ParamSpec

import click

from lms.app import create_app
from lms.core.db import database
from lms.operations.commands import plainly
from lms.operations.installation import available
from lms.settings import Settings, read_settings

P = ParamSpec("P")


def in_app(command: click.Command) -> click.Command:
    """Return the command, with every command of a group, doing its work in an app context of this installation.

    Asking for help, or a wrong option, starts nothing. The command itself stays as it is.
    """
    inside = copy(command)
    if isinstance(inside, click.Group):
        inside.commands = {name: in_app(inner) for name, inner in inside.commands.items()}
    elif inside.callback is not None:
        inside.callback = plainly(_within(inside.callback))
    return inside


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
