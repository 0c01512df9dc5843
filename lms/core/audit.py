"""The audit record: append-only, hash-chained for each subject, sealed together now and then.

Each entry is about one subject (a person, or an organisation, programme or cohort) and continues that subject's own chain,
so people who write about different subjects never wait for each other. A seal takes in the heads of all chains that grew
since the last one and continues the seal before it, so cutting the end off a chain is found too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, insert, select, text, update
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

    `subject` is whom it is about, `target` the row it was done to, `by` the person who did it (None: the system itself).
    """
    sequence, previous = _next_of(session, subject)
    facts = canonical_facts(before, after)
    digest = entry_hash(previous, subject, sequence, action, by, target, at, facts)
    row = {"id": uuid7(), "subject_id": subject, "sequence": sequence, "action": action, "actor_id": by}
    row |= {"target_id": target, "at": at, "facts": facts, "hash": digest}
    session.execute(_APPEND, row)
    session.execute(update(AuditHead).where(AuditHead.subject_id == subject).values(hash=digest))


_APPEND = text(
    "INSERT INTO audit_entries (id, subject_id, sequence, action, actor_id, target_id, at, facts, hash) "
    "VALUES (:id, :subject_id, :sequence, :action, :actor_id, :target_id, :at, CAST(:facts AS json), :hash)"
)


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
    """Return the facts as the one JSON text that is stored and hashed: sorted keys, no spaces, no empty side."""
    sides = {name: side for name, side in (("before", before), ("after", after)) if side}
    return json.dumps(sides, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def entry_hash(
    previous: bytes,
    subject: UUID,
    sequence: int,
    action: str,
    actor: UUID | None,
    target: UUID | None,
    at: datetime,
    facts: str,
) -> bytes:
    """Return the SHA-256 of an entry, chained to the hash of the entry before it (32 bytes each)."""
    parts = (previous.hex(), subject, sequence, action, actor or "", target or "", _canonical_moment(at), facts)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).digest()


def _canonical_moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def seal(session: Session, *, at: datetime) -> int:
    """Seal the chains that grew since the last seal, and return how many there were.

    Reads the heads without locking them: a chain that grows meanwhile is taken in by the next seal.
    """
    last = session.execute(select(AuditSeal.id, AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1)).first()
    number, previous = (last.id + 1, last.hash) if last else (1, GENESIS)
    heads = session.execute(_grown_heads()).all()
    if not heads:
        return 0
    rows = [
        {"seal_id": number, "subject_id": head.subject_id, "sequence": head.sequence, "hash": head.hash}
        for head in heads
    ]
    digest = seal_hash(previous, number, at, [(head.subject_id, head.sequence, head.hash) for head in heads])
    session.execute(insert(AuditSeal).values(id=number, at=at, hash=digest))
    session.execute(insert(AuditSealHead), rows)
    return len(rows)


def _grown_heads() -> Any:
    sealed = (
        select(AuditSealHead.seal_id)
        .where(AuditSealHead.subject_id == AuditHead.subject_id, AuditSealHead.sequence == AuditHead.sequence)
        .exists()
    )
    return select(AuditHead.subject_id, AuditHead.sequence, AuditHead.hash).where(~sealed).order_by(AuditHead.subject_id)


def seal_hash(previous: bytes, number: int, at: datetime, heads: Sequence[tuple[UUID, int, bytes]]) -> bytes:
    """Return the SHA-256 of a seal over its heads in the order of their subjects, chained to the seal before it."""
    digest = hashlib.sha256(f"{previous.hex()}\n{number}\n{_canonical_moment(at)}\n".encode())
    for subject, sequence, head in heads:
        digest.update(f"{subject}\n{sequence}\n{head.hex()}\n".encode())
    return digest.digest()


def trail_of(session: Session, *, subject: UUID | None = None, target: UUID | None = None) -> Sequence[AuditEntry]:
    """Return the entries about a subject, or done to a target, in the order they were written."""
    entries = select(AuditEntry).order_by(AuditEntry.at, AuditEntry.subject_id, AuditEntry.sequence)
    if subject is not None:
        entries = entries.where(AuditEntry.subject_id == subject)
    if target is not None:
        entries = entries.where(AuditEntry.target_id == target)
    return session.scalars(entries).all()
