"""Paging by key: the next page starts after the last row of this one, however many rows lie before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the page after them (None: this is the last)."""

    rows: Sequence[T]
    next_cursor: str | None


def page_of(rows: Sequence[T], *, size: int, cursor_of: Callable[[T], str]) -> Page[T]:
    """Return the page of the first `size` rows; ask the database for one row more, to know whether another follows."""
    shown = rows[:size]
    more = len(rows) > size
    return Page(shown, cursor_of(shown[-1]) if more and shown else None)
