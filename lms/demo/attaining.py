"""What the files of trainees hold beside observations: hours by the month, placements, sessions and exemptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from competencies.attainments import AttainmentKind, AttainmentState, HoursOf
from competencies.curricula import ProgrammeKind
from competencies.people import EndReason
from lms.attainments.values import facts_of
from lms.demo import texts
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.enrolments import Enrolment
from lms.demo.rows import AttainmentRow, AttainmentStepRow

WORK_LEARNING = ProgrammeKind.WORK_LEARNING
"""The kind of programme that ends with the diploma of a school."""
CONFIRMED = AttainmentState.CONFIRMED
MONTH = timedelta(days=30)
LONGEST_ANSWER = timedelta(days=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One thing to record; what the trainee hands in is confirmed some days later, as far as those have come."""

    kind: AttainmentKind
    done_on: date
    by: UUID
    confirmed_by: UUID | None
    key: str | None = None
    setting: str | None = None
    ground: str | None = None
    title: str = ""
    amount: Decimal = Decimal(1)
    started_on: date | None = None
    organisation_id: UUID | None = None
    proof: str = ""


def attained(enrolment: Enrolment, chronicle: Chronicle, *, today: date) -> Iterator[NamedTuple]:
    """Return what is stored of the file of a trainee up to yesterday, and tell of it in their chronicle.

    It has a chance of its own, so that the histories stay what they are without it.
    """
    chance = Chance(f"{enrolment.id}/attained")
    last = min(today - timedelta(days=1), enrolment.ended_on or today)
    for line in (*_hours(chance, enrolment), *_planned(chance, enrolment), *_decided(enrolment, last)):
        if line.done_on <= last:
            yield from _recorded(chance, enrolment, chronicle, line, today)


