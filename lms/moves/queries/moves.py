"""What is asked about moves and the versions that they are between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from competencies.people import Role
from lms.cohorts.models import Cohort, Enrolment, EnrolmentMove, VersionMove
from lms.cohorts.permissions import READS_COHORTS
from lms.core.jobs import unfinished_with
from lms.core.paging import Page, page_of
from lms.curriculum.models import ProgrammeVersion, Publication
from lms.moves.values import BothVersions, epa_of_version
from lms.organisations.models import Organisation
from lms.organisations.permissions import Duties
from lms.progress.queries import outlines_of

MOVED_ON_A_PAGE = 50

WITH_VERSIONS = (
    joinedload(VersionMove.from_version).joinedload(ProgrammeVersion.programme),
    joinedload(VersionMove.to_version).joinedload(ProgrammeVersion.programme),
    joinedload(VersionMove.organisation),
    joinedload(VersionMove.made_by),
)


def visible_to(duties: Duties) -> Select[VersionMove]:
    """Return the moves that a person may see: those of organisations whose cohorts they read."""
    return select(VersionMove).where(VersionMove.organisation_id.in_(duties.places(*READS_COHORTS)))


def one_move(session: Session, duties: Duties, move_id: UUID) -> VersionMove | None:
    """Return a move with versions, organisation and maker, if the person may see it."""
    return session.scalar(visible_to(duties).where(VersionMove.id == move_id).options(*WITH_VERSIONS))


def moves_of_version(session: Session, duties: Duties, version: ProgrammeVersion) -> Sequence[tuple[VersionMove, int]]:
    """Return the moves from a version that a person may see, the newest first, each with how many it moved."""
    moved = (
        select(func.count())
        .where(EnrolmentMove.version_move_id == VersionMove.id)
        .correlate(VersionMove)
        .scalar_subquery()
    )
    rows = session.execute(
        visible_to(duties)
        .where(VersionMove.from_version_id == version.id)
        .options(*WITH_VERSIONS)
        .add_columns(moved)
        .order_by(VersionMove.made_at.desc(), VersionMove.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def one_version(session: Session, version_id: UUID) -> ProgrammeVersion | None:
    """Return a version with its programme, or None."""
    return session.scalar(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.id == version_id)
        .options(joinedload(ProgrammeVersion.programme))
    )


def other_versions(session: Session, version: ProgrammeVersion) -> Sequence[ProgrammeVersion]:
    """Return the other versions of a programme, the newest first."""
    return session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.programme_id == version.programme_id, ProgrammeVersion.id != version.id)
        .order_by(ProgrammeVersion.loaded_at.desc(), ProgrammeVersion.id.desc())
    ).all()


def places_with(session: Session, duties: Duties, version: ProgrammeVersion) -> Sequence[Organisation]:
    """Return the organisations that a person leads where somebody follows that version, by name."""
    followed = (
        select(Cohort.organisation_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.programme_version_id == version.id, Enrolment.ended_on.is_(None))
    )
    led = duties.places(Role.PROGRAMME_LEAD)
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(followed), Organisation.id.in_(led)).order_by(Organisation.name)
    ).all()


def both_versions(session: Session, from_version_id: UUID, to_version_id: UUID) -> BothVersions:
    """Return the EPAs of two versions, from their outlines: no statement for versions that were asked for before."""
    outlines = outlines_of(session, [from_version_id, to_version_id])
    old, new = (tuple(map(epa_of_version, outlines[key].epas)) for key in (from_version_id, to_version_id))
    return BothVersions(old, new)


def begins_later(session: Session, version_id: UUID, *, on: date) -> date | None:
    """Return from which later day a version counts, so that nobody can move to it yet, or None where it does."""
    begins = select(Publication.effective_on).where(
        Publication.programme_version_id == version_id, Publication.effective_on > on
    )
    return session.scalar(begins)


def moved_by(
    session: Session, move_id: UUID, *, after: UUID | None = None, size: int = MOVED_ON_A_PAGE
) -> Page[EnrolmentMove]:
    """Return the trainees who were moved by a mapping, the latest first, with trainee, cohort and who consented.

    With `after` those behind that one.
    """
    order = tuple_(EnrolmentMove.moved_at, EnrolmentMove.id)
    asked = select(EnrolmentMove).where(EnrolmentMove.version_move_id == move_id)
    if after is not None:
        last = aliased(EnrolmentMove)
        asked = asked.where(order < select(last.moved_at, last.id).where(last.id == after).scalar_subquery())
    rows = session.scalars(
        asked.options(
            joinedload(EnrolmentMove.consent_by),
            joinedload(EnrolmentMove.enrolment).options(joinedload(Enrolment.trainee), joinedload(Enrolment.cohort)),
        )
        .order_by(EnrolmentMove.moved_at.desc(), EnrolmentMove.id.desc())
        .limit(size + 1)
    ).all()
    return page_of(rows, size=size, cursor_of=lambda one: str(one.id))


def is_at_work(session: Session, move_id: UUID) -> bool:
    """Return whether a worker is moving a whole cohort, or is about to."""
    return str(move_id) in set(session.scalars(unfinished_with("move_id")))


def move_at_work(session: Session, move_id: UUID) -> VersionMove:
    """Return a move for a worker, with what one needs to move by it."""
    return session.scalars(select(VersionMove).where(VersionMove.id == move_id).options(*WITH_VERSIONS)).one()
