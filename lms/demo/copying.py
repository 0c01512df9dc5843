"""Rows on their way into the database, by COPY, in one transaction and with flat memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import psycopg
from psycopg import sql

from lms.demo.rows import TABLES

FULL = 40_000
"""The number of rows that are kept before they are copied."""


class Loader:
    """Takes rows of every kind in any order and copies them, those that others refer to first."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._waiting: dict[type[NamedTuple], list[NamedTuple]] = defaultdict(list)
        self._number = 0

    def take(self, rows: Iterable[NamedTuple]) -> None:
        """Keep the rows of one whole history until there are enough to copy."""
        for row in rows:
            self._waiting[type(row)].append(row)
            self._number += 1
        if self._number >= FULL:
            self.flush()

    def flush(self) -> None:
        """Copy everything that is kept."""
        for kind, table in TABLES.items():
            if rows := self._waiting.pop(kind, None):
                self._copy(table, kind._fields, rows)
        self._number = 0

    def _copy(self, table: str, columns: Iterable[str], rows: list[NamedTuple]) -> None:
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
