"""Imports: who sees which, their previews in pages, and what a worker takes up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from competencies.people import Role
from lms.core.jobs import unfinished_with
from lms.exchange.models import Change, Import, ImportLine, ImportState
from lms.organisations.models import Alliance, Organisation
from lms.organisations.permissions import Duties

MOST_SHOWN = 50
SEES_IMPORTS = (Role.PROGRAMME_LEAD, Role.AUDITOR)


def visible_imports(duties: Duties) -> Select[Import]:
    """Return the imports a person may see: those for the organisations they lead or audit, or alliances they lead."""
    return select(Import).where(
        or_(
            Import.organisation_id.in_(duties.places(*SEES_IMPORTS)),
            Import.alliance_id.in_(duties.places(Role.REGIONAL_COORDINATOR)),
        )
    )


WITH_PEOPLE = (joinedload(Import.uploaded_by), joinedload(Import.organisation), joinedload(Import.alliance))


def imports(session: Session, duties: Duties) -> Sequence[Import]:
    """Return the newest imports a person may see, with who handed them in and for which place."""
    return session.scalars(
        visible_imports(duties)
        .options(*WITH_PEOPLE)
        .order_by(Import.uploaded_at.desc(), Import.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def one_import(session: Session, duties: Duties, import_id: UUID) -> Import | None:
    """Return an import with who handed it in, for which place and how far it is, if the person may see it."""
    whole = (*WITH_PEOPLE, joinedload(Import.progress))
    return session.scalar(visible_imports(duties).where(Import.id == import_id).options(*whole))


def lines_of(
    session: Session, import_id: UUID, changes: Sequence[Change], *, after: int, size: int
) -> Sequence[ImportLine]:
    """Return the lines of a preview with those changes, in order, from behind that position."""
    return session.scalars(
        select(ImportLine)
        .where(ImportLine.import_id == import_id, ImportLine.change.in_(changes), ImportLine.position > after)
        .order_by(ImportLine.position)
        .limit(size)
    ).all()


def import_to_change(session: Session, import_id: UUID, *, with_file: bool = False) -> Import | None:
    """Return an import as it is now, locked so that only one goes on with it; None when it is forgotten."""
    loads = [undefer(Import.content)] if with_file else []
    wanted = select(Import).where(Import.id == import_id).options(*loads).with_for_update()
    return session.scalar(wanted.execution_options(populate_existing=True))


BUSY = tuple(state for state in ImportState if state.is_busy)


def left_imports(session: Session) -> Sequence[Import]:
    """Return the imports that a worker has something to do for and no job is left of, locked, in order of place.

    One that is locked is being worked on.
    """
    unfinished = unfinished_with("import_id")
    return session.scalars(
        select(Import)
        .where(Import.state.in_(BUSY), cast(Import.id, Text).not_in(unfinished))
        .order_by(func.coalesce(Import.organisation_id, Import.alliance_id), Import.id)
        .with_for_update(skip_locked=True)
    ).all()


def places_to_import_for(session: Session, duties: Duties) -> list[tuple[UUID, str]]:
    """Return the organisations that a person leads programmes of and the alliances they coordinate, by name."""
    organisations = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(duties.places(Role.PROGRAMME_LEAD)))
    )
    alliances = session.execute(
        select(Alliance.id, Alliance.name).where(Alliance.id.in_(duties.places(Role.REGIONAL_COORDINATOR)))
    )
    found = [(row.id, row.name) for rows in (organisations, alliances) for row in rows]
    return sorted(found, key=lambda place: place[1])


def uploaded_before(moment: datetime) -> Select[UUID, UUID, datetime]:
    """Select the imports that were handed in before that moment, with their places, in the order of these."""
    place: Any = func.coalesce(Import.organisation_id, Import.alliance_id).label("place_id")
    return select(Import.id, place, Import.uploaded_at).where(Import.uploaded_at < moment).order_by(place)


WAITING = (ImportState.WAITING, ImportState.READING, ImportState.READY, ImportState.APPLYING)


def waiting_of(session: Session, user_id: UUID) -> tuple[int, int]:
    """Return how many files a person handed in that nobody decided on yet, and how many bytes these have."""
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(Import.size), 0)).where(
            Import.uploaded_by_id == user_id, Import.state.in_(WAITING)
        )
    ).one()
    return row[0], int(row[1])
