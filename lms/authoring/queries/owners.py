"""Whose a programme or a draft is: an organisation's or an alliance's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from competencies.drafts import DraftState
from competencies.people import Role
from lms.authoring.models import Draft
from lms.curriculum.models import Programme, ProgrammeOwner
from lms.organisations.models import Alliance, Organisation
from lms.organisations.queries import held_roles

WRITING = (Role.PROGRAMME_LEAD, Role.REGIONAL_COORDINATOR)
"""Who writes programmes: leads for their organisation, coordinators for their alliance."""


class Owner(NamedTuple):
    """An organisation or an alliance; one of the two."""

    organisation_id: UUID | None
    alliance_id: UUID | None

    @property
    def place(self) -> UUID | None:
        """The key of whichever it is."""
        return self.organisation_id or self.alliance_id


def owner_with(session: Session, place: UUID) -> Owner | None:
    """Return the organisation or alliance with that key, or None where there is neither."""
    if session.get(Organisation, place) is not None:
        return Owner(place, None)
    return Owner(None, place) if session.get(Alliance, place) is not None else None


def only_place_of(session: Session, user_id: UUID, *, on: date) -> UUID | None:
    """Return where the person writes programmes, the first by key; None for who does so nowhere."""
    held = held_roles(session, user_id, on=on)
    return min((place for role, place in held if role in WRITING), default=None)


def owner_of_programme(session: Session, key: str) -> Owner | None:
    """Return the owner of a programme; None for one of the catalogue, or one that is not there yet."""
    row = session.execute(
        select(ProgrammeOwner.organisation_id, ProgrammeOwner.alliance_id)
        .join(Programme, Programme.id == ProgrammeOwner.programme_id)
        .where(Programme.key == key)
    ).one_or_none()
    return Owner(*row) if row else None


def owners(session: Session) -> dict[UUID, Owner]:
    """Return the owners of the programmes that have one, by the id of the programme."""
    rows = session.execute(
        select(ProgrammeOwner.programme_id, ProgrammeOwner.organisation_id, ProgrammeOwner.alliance_id)
    )
    return {row.programme_id: Owner(row.organisation_id, row.alliance_id) for row in rows}


def places_of(session: Session, places: Collection[UUID]) -> list[tuple[UUID, str]]:
    """Return these organisations and alliances with their names, by name."""
    rows = session.execute(
        union_all(
            select(Organisation.id, Organisation.name).where(Organisation.id.in_(places)),
            select(Alliance.id, Alliance.name).where(Alliance.id.in_(places)),
        ).order_by("name")
    )
    return [(row.id, row.name) for row in rows]


def keys_taken(session: Session) -> frozenset[str]:
    """Return the keys that programmes and open drafts have."""
    drafts = select(Draft.programme_key).where(Draft.state != DraftState.DISCARDED)
    return frozenset(session.scalars(union_all(select(Programme.key), drafts)))
