"""How a trainee gathers evidence on one EPA, requirement by requirement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from competencies.curricula import ResultKind
from competencies.observations import ActivityKind, AssessmentStatus
from lms.demo.dossiers import REFLECTION, Dossier
from lms.demo.growth import Path
from lms.demo.people import Assessor
from lms.demo.programmes import Need
from lms.demo.records import Activity

FREE_KINDS = (
    ActivityKind.PATIENT_CONTACT,
    ActivityKind.PROCEDURE,
    ActivityKind.SHIFT,
    ActivityKind.CASE_DISCUSSION,
    ActivityKind.COURSE,
)
"""What is logged without asking anybody."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How much is done beside what is asked: ratings on the way, and activities that nobody is asked about."""

    ratings_on_the_way: float
    activities_alone: float
    two_epas_at_once: float


def practise(dossier: Dossier, path: Path, others: Iterable[Path], habits: Habits) -> None:
    """Let the trainee work at the EPA; what would come after the last day does not happen."""
    companions = [other for other in others if other is not path]
    for need in path.part.needs:
        requirement = need.requirement
        if requirement.is_in_rounds:
            for _round in range(requirement.min_count):
                feedback_round(dossier, path, need, at=dossier.chance.uniform(0.75, 1.15))
        elif requirement.result is ResultKind.NARRATIVE:
            _gather_words(dossier, path, need)
        elif requirement.result is ResultKind.COUNT:
            _count_procedures(dossier, path, need)
        elif need.on_epa_scale:
            _gather_ratings(dossier, path, need, companions, habits)
        else:
            _hand_in(dossier, path, need)


def work_alone(dossier: Dossier, path: Path, number: float) -> None:
    """Log activities that nobody is asked to assess."""
    for _one in range(int(number + dossier.chance.random())):
        day = dossier.chance.day_in(path.begins, path.days * 1.3)
        dossier.log(dossier.chance.choice(FREE_KINDS), day, [path.part])


def observe_once(
    dossier: Dossier, path: Path, need: Need, *, at: float, companion: Path | None = None, quantity: int = 1
) -> None:
    """Have one activity assessed, at that part of the way; who declines is replaced by another, most of the time."""
    day = path.begins + timedelta(days=int(at * path.days))
    parts = [path.part, companion.part] if companion else [path.part]
    activity = dossier.log(_kind(dossier, need), day, parts, quantity=quantity)
    if activity is None:
        return
    rater = dossier.next_rater()
    asked = dossier.ask(activity, path, need, rater)
    if asked.status is AssessmentStatus.DECLINED and dossier.chance.happens(0.6):
        _ask_another(dossier, activity, path, need, rater)
    if companion and (same := _same_need(companion, need)) and dossier.chance.happens(0.6):
        dossier.ask(activity, companion, same, rater)


def feedback_round(dossier: Dossier, path: Path, need: Need, *, at: float) -> None:
    """Ask colleagues from near and far, and oneself where the instrument has several sources."""
    requirement = need.requirement
    activity = dossier.log(need.kind, path.begins + timedelta(days=int(at * path.days)), [path.part])
    if activity is None:
        return
    wanted = (
        max(requirement.min_count, requirement.min_assessors)
        if not requirement.is_in_rounds
        else requirement.min_assessors
    )
    for rater in _colleagues(dossier, wanted + dossier.chance.randrange(2)):
        dossier.ask(activity, path, need, rater)
    if requirement.is_in_rounds:
        dossier.ask_oneself(activity, path, need)


def _gather_ratings(dossier: Dossier, path: Path, need: Need, companions: list[Path], habits: Habits) -> None:
    chance, requirement = dossier.chance, need.requirement
    for _one in range(int(habits.ratings_on_the_way + chance.random())):
        companion = _companion(dossier, companions, habits)
        observe_once(dossier, path, need, at=chance.uniform(0.08, 0.92), companion=companion)
    target, minimum = path.part.target, requirement.minimum
    first = 0.65 if minimum and target and not minimum.is_at_least(target) else 0.95
    for _one in range(requirement.min_count + chance.happens(0.5)):
        companion = _companion(dossier, companions, habits)
        observe_once(dossier, path, need, at=first + chance.uniform(0, 0.35), companion=companion)


def _hand_in(dossier: Dossier, path: Path, need: Need) -> None:
    """Make tests, products and projects; two assessors look at one product where two are asked."""
    chance, requirement = dossier.chance, need.requirement
    for _one in range(max(requirement.min_count, requirement.min_assessors) + chance.happens(0.2)):
        observe_once(dossier, path, need, at=chance.uniform(0.5, 1.15))


def _count_procedures(dossier: Dossier, path: Path, need: Need) -> None:
    chance, wanted = dossier.chance, need.requirement.min_count
    lines = min(12, max(4, wanted // 8))
    for line in range(lines + 1):
        day = path.begins + timedelta(days=int((0.15 + line / lines) * path.days))
        quantity = max(1, round(wanted / lines * chance.uniform(0.8, 1.3)))
        if activity := dossier.log(need.kind, day, [path.part], quantity=quantity):
            dossier.ask(activity, path, need, dossier.next_rater())


def _gather_words(dossier: Dossier, path: Path, need: Need) -> None:
    """Write reflections, or have patients and learners asked in a round."""
    chance, requirement = dossier.chance, need.requirement
    if requirement.instrument != REFLECTION:
        feedback_round(dossier, path, need, at=chance.uniform(0.6, 1.1))
        return
    for _one in range(requirement.min_count + chance.happens(0.4)):
        day = path.begins + timedelta(days=int(chance.uniform(0.2, 1.1) * path.days))
        dossier.log(ActivityKind.REFLECTION, day, [path.part])


def _ask_another(dossier: Dossier, activity: Activity, path: Path, need: Need, rater: Assessor) -> None:
    others = [one for one in dossier.enrolment.raters if one is not rater]
    dossier.ask(activity, path, need, dossier.chance.choice(others))


def _kind(dossier: Dossier, need: Need) -> ActivityKind:
    """Return the kind of activity; a short observation is as often of a shift as a leader needs one."""
    if need.kind is ActivityKind.PATIENT_CONTACT and (need.requirement.form or dossier.chance.happens(0.1)):
        return ActivityKind.SHIFT
    return need.kind


def _companion(dossier: Dossier, companions: list[Path], habits: Habits) -> Path | None:
    return dossier.chance.choice(companions) if companions and dossier.chance.happens(habits.two_epas_at_once) else None


def _same_need(path: Path, need: Need) -> Need | None:
    asked = (need.requirement.instrument, need.requirement.form)
    return next((one for one in path.part.needs if (one.requirement.instrument, one.requirement.form) == asked), None)


def _colleagues(dossier: Dossier, number: int) -> list[Assessor]:
    """Return so many different people: of the organisation itself, and of its neighbours where it is too small."""
    circle = dossier.enrolment.group.circle
    own = dossier.chance.some_of(circle[0].trainers, number)
    lacking = number - len(own)
    return own + (dossier.chance.some_of(circle[1].trainers, lacking) if lacking and len(circle) > 1 else [])
