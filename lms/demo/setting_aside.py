"""What the database checks for each row, done once for all of them: that is how millions of rows load in minutes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
MEMORY = "256MB"
"""For building one index."""

FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND conrelid = ANY (%s::regclass[])
ORDER BY conrelid::regclass::text, conname
"""
PLAIN_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index WHERE NOT indisunique AND indrelid = ANY (%s::regclass[])
ORDER BY indexrelid::regclass::text
"""


class _SetAside(NamedTuple):
    """How to take something away, and how to put it back."""

    away: str
    back: str


@contextmanager
def set_aside(connection: Connection, tables: Collection[str]) -> Iterator[None]:
    """Take the foreign keys and plain indexes of the tables away for a block, and put them back over all its rows.

    All in the caller's transaction: what fails, fails as a whole, and nobody else ever sees the tables without them.
    """
    connection.execute(
        "SET CONSTRAINTS ALL IMMEDIATE"
    )  # What waits for the end of the transaction would be in the way.
    things = _things(connection, list(tables))
    for thing in things:
        connection.execute(_plain(thing.away))
    yield
    connection.execute(_plain(f"SET LOCAL maintenance_work_mem = '{MEMORY}'"))
    for thing in reversed(things):
        connection.execute(_plain(thing.back))


def _things(connection: Connection, tables: list[str]) -> list[_SetAside]:
    """Return what there is to set aside: the foreign keys, then the indexes (put back first, which checking uses)."""
    keys = connection.execute(FOREIGN_KEYS, [tables]).fetchall()
    indexes = connection.execute(PLAIN_INDEXES, [tables]).fetchall()
    return [
        *(
            _SetAside(
                f"ALTER TABLE {table} DROP CONSTRAINT {name}", f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"
            )
            for table, name, rule in keys
        ),
        *(_SetAside(f"DROP INDEX {name}", definition) for name, definition in indexes),
    ]


def _plain(statement: str) -> sql.SQL:
    """Return a statement that the database itself gave the parts of."""
    return sql.SQL(cast("Any", statement))
