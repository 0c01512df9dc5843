"""The floor: a bare Flask application that sends recorded statements by bare psycopg and answers as many bytes."""

from __future__ import annotations

import os
import pickle
import threading
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, Response

from benchmarks.recording import Recorded, Sent

application = Flask(__name__)
_kept = threading.local()
"""One connection a thread: a thread that waited for another's would make the floor higher than it is."""


@application.get("/")
def ready() -> str:
    """Say that the floor is there."""
    return ""


@application.get("/<page>/<int:number>")
def answer(page: str, number: int) -> Response:
    """Do what a page does in the database, and answer as many bytes as the page."""
    recorded = _recorded(page)[number]
    connection = _connection()
    with connection.transaction() if recorded.writes else nullcontext():
        for sent in recorded.statements:
            _send(connection, sent)
    return Response(bytes(recorded.size), content_type="text/html; charset=utf-8")


def _send(connection: psycopg.Connection[Any], sent: Sent) -> None:
    with connection.cursor() as cursor:
        if sent.many:
            cursor.executemany(sent.sql, sent.parameters)
        else:
            cursor.execute(sent.sql, sent.parameters, prepare=True)
        if cursor.description is not None:
            cursor.fetchall()


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(os.environ["BENCH_FLOOR_DATABASE"], autocommit=True)
    connection: psycopg.Connection[Any] = _kept.connection
    return connection


@cache
def _recorded(page: str) -> list[Recorded]:
    """Return what was recorded of a page, from a file that the measuring process has just written."""
    recorded: list[Recorded] = pickle.loads((Path(os.environ["BENCH_FLOOR"]) / page).read_bytes())
    return recorded
