"""The organisations of the demonstration, their alliances, and the people who work there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from competencies.people import OrganisationKind, Role
from lms.demo import names
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.people import Account, Assessor, Duty, Place, account, assessor
from lms.demo.rows import AccreditationRow, AllianceRow, DepartmentRow, MembershipRow, OrganisationRow
from lms.demo.sizes import Extent

TRAINERS = {OrganisationKind.HOSPITAL: 12, OrganisationKind.AMBULANCE_SERVICE: 9}
IN_AN_ALLIANCE = 11
QUICK = 0.3
FIXED = {
    Role.TRAINER: "trainer@example.org",
    Role.PROGRAMME_LEAD: "lead@example.org",
    Role.COMMITTEE_MEMBER: "committee@example.org",
    Role.ORGANISATION_ADMINISTRATOR: "admin@example.org",
    Role.AUDITOR: "auditor@example.org",
}
"""Who signs in at the first organisation, as the first of that role."""


class Region:
    """Builds organisations, alliances and staff; every row that comes of it is in `rows`, once."""

    def __init__(self, chance: Chance, *, extent: Extent, today: date, password_hash: str) -> None:
        self.rows: list[NamedTuple] = []
        self._chance = chance
        self._extent = extent
        self._since = today - timedelta(days=6 * 365)
        self._at = chance.moment(self._since - timedelta(days=30))
        self.password_hash = password_hash
        self._people = 0
        self._organisations = [self._organisation(number) for number in range(extent.organisations)]
        alliances = [self._alliance(first) for first in range(0, extent.organisations, IN_AN_ALLIANCE)]
        self._account("region@example.org", [Duty(Role.REGIONAL_COORDINATOR, alliances[0], self._since)])
        self.places = tuple(self._place(number, row) for number, row in enumerate(self._organisations))

    def circle(self, number: int) -> tuple[Place, ...]:
        """Return the organisation with that number and after it the others of its alliance."""
        first = number - number % IN_AN_ALLIANCE
        others = self.places[first : first + IN_AN_ALLIANCE]
        return (self.places[number], *(place for place in others if place is not self.places[number]))

    def _organisation(self, number: int) -> OrganisationRow:
        kind, name = names.organisation(number)
        row = OrganisationRow(self._chance.key(self._at), kind, name, demo=True, created_at=self._at)
        self.rows.append(row)
        return row

    def _alliance(self, first: int) -> UUID:
        """Found the alliance of the organisations from that number on."""
        name = names.alliance(first // IN_AN_ALLIANCE)
        row = AllianceRow(self._chance.key(self._at), name, demo=True, created_at=self._at)
        chronicle = Chronicle(row.id)
        chronicle.tell("alliance.created", at=self._at, after={"name": name})
        self.rows.append(row)
        for organisation in self._organisations[first : first + IN_AN_ALLIANCE]:
            key = self._chance.key(self._at)
            self.rows.append(MembershipRow(key, row.id, organisation.id, self._since, None))
            facts = {"organisation": str(organisation.id), "starts_on": self._since}
            chronicle.tell("alliance.joined", at=self._at, target=key, after=facts)
        self.rows += chronicle.rows(self._chance)
        return row.id

    def _place(self, number: int, row: OrganisationRow) -> Place:
        number_of_trainers = TRAINERS[row.kind] + self._extent.more_trainers
        if number == 0:
            number_of_trainers += self._extent.trainers_of_wide
        trainers = [self._worker(number, row.id, Role.TRAINER, first=one == 0) for one in range(number_of_trainers)]
        committee = [self._worker(number, row.id, Role.COMMITTEE_MEMBER, first=one == 0) for one in range(2)]
        self._worker(number, row.id, Role.AUDITOR, first=True)
        administrator = self._worker(number, row.id, Role.ORGANISATION_ADMINISTRATOR, first=True)
        return Place(
            id=row.id,
            kind=row.kind,
            departments=tuple(self._departments(row, administrator.id)),
            trainers=tuple(self._assessor(one) for one in trainers),
            committee=tuple(one.id for one in committee),
            lead_id=self._worker(number, row.id, Role.PROGRAMME_LEAD, first=True).id,
            administrator_id=administrator.id,
        )

    def _assessor(self, trainer: Account) -> Assessor:
        """Return the trainer as an assessor; the fixed sign-in is quick, so that a queue stays one to read."""
        one = assessor(self._chance, trainer.id)
        return replace(one, slowness=QUICK) if trainer.row.email == FIXED[Role.TRAINER] else one

    def _worker(self, number: int, place: UUID, role: Role, *, first: bool) -> Account:
        """Return somebody who works at the organisation; the first of a role at the first one is a fixed sign-in."""
        duties = [Duty(role, place, self._since)]
        fixed = FIXED[role] if number == 0 and first else None
        if fixed == FIXED[Role.TRAINER]:
            duties.append(Duty(Role.COMMITTEE_MEMBER, self._organisations[1].id, self._since))
        elif role is Role.PROGRAMME_LEAD and fixed is None:
            duties.append(Duty(Role.TRAINER, place, self._since))
        return self._account(fixed, duties)

    def _account(self, fixed: str | None, duties: list[Duty]) -> Account:
        self._people += 1
        made = account(
            self._chance,
            name=names.person(self._chance),
            email=fixed or f"staff-{self._people:05}@example.org",
            duties=duties,
            at=self._at,
            password_hash=self.password_hash if fixed else None,
        )
        self.rows += made.rows(self._chance)
        return made

    def _departments(self, row: OrganisationRow, administrator_id: UUID) -> Iterator[UUID]:
        """Add the departments of an organisation, and tell what happened to it."""
        chronicle = Chronicle(row.id)
        facts: dict[str, object] = {"name": row.name, "kind": row.kind}
        chronicle.tell("organisation.created", at=self._at, after=facts)
        later: datetime = self._at + timedelta(hours=1)
        for name in names.DEPARTMENTS[row.kind]:
            key = self._chance.key(later)
            self.rows.append(DepartmentRow(key, row.id, name))
            chronicle.tell("department.added", at=later, by=administrator_id, target=key, after={"name": name})
            yield key
        if row is self._organisations[0]:
            self._accredit(row, chronicle, administrator_id, later)
        self.rows += chronicle.rows(self._chance)

    def _accredit(self, row: OrganisationRow, chronicle: Chronicle, administrator_id: UUID, at: datetime) -> None:
        """Let the first organisation be the one where transplantations are done."""
        new = AccreditationRow(self._chance.key(at), row.id, "transplant_accreditation", "T-001 (demo)", self._since)
        facts = {name: value for name, value in new._asdict().items() if name not in {"id", "organisation_id"}}
        facts |= {"department": None, "ends_on": None}
        chronicle.tell("accreditation.recorded", at=at, by=administrator_id, target=new.id, after=facts)
        self.rows.append(new)
