"""The region for show: its cohorts, its sixty trainees, and among them the one whose dossier has something of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from competencies.people import EndReason
from lms.demo.chance import Chance
from lms.demo.copying import Loader
from lms.demo.dossiers import Dossier
from lms.demo.enrolments import Enrolment, Group, enrol
from lms.demo.groups import first_day, found, trainee
from lms.demo.growth import Path
from lms.demo.histories import finish, live, paths_for, rows_of
from lms.demo.people import Account, Assessor
from lms.demo.programmes import Course, Part
from lms.demo.region import Region

DROPPED_OUT, TRANSFERRED = 0.07, 0.04
SLOWEST = 1000.0
SIGN_IN = "trainee@example.org"


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


class Way(NamedTuple):
    """How the sign-in trainee goes about an EPA: the day it begins, the days it takes, and as in `Path`."""

    begins: int
    days: int
    sure: bool = False
    decided: bool = False
    early: bool = False
    short_months: int | None = None


WAYS = {
    "onc-k1": Way(5, 75, sure=True, decided=True),
    "onc-k2": Way(100, 210),
    "onc-k3": Way(45, 105, sure=True),
    "onc-k4": Way(15, 95, sure=True, decided=True, early=True),
    "onc-k5": Way(4, 50, sure=True, decided=True, short_months=2),
    "onc-s1": Way(130, 240),
    "onc-s2": Way(180, 260),
    "onc-s3": Way(300, 150),
    "onc-eol": Way(30, 320),
}
"""By EPA: one comes into force, one is ready to decide, one is superseded, one expires, some are under way."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A request that waits: which trainee of the cohort, on which EPA, with which instrument, so many days ago."""

    trainee: int
    epa: str
    instrument: str
    days_ago: int
    of_trainer: bool = True
    declined: bool = False


WISHES = (
    Wish(0, "onc-k2", "kpb", 3),
    Wish(0, "onc-k2", "osats", 2),
    Wish(0, "onc-s1", "cbd", 5, of_trainer=False),
    Wish(0, "onc-s1", "kpb", 9, of_trainer=False, declined=True),
    Wish(1, "onc-s3", "logbook", 4),
    Wish(2, "onc-k5", "product", 6),
    Wish(3, "onc-k1", "knowledge_test", 2),
    Wish(4, "onc-s1", "simulation", 8),
)


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
        paths = self._paths(enrolment)
        dossier = live(self.chance, enrolment, paths, last_day=min(yesterday, enrolment.ended_on or yesterday))
        if self.is_first_group:
            self._wish(dossier, paths)
        finish(dossier, paths, today=self.today)
        return list(rows_of(dossier, person.chronicle))

    def _paths(self, enrolment: Enrolment) -> list[Path]:
        if not self.is_sign_in:
            return paths_for(self.chance, enrolment)
        return [_planned(enrolment, part) for part in enrolment.group.course.parts]

    def _wish(self, dossier: Dossier, paths: list[Path]) -> None:
        by_key = {path.part.key: path for path in paths}
        for wish in WISHES:
            if wish.trainee == self.place:
                _ask(dossier, by_key[wish.epa], wish, today=self.today)


def _planned(enrolment: Enrolment, part: Part) -> Path:
    begins, days, sure, decided, early, short_months = WAYS[part.key]
    first_day = enrolment.starts_on + timedelta(days=begins)
    return Path(part, first_day, days, sure=sure, decided=decided, early=early, short_months=short_months)


def _ask(dossier: Dossier, path: Path, wish: Wish, *, today: date) -> None:
    """Log an activity of some days ago and ask for an assessment that nobody answers yet, or that is declined."""
    need = next(one for one in path.part.needs if one.requirement.instrument == wish.instrument)
    activity = dossier.log(need.kind, today - timedelta(days=wish.days_ago), [path.part], at_once=True)
    if activity is None:
        return
    asked_of = dossier.enrolment.guides[0] if wish.of_trainer else dossier.enrolment.raters[-1]
    asked = dossier.ask(activity, path, need, Assessor(asked_of.id, 0.0, SLOWEST))
    if wish.declined:
        dossier.decline(asked, min(dossier.end, asked.requested_at + timedelta(days=2)))
