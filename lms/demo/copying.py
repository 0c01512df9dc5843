"""Rows on their way into the database: by COPY, in the caller's transaction, and with flat memory.

While one batch is copied the next one is made: the copying is done by a thread of its own, which has the connection to
itself meanwhile. With much to load, indexes and foreign keys are taken away first and put back at the end from their
own definitions, in the same transaction: putting them back checks every row, and is many times faster than checking
rows one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from lms.demo.rows import TABLES

Connection = psycopg.Connection[Any]
FULL = 60_000
"""The number of rows that are kept before they are copied."""


class Loader:
    """Takes rows of every kind in any order and copies them, those that others refer to first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[type[NamedTuple], list[NamedTuple]] = defaultdict(list)
        self._number = 0
        self._thread = ThreadPoolExecutor(1)
        self._copied: Future[None] | None = None

    def take(self, rows: Iterable[NamedTuple]) -> None:
        """Keep the rows of one whole history until there are enough to copy."""
        for row in rows:
            self._waiting[type(row)].append(row)
            self._number += 1
        if self._number >= FULL:
            self._hand_over()

    def finish(self) -> None:
        """Copy what is kept, and wait until everything is there."""
        self._hand_over()
        self._settle()
        self._thread.shutdown()

    def _hand_over(self) -> None:
        """Let the thread copy what is kept, once it is done with what it has."""
        self._settle()
        self._copied = self._thread.submit(self._copy_all, self._waiting)
        self._waiting, self._number = defaultdict(list), 0

    def _settle(self) -> None:
        if self._copied is not None:
            self._copied.result()

    def _copy_all(self, waiting: dict[type[NamedTuple], list[NamedTuple]]) -> None:
        for kind, table in TABLES.items():
            if rows := waiting.get(kind):
                self._copy(table, kind._fields, rows)

    def _copy(self, table: str, columns: Iterable[str], rows: list[NamedTuple]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self._connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
