"""What a page sends to the database and answers, recorded inside our own process."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, event

from benchmarks.client import Request, WrongAnswer
from lms.core.db import database


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as the driver got it, with its parameters and the number of rows that it read or wrote."""

    sql: str
    parameters: Any
    many: bool
    rows: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer: its statements in order, and the bytes of its body."""

    statements: tuple[Sent, ...]
    size: int
    writes: bool

    @property
    def rows(self) -> int:
        """The rows that all statements together read or wrote."""
        return sum(sent.rows for sent in self.statements)


@contextmanager
def listening() -> Iterator[list[Sent]]:
    """Give a list that collects every statement that this process sends, savepoints left out."""
    sent: list[Sent] = []

    def note(_connection: object, cursor: Any, statement: str, parameters: Any, _context: object, many: bool) -> None:
        if "SAVEPOINT" not in statement:
            sent.append(Sent(statement, parameters, many, max(cursor.rowcount, 0)))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "after_cursor_execute", note)


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Let the application do its work for the length of the block, and undo all of it at the end."""
    with app.app_context():
        engine = database.engine
        bound = cast(MutableMapping[str | None, Any], database.engines)
    with engine.connect() as connection, connection.begin() as outer:
        _bind(app, bound, connection, "create_savepoint")
        try:
            yield  # Outside a context: each request gets its own, with its own person and its own session.
        finally:
            _bind(app, bound, engine, "conditional_savepoint")
            outer.rollback()


def _bind(app: Flask, bound: MutableMapping[str | None, Any], to: Engine | SqlConnection, mode: str) -> None:
    """Let the sessions of the application speak over a connection; Flask-SQLAlchemy looks there for it."""
    with app.app_context():
        bound[None] = to
        database.session.configure(join_transaction_mode=mode)


def record(app: Flask, requests: Sequence[Request], *, expected: int) -> list[Recorded]:
    """Return what each request sends and answers; what they write is undone when all are done."""
    with undone(app):
        return [_record(app, request, expected) for request in requests]


def _record(app: Flask, request: Request, expected: int) -> Recorded:
    client = app.test_client(use_cookies=False)
    with listening() as sent:
        answer = client.open(
            request.path, method=request.method, headers=dict(request.headers), data=request.values or None
        )
        body = answer.get_data()
    if answer.status_code != expected:
        raise WrongAnswer(f"{request.method} {request.path} answered {answer.status_code}, not {expected}")
    return Recorded(tuple(sent), len(body), writes=request.form is not None)
