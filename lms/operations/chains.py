"""Whether the audit record is what was written: every chain followed, every seal recomputed.

The record is read as a stream, however long it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, String, cast, func, select

from lms.core.audit import GENESIS, AuditEntry, AuditHead, AuditSeal, AuditSealHead, Fields, entry_hash, seal_hash

AnyRow = Row[*tuple[Any, ...]]
FIELDS = slice(1, 1 + len(Fields._fields))
"""Where the fields of an entry stand in a row of its chain, after the subject."""
CHUNK = 5000
"""Rows in memory at a time."""

Advance = Callable[[int], None]
"""Is told how many more rows were looked at."""


class Difference(Exception):
    """Something is not what it should be; the message is a whole sentence for the operator."""


def check_chains(connection: Connection, advance: Advance) -> None:
    """Follow every chain from its first entry to its head; raise the first `Difference`."""
    entry, head = AuditEntry.__table__, AuditHead.__table__
    columns = [entry.c[name] for name in Fields._fields if name != "facts"]
    rows = (
        select(
            func.coalesce(entry.c.subject_id, head.c.subject_id).label("subject"),
            *columns,
            cast(entry.c.facts, String).label("facts"),
            entry.c.hash,
            head.c.sequence.label("head_sequence"),
            head.c.hash.label("head_hash"),
        )
        .select_from(entry.join(head, entry.c.subject_id == head.c.subject_id, full=True))
        .order_by("subject", entry.c.sequence)
    )
    with _stream(connection, rows, advance) as stream:
        for subject, chain in groupby(stream, key=attrgetter("subject")):
            _follow(subject, chain)


def _follow(subject: UUID, chain: Iterable[AnyRow]) -> None:
    last, previous, row = 0, GENESIS, None
    for row in chain:
        if row.sequence is None:
            break
        if row.sequence != last + 1:
            raise Difference(f"The chain of {subject} misses entry {last + 1}: after {last} comes {row.sequence}.")
        if entry_hash(previous, Fields._make(row[FIELDS])) != row.hash:
            raise Difference(
                f"Entry {row.sequence} of the chain of {subject} ({row.action} at {row.at.isoformat()}, "
                f"id {row.id}) does not have the hash of what it says: it was changed after it was written."
            )
        last, previous = row.sequence, row.hash
    if row is None or row.head_sequence is None:
        raise Difference(f"The chain of {subject} has entries up to {last} but no head.")
    if (last, previous) != (row.head_sequence, row.head_hash):
        raise Difference(
            f"The chain of {subject} ends with entry {last}, which is not the entry {row.head_sequence} that its head "
            "names: entries at its end were removed or added."
        )


def check_seals(connection: Connection, advance: Advance) -> None:
    """Recompute every seal in turn and find every head it took in among the entries; raise the first `Difference`."""
    seal, head, entry = AuditSeal.__table__, AuditSealHead.__table__, AuditEntry.__table__
    rows = (
        select(seal.c.id, seal.c.at, seal.c.hash, head.c.subject_id, head.c.sequence)
        .add_columns(head.c.hash.label("head_hash"), entry.c.hash.label("entry_hash"))
        .select_from(
            seal.outerjoin(head, head.c.seal_id == seal.c.id).outerjoin(
                entry, (entry.c.subject_id == head.c.subject_id) & (entry.c.sequence == head.c.sequence)
            )
        )
        .order_by(seal.c.id, head.c.subject_id)
    )
    last, previous = 0, GENESIS
    with _stream(connection, rows, advance) as stream:
        for number, group in groupby(stream, key=attrgetter("id")):
            if number != last + 1:
                raise Difference(f"Seal {last + 1} is missing: after {last} comes {number}.")
            previous = _compare_seal(previous, list(group))
            last = number


def _compare_seal(previous: bytes, heads: Sequence[AnyRow]) -> bytes:
    """Return the hash of the seal with these heads, when it continues the one before and they are all there."""
    number, at = heads[0].id, heads[0].at
    digest: bytes = heads[0].hash
    if seal_hash(previous, number, at, ((head.subject_id, head.sequence, head.head_hash) for head in heads)) != digest:
        raise Difference(f"Seal {number} of {at.isoformat()} does not have the hash of the heads it took in.")
    for head in heads:
        if head.entry_hash != head.head_hash:
            what = "is gone" if head.entry_hash is None else "is another one now"
            raise Difference(
                f"Entry {head.sequence} of the chain of {head.subject_id}, sealed by seal {number} of "
                f"{at.isoformat()}, {what}."
            )
    return digest


@contextmanager
def _stream(connection: Connection, rows: Select[*tuple[Any, ...]], advance: Advance) -> Iterator[Iterator[AnyRow]]:
    """Give the rows one by one, fetched in chunks by a cursor that the database keeps until the block ends."""
    with connection.execute(rows.execution_options(yield_per=CHUNK)) as result:
        yield _counted(result.partitions(), advance)


def _counted(chunks: Iterable[Sequence[AnyRow]], advance: Advance) -> Iterator[AnyRow]:
    for chunk in chunks:
        yield from chunk
        advance(len(chunk))
