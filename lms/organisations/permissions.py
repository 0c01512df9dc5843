"""The roles that a person holds today, and what they allow in an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import g

from competencies.people import Role
from lms.accounts.permissions import known_of_me, me
from lms.core import clock, db
from lms.organisations import queries


@dataclass(frozen=True, slots=True)
class Duties:
    """A person with the roles they hold on a day; roles do not imply one another."""

    user_id: UUID
    on: date
    held: frozenset[tuple[Role, UUID]]

    def places(self, *roles: Role) -> frozenset[UUID]:
        """Return the organisations (for a regional coordinator: the alliances) where any of the roles is held."""
        return frozenset(place for role, place in self.held if role in roles)

    def holds(self, role: Role, place: UUID) -> bool:
        """Whether the role is held in that organisation or alliance."""
        return (role, place) in self.held

    def has(self, *roles: Role) -> bool:
        """Whether any of the roles is held anywhere."""
        return bool(self.places(*roles))


def duties_of(user_id: UUID, *, on: date) -> Duties:
    """Return the person with the roles they hold on that day; one statement."""
    return Duties(user_id, on, queries.held_roles(db.session(), user_id, on=on))


def my_duties() -> Duties:
    """Return the person who is asking, with the roles they hold today, as they were when they were let in."""
    if "duties" not in g:
        g.duties = Duties(me().id, clock.today(), queries.roles_from(known_of_me().roles))
    duties: Duties = g.duties
    return duties


def can_administer(duties: Duties, organisation_id: UUID) -> bool:
    """Whether the person keeps the departments and roles of the organisation."""
    return duties.holds(Role.ORGANISATION_ADMINISTRATOR, organisation_id)


def can_see_people(duties: Duties, organisation_id: UUID) -> bool:
    """Whether the person may read who holds which role in the organisation."""
    readers = (Role.ORGANISATION_ADMINISTRATOR, Role.PROGRAMME_LEAD, Role.AUDITOR)
    return organisation_id in duties.places(*readers)
