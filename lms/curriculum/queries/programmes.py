"""Programmes and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload

from lms.core import clock
from lms.curriculum.models import (
    AssessmentForm,
    Epa,
    EpaReference,
    EpaRequirement,
    Programme,
    ProgrammeVersion,
    Publication,
    RatingScale,
    Retirement,
    Stage,
)


def _latest() -> Select[ProgrammeVersion]:
    """Select the version of each programme that counts today, by the key of the programme.

    That is the newest of those that took effect and are not retired. A version that was published takes effect on the
    day that was chosen, one from a file when it was loaded.
    """
    today = clock.today()
    began = func.coalesce(
        Publication.effective_on, cast(func.timezone(clock.HERE.key, ProgrammeVersion.loaded_at), Date)
    )
    return (
        select(ProgrammeVersion)
        .join(ProgrammeVersion.programme)
        .outerjoin(Publication, Publication.programme_version_id == ProgrammeVersion.id)
        .outerjoin(Retirement, Retirement.programme_version_id == ProgrammeVersion.id)
        .where(
            or_(Publication.effective_on.is_(None), Publication.effective_on <= today),
            or_(Retirement.retired_on.is_(None), Retirement.retired_on > today),
        )
        .ext(distinct_on(Programme.key))
        .order_by(Programme.key, began.desc(), ProgrammeVersion.loaded_at.desc(), ProgrammeVersion.id.desc())
    )


def programmes(session: Session) -> Sequence[ProgrammeVersion]:
    """Return the newest version of every programme, by key, with the programme loaded."""
    return session.scalars(_latest().options(joinedload(ProgrammeVersion.programme))).all()


@dataclass(frozen=True, slots=True)
class ProgrammeInList:
    """A programme version with the numbers that a list shows."""

    version: ProgrammeVersion
    epas: int
    referred_epas: int
    stages: int


def programmes_in_list(session: Session) -> tuple[ProgrammeInList, ...]:
    """Return the newest version of every programme with the number of its EPAs and stages, in one statement."""
    counts = _latest().add_columns(
        _count_of(Epa).label("epas"), _count_of(EpaReference).label("referred"), _count_of(Stage).label("stages")
    )
    return tuple(
        ProgrammeInList(row.ProgrammeVersion, row.epas, row.referred, row.stages) for row in session.execute(counts)
    )


def _count_of(table: type[Epa | EpaReference | Stage]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(table)
        .where(table.programme_version_id == ProgrammeVersion.id)
        .correlate(ProgrammeVersion)
        .scalar_subquery()
    )


def latest_version_of(session: Session, key: str) -> ProgrammeVersion | None:
    """Return the newest version of a programme with its default scale, or None for an unknown key."""
    return session.scalars(
        _latest()
        .where(Programme.key == key)
        .options(
            joinedload(ProgrammeVersion.programme),
            joinedload(ProgrammeVersion.default_scale).selectinload(RatingScale.levels),
        )
    ).one_or_none()


def forms_of_version(session: Session, version_id: UUID) -> Sequence[AssessmentForm]:
    """Return the forms of a programme version, its own and those that the evidence on its EPAs uses, by key."""
    used = (
        select(EpaRequirement.form_id)
        .join(Epa, Epa.id == EpaRequirement.epa_id)
        .where(
            (Epa.programme_version_id == version_id)
            | Epa.id.in_(select(EpaReference.epa_id).where(EpaReference.programme_version_id == version_id))
        )
    )
    return session.scalars(
        select(AssessmentForm)
        .where((AssessmentForm.programme_version_id == version_id) | AssessmentForm.id.in_(used))
        .order_by(AssessmentForm.key)
    ).all()


def later_programmes_first() -> ColumnElement[UUID]:
    """Return how to sort what programmes define by key, so that of two the programme that came first has the last word.

    Keys of programmes sort by when their first version was loaded. A copy of a programme takes no key away from it.
    """
    return Programme.id.desc()


def newest_versions() -> Select[UUID]:
    """Select the id of the newest version of each programme."""
    return _latest().with_only_columns(ProgrammeVersion.id, maintain_column_froms=True)
