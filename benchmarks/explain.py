"""What PostgreSQL itself says about the statements of a page: time, blocks, and large tables that are read whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import psycopg

from benchmarks.figures import StatementFigures
from benchmarks.recording import Recorded, Sent

LARGE = 10_000
"""A table of so many rows is not read whole for a page."""
EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")

Plan = Mapping[str, Any]


def explain(url: str, recorded: Recorded) -> tuple[StatementFigures, ...]:
    """Return the figures of each statement, in order; what the statements write is undone."""
    with psycopg.connect(url) as connection:
        large = _large_tables(connection)
        sent = [one for one in recorded.statements if one.sql.lstrip().upper().startswith(EXPLAINED) and not one.many]
        figures = [_explained(connection, one, large) for one in sent]
        connection.rollback()
    return with_shares(figures)


def with_shares(figures: Sequence[StatementFigures]) -> tuple[StatementFigures, ...]:
    """Return the figures with the share that each has in the time of all."""
    whole = sum(one.milliseconds for one in figures)
    return tuple(replace(one, share=one.milliseconds / whole if whole else 0.0) for one in figures)


def _large_tables(connection: psycopg.Connection[Any]) -> frozenset[str]:
    rows = connection.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [LARGE])
    return frozenset(name for (name,) in rows)


def _explained(connection: psycopg.Connection[Any], sent: Sent, large: frozenset[str]) -> StatementFigures:
    asked = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sent.sql}".encode()
    answer = connection.execute(asked, sent.parameters).fetchone()
    if answer is None:
        raise LookupError("PostgreSQL explained nothing")
    return figures_of(answer[0][0], large=large, rows=sent.rows)


def figures_of(explained: Mapping[str, Any], *, large: frozenset[str], rows: int) -> StatementFigures:
    """Return the figures of one explained statement."""
    plan = explained["Plan"]
    return StatementFigures(
        verb=plan.get("Operation", "Select"),
        tables=tuple(dict.fromkeys(node["Relation Name"] for node in nodes_of(plan) if "Relation Name" in node)),
        milliseconds=explained["Execution Time"],
        share=0.0,
        rows=rows,
        blocks=plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0),
        scanned=tuple(
            sorted(
                node["Relation Name"]
                for node in nodes_of(plan)
                if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large and node["Actual Loops"]
            )
        ),
    )


def nodes_of(plan: Plan) -> Iterator[Plan]:
    """Yield a plan's node and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)
