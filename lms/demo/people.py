"""Accounts with their roles, and the organisations in which people hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from competencies.people import OrganisationKind, Role
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.rows import RoleRow, UserRow


class Duty(NamedTuple):
    """A role of a person, in an organisation or an alliance, from a day on."""

    role: Role
    place: UUID
    since: date


@dataclass(frozen=True, slots=True)
class Assessor:
    """Somebody who assesses: `leniency` in levels (below zero is strict), `slowness` as a factor on the days taken."""

    id: UUID
    leniency: float
    slowness: float


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation with the people who train there."""

    id: UUID
    kind: OrganisationKind
    departments: tuple[UUID, ...]
    trainers: tuple[Assessor, ...]
    committee: tuple[UUID, ...]
    lead_id: UUID
    administrator_id: UUID


@dataclass(frozen=True, slots=True)
class Account:
    """A person with everything that is told of them so far."""

    row: UserRow
    roles: tuple[RoleRow, ...]
    chronicle: Chronicle

    @property
    def id(self) -> UUID:
        """Return the key of the person."""
        return self.row.id

    def rows(self, chance: Chance) -> Iterator[NamedTuple]:
        """Return the rows of the person, the chain about them last."""
        yield self.row
        yield from self.roles
        yield from self.chronicle.rows(chance)


def account(
    chance: Chance, *, name: str, email: str, duties: Iterable[Duty], at: datetime, password_hash: str | None = None
) -> Account:
    """Return a new account whose roles are given a moment after it is made."""
    user = UserRow(chance.key(at), email, name, password_hash, None, demo=True, created_at=at)
    chronicle = Chronicle(user.id)
    chronicle.tell("account.created", at=at, after={"email": email, "name": name})
    given = at + timedelta(minutes=1)
    roles = tuple(_role(chance, user.id, duty, given) for duty in duties)
    for role in roles:
        chronicle.tell("role.given", at=given, target=role.id, after=_facts(role))
    return Account(user, roles, chronicle)


def _role(chance: Chance, user_id: UUID, duty: Duty, at: datetime) -> RoleRow:
    regional = duty.role is Role.REGIONAL_COORDINATOR
    place, alliance = (None, duty.place) if regional else (duty.place, None)
    return RoleRow(chance.key(at), user_id, duty.role, place, alliance, duty.since, None)


def _facts(role: RoleRow) -> dict[str, object]:
    place = role.organisation_id or role.alliance_id
    return {"role": role.role, "place": place, "starts_on": role.starts_on, "ends_on": role.ends_on}


def assessor(chance: Chance, key: UUID) -> Assessor:
    """Return an assessor: most are near the middle, one in ten is clearly strict and one in ten clearly lenient."""
    leniency = chance.gauss(0, 0.25) + chance.choices((0.0, -0.7, 0.7), (8, 1, 1))[0]
    return Assessor(key, leniency, chance.lognormvariate(0, 0.4))
