"""The region for show: its cohorts, its sixty trainees, and among them the one whose dossier has something of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from competencies.people import EndReason
from lms.demo.attaining import attained
from lms.demo.chance import Chance
from lms.demo.concerning import worried
from lms.demo.copying import Loader
from lms.demo.enrolments import Enrolment, Group, enrol
from lms.demo.groups import first_day, found, trainee
from lms.demo.histories import finish, live, paths_for, rows_of
from lms.demo.noticing import notices_from, refusal_of
from lms.demo.people import Account
from lms.demo.programmes import Course
from lms.demo.reflecting import reflected
from lms.demo.region import Region
from lms.demo.story import SIGN_IN, planned_paths, wish

DROPPED_OUT, TRANSFERRED = 0.07, 0.04
UNREACHABLE = 3
"""The trainee of the first cohort whose address refuses mail."""


class Plan(NamedTuple):
    """A cohort: its programme, the number of its organisation, how many months ago it began, how many trainees."""

    programme: str
    place: int
    months_ago: int
    trainees: int


PLANS = (
    Plan("oncologieverpleegkundige", 0, 8, 8),
    Plan("oncologieverpleegkundige", 0, 21, 6),
    Plan("oncologieverpleegkundige", 7, 13, 4),
    Plan("functielaborant", 1, 12, 6),
    Plan("functielaborant", 3, 25, 5),
    Plan("mbo-verpleegkunde-bbl", 2, 20, 5),
    Plan("mbo-verpleegkunde-bbl", 4, 44, 4),
    Plan("medisch-leiderschap", 3, 15, 4),
    Plan("medisch-leiderschap", 5, 30, 3),
    Plan("opleiders", 8, 5, 4),
    Plan("opleiders", 9, 11, 3),
    Plan("opleiders", 10, 7, 2),
    Plan("imagine2", 6, 8, 3),
    Plan("academic-alliance", 7, 10, 3),
)
SHOWN = sum(plan.trainees for plan in PLANS)


def show(
    loader: Loader,
    courses: Mapping[str, Course],
    region: Region,
    *,
    seed: int,
    today: date,
    advance: Callable[[], None],
) -> None:
    """Load the cohorts and trainees of the region for show."""
    chance = Chance(f"{seed}/show")
    groups = [
        found(
            chance,
            loader,
            courses[plan.programme],
            region.circle(plan.place),
            starts_on=first_day(today, months_ago=plan.months_ago),
        )
        for plan in PLANS
    ]
    number = 0
    for plan, group in zip(PLANS, groups, strict=True):
        for place in range(plan.trainees):
            number += 1
            one = _Trainee(Chance(f"{seed}/show/{number}"), groups, group, place, today)
            loader.take(one.rows(number, password_hash=region.password_hash))
            advance()


class _Trainee:
    """One trainee of the region for show; the first of the first cohort is the fixed sign-in."""

    def __init__(self, chance: Chance, groups: list[Group], group: Group, place: int, today: date) -> None:
        self.chance = chance
        self.groups = groups
        self.group = group
        self.place = place
        self.today = today

    @property
    def is_first_group(self) -> bool:
        """Return whether it is the cohort of the fixed sign-ins."""
        return self.group is self.groups[0]

    @property
    def is_sign_in(self) -> bool:
        """Return whether it is the trainee who can sign in."""
        return self.is_first_group and self.place == 0

    def rows(self, number: int, *, password_hash: str) -> list[NamedTuple]:
        """Return everything about the trainee."""
        chance, group = self.chance, self.group
        begins = group.row.starts_on + timedelta(days=0 if self.is_first_group else chance.randrange(0, 15))
        own = {"email": SIGN_IN, "password_hash": password_hash} if self.is_sign_in else {}
        person = trainee(chance, number, group, starts_on=begins, **own)
        enrolment = self._enrol(person, group, begins)
        self._choose_end(enrolment)
        rows = self._live(person, enrolment)
        if enrolment.end_reason is EndReason.TRANSFERRED and enrolment.ended_on is not None:
            rows += self._go_on_elsewhere(person, enrolment.ended_on)
        if self.is_first_group and self.place == UNREACHABLE:
            rows.append(refusal_of(person, today=self.today))
        return [person.row, *person.roles, *rows, *person.chronicle.rows(chance)]

    def _enrol(self, person: Account, group: Group, begins: date) -> Enrolment:
        tracks = group.course.tracks
        guides = group.place.trainers[:2]
        if not self.is_first_group and not (group is self.groups[1] and self.place < 2):
            guides = tuple(self.chance.some_of(group.place.trainers[1:], 2))
        track = tracks[self.place % len(tracks)] if tracks else None
        return enrol(self.chance, group, person.id, starts_on=begins, track=track, guides=guides)

    def _choose_end(self, enrolment: Enrolment) -> None:
        """Let some stop early, and some go on at another organisation with the same programme."""
        if self.is_first_group:
            return
        weights = (1 - DROPPED_OUT - TRANSFERRED, DROPPED_OUT, TRANSFERRED if self._elsewhere() else 0)
        reason = self.chance.choices((None, EndReason.DROPPED_OUT, EndReason.TRANSFERRED), weights)[0]
        gone_by = (min(self.today, enrolment.planned_end_on) - enrolment.starts_on).days
        if reason is not None and gone_by > 100:
            enrolment.end(enrolment.starts_on + timedelta(days=int(gone_by * self.chance.uniform(0.3, 0.8))), reason)

    def _elsewhere(self) -> Group | None:
        same = (one for one in self.groups if one.course is self.group.course and one.place is not self.group.place)
        return next(same, None)

    def _go_on_elsewhere(self, person: Account, since: date) -> list[NamedTuple]:
        group = self._elsewhere()
        if group is None:
            return []
        enrolment = self._enrol(person, group, max(since + timedelta(days=1), group.row.starts_on))
        enrolment.planned_end_on = max(enrolment.planned_end_on, enrolment.starts_on + timedelta(days=180))
        return self._live(person, enrolment)

    def _live(self, person: Account, enrolment: Enrolment) -> list[NamedTuple]:
        yesterday = self.today - timedelta(days=1)
        paths = planned_paths(enrolment) if self.is_sign_in else paths_for(self.chance, enrolment)
        dossier = live(self.chance, enrolment, paths, last_day=min(yesterday, enrolment.ended_on or yesterday))
        if self.is_first_group:
            wish(dossier, paths, trainee=self.place, today=self.today)
        finish(dossier, paths, today=self.today)
        concerns = worried(enrolment, place=self.place, today=self.today) if self.is_first_group else ()
        own = reflected(self.chance, dossier, person.chronicle) if self.is_sign_in else ()
        return [
            *rows_of(dossier, person.chronicle),
            *attained(enrolment, person.chronicle, today=self.today),
            *notices_from(dossier, today=self.today),
            *own,
            *concerns,
        ]
