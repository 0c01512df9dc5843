"""Where a command writes a report: a file that is there whole or not at all, or the standard output."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

import click

STANDARD_OUTPUT = "-"


@contextmanager
def place(output: str) -> Iterator[BinaryIO]:
    """Give a file to write to; only when the block ends well it gets its name, or is sent to the standard output.

    A report names people: nobody else on the machine can read the file, neither before nor after. Raises `OSError`.
    """
    if output == STANDARD_OUTPUT:
        whole = BytesIO()
        yield whole
        click.echo(whole.getvalue(), nl=False)
        return
    target = Path(output)
    descriptor, name = mkstemp(dir=target.parent, prefix=".report-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
