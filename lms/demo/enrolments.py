"""Enrolments as they are lived through: their dates, their place, and who guides whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from competencies.people import EndReason
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.people import Assessor, Place
from lms.demo.programmes import Course
from lms.demo.rows import CohortRow, EnrolmentRow, GuidanceRow


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort with the programme it follows and the organisations around it, its own first."""

    row: CohortRow
    course: Course
    circle: tuple[Place, ...]

    @property
    def place(self) -> Place:
        """Return the organisation of the cohort."""
        return self.circle[0]


@dataclass(slots=True)
class Enrolment:
    """One trainee in one cohort; the end is known when the history is."""

    id: UUID
    group: Group
    trainee_id: UUID
    department_id: UUID
    track: str | None
    starts_on: date
    planned_end_on: date
    created_at: datetime
    guides: tuple[Assessor, ...]
    raters: tuple[Assessor, ...]
    ended_on: date | None = None
    end_reason: EndReason | None = None
    extended_from: date | None = field(default=None)

    def end(self, on: date, reason: EndReason) -> None:
        """End it with that day."""
        self.ended_on, self.end_reason = on, reason

    def rows(self, chance: Chance) -> Iterator[NamedTuple]:
        """Return its row and those of the guidance, which ended with it."""
        yield EnrolmentRow(
            self.id,
            self.group.row.id,
            self.group.row.programme_version_id,
            self.trainee_id,
            self.department_id,
            self.track,
            self.starts_on,
            self.planned_end_on,
            self.ended_on,
            self.end_reason,
            self.created_at,
            1 + (self.extended_from is not None) + (self.ended_on is not None),
        )
        for guide in self.guides:
            yield GuidanceRow(chance.key(self.created_at), self.id, guide.id, self.starts_on, self.ended_on)

    def tell(self, chronicle: Chronicle) -> None:
        """Tell of enrolling, of the trainers, and of the end."""
        by, at = self.group.row.lead_id, self.created_at
        plan = self._plan(self.extended_from or self.planned_end_on)
        chronicle.tell("enrolment.made", at=at, by=by, target=self.id, after=plan | {"cohort": self.group.row.id})
        for guide in self.guides:
            facts = {"trainer": guide.id, "starts_on": self.starts_on, "ends_on": None}
            chronicle.tell("enrolment.trainer_assigned", at=at, by=by, target=self.id, after=facts)
        if self.extended_from is not None:
            before, after = plan, self._plan(self.planned_end_on)
            then = at + (self.extended_from - self.starts_on)
            chronicle.tell("enrolment.changed", at=then, by=by, target=self.id, before=before, after=after)

    def tell_end(self, chronicle: Chronicle, at: datetime) -> None:
        """Tell of the end, which came after everything else."""
        facts = {"ended_on": self.ended_on, "end_reason": self.end_reason}
        chronicle.tell("enrolment.ended", at=at, by=self.group.row.lead_id, target=self.id, before={}, after=facts)

    def _plan(self, planned_end_on: date) -> dict[str, object]:
        return {
            "department": self.department_id,
            "track": self.track,
            "starts_on": self.starts_on,
            "planned_end_on": planned_end_on,
        }


def enrol(
    chance: Chance, group: Group, trainee_id: UUID, *, starts_on: date, track: str | None, guides: tuple[Assessor, ...]
) -> Enrolment:
    """Return a new enrolment, made two weeks before it starts; colleagues of the guides assess as well."""
    at = chance.moment(starts_on - timedelta(days=14))
    colleagues = [one for one in group.place.trainers if one not in guides]
    return Enrolment(
        id=chance.key(at),
        group=group,
        trainee_id=trainee_id,
        department_id=chance.choice(group.place.departments),
        track=track,
        starts_on=starts_on,
        planned_end_on=group.row.planned_end_on,
        created_at=at,
        guides=guides,
        raters=(*guides, *chance.some_of(colleagues, 4)),
    )
