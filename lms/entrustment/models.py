"""Entrustment decisions (bekwaamverklaringen): append-only, with the evidence they were taken on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    ScalarSelect,
    Text,
    UniqueConstraint,
    Uuid,
    cast,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import Enrolment, EnrolmentMove
from lms.core.db import Base, Key
from lms.curriculum.models import Epa, RatingScale


class Decision(Base):
    """What a trainee was entrusted with on an EPA, by whom, from which day and until when.

    The database refuses every change and removal: a newer decision supersedes, nothing is overwritten. The decisions
    of one enrolment on one EPA are one line: the first supersedes none, every other the one before it, and none twice.

    `overtaken_on` is read only: the first day of a later decision on what the EPA became when the trainee was moved.
    """

    __tablename__ = "decisions"

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"))
    scale_id: Mapped[UUID] = mapped_column(ForeignKey("scales.id"))
    level_code: Mapped[str]
    level_rank: Mapped[int]
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    decided_on: Mapped[date]
    recorded_at: Mapped[datetime]
    valid_until: Mapped[date | None]
    remark: Mapped[str]
    requirements_met: Mapped[bool]
    overrule_reason: Mapped[str]
    scope: Mapped[dict[str, Any]]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    if TYPE_CHECKING:
        overtaken_on: Mapped[date | None]

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    trainee: Mapped[User] = relationship(lazy="raise", foreign_keys=[trainee_id])
    decided_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    epa: Mapped[Epa] = relationship(lazy="raise")
    scale: Mapped[RatingScale] = relationship(lazy="raise")
    evidence: Mapped[list[DecisionEvidence]] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("valid_until >= decided_on", name="dates_in_order"),
        CheckConstraint("requirements_met OR overrule_reason <> ''", name="overruled_with_reason"),
        CheckConstraint("decided_by_id <> trainee_id", name="not_by_trainee"),
        ForeignKeyConstraint(["scale_id", "level_code"], ["scale_levels.scale_id", "scale_levels.code"]),
        Index("ix_decisions_enrolment_id_epa_id", "enrolment_id", "epa_id", "decided_on"),
        UniqueConstraint("supersedes_id"),
        Index(
            "uq_decisions_first", "enrolment_id", "epa_id", unique=True, postgresql_where=text("supersedes_id IS NULL")
        ),
    )


class DecisionEvidence(Base):
    """An observation that counted when the decision was taken: an assessment, or an activity that needs none."""

    __tablename__ = "decision_evidence"

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    observation_id: Mapped[UUID] = mapped_column(primary_key=True)
    instrument_key: Mapped[str] = mapped_column(ForeignKey("instruments.key"))


class Recognition(Base):
    """A decision on an EPA of an earlier version that holds for one that a trainee moved to; append-only.

    Level and days are those of the decision. Where EPAs were merged, each of the decisions has a row of its own with
    what they have in common: the lowest level, the latest beginning and the earliest end. `decided_on` orders it among
    the decisions on the new EPA, and so does `recorded_at`, that of the decision itself.
    """

    __tablename__ = "recognitions"

    enrolment_move_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment_moves.id"), primary_key=True)
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), primary_key=True, index=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    scale_id: Mapped[UUID] = mapped_column(ForeignKey("scales.id"))
    level_code: Mapped[str]
    level_rank: Mapped[int]
    decided_on: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_at: Mapped[datetime]

    enrolment_move: Mapped[EnrolmentMove] = relationship(lazy="raise")
    decision: Mapped[Decision] = relationship(lazy="raise")
    epa: Mapped[Epa] = relationship(lazy="raise")

    __table_args__ = (ForeignKeyConstraint(["scale_id", "level_code"], ["scale_levels.scale_id", "scale_levels.code"]),)


def _overtaken_on() -> ScalarSelect[date]:
    """Select when a later decision on an EPA that carries this one begins, whatever move of the trainee carried it."""
    decision, moves = Decision.__table__.c, EnrolmentMove.__table__.c
    later = Decision.__table__.alias("later").c
    pairs = func.jsonb_array_elements(moves.carried).table_valued("value", joins_implicitly=True)
    old, new = (pairs.c.value.op("->>")(place) for place in (0, 1))
    when = ("decided_on", "recorded_at", "id")
    return (
        select(func.min(later.decided_on))
        .where(
            moves.enrolment_id == decision.enrolment_id,
            old == cast(decision.epa_id, Text),
            later.enrolment_id == decision.enrolment_id,
            later.epa_id == cast(new, Uuid),
            tuple_(*(later[name] for name in when)) > tuple_(*(decision[name] for name in when)),
        )
        .correlate(Decision.__table__)
        .scalar_subquery()
    )


Decision.overtaken_on = column_property(_overtaken_on())
