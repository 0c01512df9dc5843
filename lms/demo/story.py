"""The trainee who can sign in, and what waits for the trainer: a dossier with something of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from lms.demo.dossiers import Dossier
from lms.demo.enrolments import Enrolment
from lms.demo.growth import Path
from lms.demo.people import Assessor
from lms.demo.programmes import Part

SIGN_IN = "trainee@example.org"
SLOWEST = 1000.0


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


def planned_paths(enrolment: Enrolment) -> list[Path]:
    """Return the ways of the trainee who can sign in."""
    return [_planned(enrolment, part) for part in enrolment.group.course.parts]


def wish(dossier: Dossier, paths: list[Path], *, trainee: int, today: date) -> None:
    """Let that trainee of the cohort ask what is wished for."""
    by_key = {path.part.key: path for path in paths}
    for one in WISHES:
        if one.trainee == trainee:
            _ask(dossier, by_key[one.epa], one, today=today)


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
