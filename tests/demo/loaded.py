"""Loading the demonstration in tests, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lms.demo.loading import load_demo
from lms.demo.rows import TABLES
from lms.demo.sizes import Size

DAY = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HASH = "the hash of the demonstration password"


def nothing(_done: int, _total: int) -> None:
    """Take no notice of progress."""


def load(session: Session, *, seed: int = 1, progress: Callable[[int, int], None] = nothing) -> None:
    """Load the region for show, as of that day."""
    load_demo(session, size=Size.S, seed=seed, today=DAY, at=MOMENT, password_hash=HASH, progress=progress)


def fingerprint(session: Session) -> dict[str, str | None]:
    """Return a digest of the rows of every table that the demonstration fills, whatever their order."""
    digest = "SELECT md5(string_agg(one::text, E'\\n' ORDER BY one::text)) FROM {} one"
    return {table: session.scalar(text(digest.format(table))) for table in TABLES.values()}


def rows(session: Session, query: str) -> list[Any]:
    """Return the rows of a query."""
    return list(session.execute(text(query)))


def counts(session: Session, query: str) -> dict[str, int]:
    """Return the rows of a query of a name and a number."""
    return {str(name): number for name, number in rows(session, query)}
