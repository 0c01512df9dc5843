"""How far a worker is with a file, said while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lms.exchange.models import ImportPhase

Thing = TypeVar("Thing")
Tell = Callable[[ImportPhase, int, int], None]
"""Says in which phase the work is, and how many things of how many are done there."""

EVERY = 1000
"""After so many things it is said again."""


def in_silence(_phase: ImportPhase, _done: int, _total: int) -> None:
    """Say nothing, where nobody waits."""


def counted(things: Iterable[Thing], phase: ImportPhase, total: int, tell: Tell) -> Iterator[Thing]:
    """Yield things, and say every now and then how many there were."""
    tell(phase, 0, total)
    for number, thing in enumerate(things, 1):
        yield thing
        if number % EVERY == 0:
            tell(phase, min(number, total), total)
