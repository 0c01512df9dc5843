"""The audit record: append-only, hash-chained for each subject, sealed together now and then.

Each entry is about one subject (a person, or an organisation, programme or cohort) and continues that subject's own
chain, so people who write about different subjects never wait for each other. A seal takes in the heads of all chains
that grew since the last one and continues the seal before it, so cutting the end off a chain is found too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, Select, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.core.db import Base, Key
from lms.core.keys import uuid7

GENESIS = bytes(32)


class AuditHead(Base):
    """The end of a subject's chain; its row lock makes writers about one subject take turns."""

    __tablename__ = "audit_heads"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditEntry(Base):
    """Who did what, about whom, when, with the facts before and after."""

    __tablename__ = "audit_entries"

    id: Mapped[Key]
    subject_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str]
    actor_id: Mapped[UUID | None]
    target_id: Mapped[UUID | None]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("uq_audit_entries_subject_id_sequence", "subject_id", "sequence", unique=True),
        Index("ix_audit_entries_target_id", "target_id", postgresql_where=text("target_id IS NOT NULL")),
    )


class AuditSeal(Base):
    """One sealing of all chains that had grown."""

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditSealHead(Base):
    """The head of one subject's chain as a seal took it in."""

    __tablename__ = "audit_seal_heads"

    seal_id: Mapped[int] = mapped_column(ForeignKey("audit_seals.id"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_audit_seal_heads_subject_id_sequence", "subject_id", "sequence"),)


class Fields(NamedTuple):
    """All of an entry but its hash, the facts as the text that is stored."""

    id: UUID
    subject_id: UUID
    sequence: int
    action: str
    actor_id: UUID | None
    target_id: UUID | None
    at: datetime
    facts: str


def record(
    session: Session,
    action: str,
    *,
    subject: UUID,
    by: UUID | None,
    at: datetime,
    target: UUID | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Append to the subject's chain, in the caller's transaction.

    `subject` is whom it is about, `target` the row it was done to, `by` who did it (None: the system itself).
    The chain stays locked until the caller commits; a use case that writes about several subjects goes through them in
    the order of their keys, so that two such use cases cannot wait for each other.
    """
    sequence, previous = _next_of(session, subject)
    fields = Fields(uuid7(), subject, sequence, action, by, target, at, canonical_facts(before, after))
    session.execute(_APPEND, fields._asdict() | {"hash": entry_hash(previous, fields)})


_APPEND = text(
    "WITH head AS (UPDATE audit_heads SET hash = :hash WHERE subject_id = :subject_id) "
    "INSERT INTO audit_entries (id, subject_id, sequence, action, actor_id, target_id, at, facts, hash) "
    "VALUES (:id, :subject_id, :sequence, :action, :actor_id, :target_id, :at, CAST(:facts AS json), :hash)"
)
"""Facts are stored as the very text that was hashed: `json`, unlike `jsonb`, keeps it letter for letter."""


def _next_of(session: Session, subject: UUID) -> tuple[int, bytes]:
    """Lock the subject's chain and return the next sequence number with the hash to continue from."""
    locked = (
        upsert(AuditHead)
        .values(subject_id=subject, sequence=1, hash=GENESIS)
        .on_conflict_do_update(index_elements=["subject_id"], set_={"sequence": AuditHead.sequence + 1})
        .returning(AuditHead.sequence, AuditHead.hash)
    )
    sequence, previous = session.execute(locked).one()
    return sequence, previous


def canonical_facts(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> str:
    """Return the facts as the one JSON text that is stored and hashed: sorted keys, no spaces, no empty side.

    Days and moments are ISO 8601, keys their usual text; anything JSON has no word for raises `TypeError`.
    """
    sides = {name: side for name, side in (("before", before), ("after", after)) if side}
    return _CANONICAL.encode(sides)


def _as_text(fact: object) -> str:
    if isinstance(fact, date):
        return fact.isoformat()
    if isinstance(fact, UUID):
        return str(fact)
    raise TypeError(f"A fact of the audit record cannot be a {type(fact).__name__}")


_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False, default=_as_text
)


def entry_hash(previous: bytes, entry: Fields) -> bytes:
    """Return the SHA-256 of an entry, chained to the hash before it (`GENESIS` for the first; 32 bytes)."""
    parts = (entry.actor_id or "", entry.target_id or "", _canonical_moment(entry.at), entry.facts)
    whole = (previous.hex(), entry.id, entry.subject_id, entry.sequence, entry.action, *parts)
    return hashlib.sha256("\n".join(map(str, whole)).encode()).digest()


def _canonical_moment(at: datetime) -> str:
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")


def seal(session: Session, *, at: datetime) -> AuditSeal | None:
    """Seal the chains that grew since the last seal and return the new seal, or None where none grew.

    Reads the heads without locking them, so no writer waits: a chain that grows meanwhile is taken in by the next seal.
    Only one sealing goes on at a time; another waits for it to commit.
    """
    session.execute(select(func.pg_advisory_xact_lock(_SEALING)))
    last = session.execute(select(AuditSeal.id, AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1)).first()
    number, previous = (last.id + 1, last.hash) if last else (1, GENESIS)
    heads = session.execute(_grown_heads()).all()
    if not heads:
        return None
    sealed = AuditSeal(id=number, at=at, hash=seal_hash(previous, number, at, heads))
    session.add(sealed)
    session.flush()
    session.execute(insert(AuditSealHead), [{"seal_id": number, **head._asdict()} for head in heads])
    return sealed


_SEALING = 0x5EA1
"""The key of the advisory lock under which chains are sealed."""


def _grown_heads() -> Select[UUID, int, bytes]:
    head, sealed = AuditHead, AuditSealHead
    known = select(sealed.seal_id).where(sealed.subject_id == head.subject_id, sealed.sequence == head.sequence)
    return select(head.subject_id, head.sequence, head.hash).where(~known.exists()).order_by(head.subject_id)


def seal_hash(previous: bytes, number: int, at: datetime, heads: Iterable[tuple[UUID, int, bytes]]) -> bytes:
    """Return the SHA-256 of a seal over its heads in the order of their subjects, chained to the seal before it."""
    digest = hashlib.sha256(f"{previous.hex()}\n{number}\n{_canonical_moment(at)}\n".encode())
    for subject, sequence, head in heads:
        digest.update(f"{subject}\n{sequence}\n{head.hex()}\n".encode())
    return digest.digest()


def trail_of(session: Session, *, subject: UUID | None = None, target: UUID | None = None) -> Sequence[AuditEntry]:
    """Return the entries about a subject, or done to a target, each chain in the order it was written."""
    entries = select(AuditEntry).order_by(AuditEntry.subject_id, AuditEntry.sequence)
    if subject is not None:
        entries = entries.where(AuditEntry.subject_id == subject)
    if target is not None:
        entries = entries.where(AuditEntry.target_id == target)
    return session.scalars(entries).all()
