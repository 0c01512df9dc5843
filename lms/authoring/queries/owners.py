"""Whose a programme or a draft is: an organisation's or an alliance's."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.people import Role
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
