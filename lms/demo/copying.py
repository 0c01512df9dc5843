"""Rows on their way into the database: by COPY, in the caller's transaction, and with flat memory.

While one batch is copied the next one is made: a thread of its own does the copying, and it alone uses the connection
meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, Self

import psycopg
from psycopg import sql

from lms.demo.rows import PRIVATE, TABLES
from lms.reflections.readers import SETTING

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_about: object) -> None:
        """Copy what is still kept; return only when the connection is free again, whatever happened."""
        try:
            if failure is None:
                self._hand_over()
                self._settle()
        finally:
            self._thread.shutdown(cancel_futures=True)

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
        for kind, table in PRIVATE.items():
            for row in waiting.get(kind, ()):
                self._insert(table, kind._fields, row)

    def _copy(self, table: str, columns: Iterable[str], rows: list[NamedTuple]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self._connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def _insert(self, table: str, columns: Iterable[str], row: Any) -> None:
        """Store a row as its writer: into what is private nothing can be copied."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        values = sql.SQL(", ").join(sql.Placeholder() for _column in row)
        self._connection.execute("SELECT set_config(%s, %s, true)", [SETTING, str(row.writer_id)])
        self._connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, values), row
        )