def _hours(chance: Chance, enrolment: Enrolment) -> Iterator[_Line]:
    """Yield a line of practice for every month, and every second month one of theory, where the programme counts it."""
    load = enrolment.group.course.plan.study_load
    if load.practice_hours is None:
        return
    months = max(1, (enrolment.planned_end_on - enrolment.starts_on).days // 30)
    first = enrolment.starts_on
    for number in range(months):
        begin, end = first + number * MONTH, first + (number + 1) * MONTH - timedelta(days=1)
        hours = Decimal(round(load.practice_hours / months * chance.uniform(0.9, 1.25)))
        yield _of_trainee(
            enrolment, chance, AttainmentKind.HOURS, end, key=HoursOf.PRACTICE, amount=hours, started_on=begin
        )
        if number % 2 and load.theory_hours:
            hours = Decimal(round(2 * load.theory_hours / months))
            yield _of_trainee(
                enrolment, chance, AttainmentKind.HOURS, end, key=HoursOf.THEORY, amount=hours, started_on=begin
            )


def _of_trainee(enrolment: Enrolment, chance: Chance, kind: AttainmentKind, day: date, **more: object) -> _Line:
    """Return a line that the trainee hands in and a guide confirms."""
    guide = chance.choice(enrolment.guides).id if enrolment.guides else enrolment.group.row.lead_id
    at_home = kind in {AttainmentKind.HOURS, AttainmentKind.PLACEMENT}
    place = enrolment.group.place.id if at_home else None
    known: dict[str, object] = {"organisation_id": place} | more
    return _Line(kind=kind, done_on=day, by=enrolment.trainee_id, confirmed_by=guide, **known)  # type: ignore[arg-type]


def _planned(chance: Chance, enrolment: Enrolment) -> Iterator[_Line]:
    """Yield the placements, sessions and products of the programme, spread over its length."""
    plan, days = enrolment.group.course.plan, (enrolment.planned_end_on - enrolment.starts_on).days
    for placement in plan.placements:
        for number, setting in enumerate(placement.settings[: max(placement.min_settings, 1)]):
            share = (0.2, 0.42, 0.8)[number % 3] if placement.mandatory else chance.uniform(0.4, 1.6)
            end = enrolment.starts_on + timedelta(days=int(days * share))
            away = chance.choice(enrolment.group.circle[1:]).id if number == 2 else enrolment.group.place.id
            first = max(enrolment.starts_on, end - timedelta(days=21))
            yield _of_trainee(
                enrolment,
                chance,
                AttainmentKind.PLACEMENT,
                end,
                key=placement.key,
                setting=setting,
                started_on=first,
                organisation_id=away,
            )
    sessions = [one for one in plan.sessions if one.is_for(enrolment.track)]
    for number, session in enumerate(sessions, 1):
        day = enrolment.starts_on + timedelta(days=int(days * 0.9 * number / len(sessions)))
        if chance.happens(0.93):
            yield _Line(
                kind=AttainmentKind.SESSION,
                done_on=day,
                by=enrolment.group.row.lead_id,
                confirmed_by=None,
                key=session.key,
                amount=session.days,
            )
    for number, key in enumerate(plan.deliverables, 1):
        day = enrolment.starts_on + timedelta(
            days=int(days * chance.uniform(0.8, 1.1) * number / len(plan.deliverables))
        )
        yield _of_trainee(enrolment, chance, AttainmentKind.PRODUCT, day, key=key)


def _decided(enrolment: Enrolment, last: date) -> Iterator[_Line]:
    """Yield an exemption for one in eight, and the diploma of the school for who completed a programme with one."""
    group, plan = enrolment.group, enrolment.group.course.plan
    chance = Chance(f"{enrolment.id}/decided")
    deciders = group.place.committee
    covered = [epa.key for epa in plan.epas for ground in plan.grounds if ground.covers(epa.key, epa.type, epa.tracks)]
    if covered and deciders and chance.happens(0.125):
        yield _Line(
            kind=AttainmentKind.EXEMPT_EPA,
            done_on=enrolment.starts_on + timedelta(days=chance.randrange(10, 60)),
            by=group.row.lead_id,
            confirmed_by=chance.choice(deciders),
            key=chance.choice(covered),
            ground=plan.grounds[0].key,
            proof=texts.PROOF,
        )
    if plan.study_load.theory_hours and plan.grounds and deciders and chance.happens(0.2):
        yield _Line(
            kind=AttainmentKind.EXEMPT_HOURS,
            done_on=enrolment.starts_on,
            by=group.row.lead_id,
            confirmed_by=chance.choice(deciders),
            key=HoursOf.THEORY,
            amount=Decimal(20),
            ground=plan.grounds[0].key,
            proof=texts.PROOF,
        )
    if enrolment.end_reason is EndReason.COMPLETED and deciders and group.course.version.kind is WORK_LEARNING:
        yield _Line(
            kind=AttainmentKind.EXTERNAL_DIPLOMA,
            done_on=last - timedelta(days=20),
            by=enrolment.trainee_id,
            confirmed_by=chance.choice(deciders),
            title=texts.DIPLOMA,
            proof=texts.PROOF,
        )


def _recorded(
    chance: Chance, enrolment: Enrolment, chronicle: Chronicle, line: _Line, today: date
) -> Iterator[NamedTuple]:
    """Return the rows of a line: itself, and its confirmation where that has come."""
    at = min(chance.moment(line.done_on + timedelta(days=chance.randrange(0, 3))), _night_before(today))
    row = AttainmentRow(
        chance.key(at),
        enrolment.id,
        enrolment.trainee_id,
        line.kind,
        line.key,
        line.setting,
        line.ground,
        line.title,
        line.amount,
        line.started_on,
        line.done_on,
        line.organisation_id,
        passed=True,
        proof=line.proof,
        recorded_by_id=line.by,
        recorded_at=at,
    )
    chronicle.tell("attainment.recorded", at=at, by=line.by, target=row.id, after=facts_of(row))
    yield row
    at_once = line.confirmed_by is None
    then = at if at_once else at + chance.random() * LONGEST_ANSWER
    if then <= _night_before(today):
        by = line.confirmed_by or line.by
        chronicle.tell("attainment.confirmed", at=then, by=by, target=row.id, after={"step": CONFIRMED, "reason": ""})
        yield AttainmentStepRow(chance.key(then), row.id, CONFIRMED, by, then, "")


def _night_before(today: date) -> datetime:
    return datetime.combine(today - timedelta(days=1), time(21), UTC)
