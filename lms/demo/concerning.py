"""Concerns about three invented trainees of the first cohort: one noted, one talked over and shared, one closed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from competencies.concerns import ConcernStep, TrustFactor, talk_by
from lms.core.clock import day_of
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.enrolments import Enrolment
from lms.demo.rows import ConcernEntryRow, ConcernRow

AFTERNOON = time(15, 20)


class Told(NamedTuple):
    """What a guide wrote down so many days ago."""

    days_ago: int
    factors: tuple[TrustFactor, ...]
    seen: str
    said: str
    needed: str


class Added(NamedTuple):
    """What was added so many days ago; `look_again` is in how many days."""

    days_ago: int
    step: ConcernStep
    text: str
    look_again: int | None = None


STORIES: Mapping[int, tuple[Told, tuple[Added, ...]]] = {
    0: (
        Told(
            24,
            (TrustFactor.RELIABILITY,),
            "Dinsdag- en donderdagmiddag op de dagbehandeling: twee keer was de dubbele controle van het infuus niet "
            "afgetekend. De controle zelf was beide keren goed gedaan en het contact was rustig en duidelijk.",
            "Direct na de dienst gezegd wat ik zag en gevraagd hoe dat kwam. Het schoot erbij in omdat er twee "
            "bellen tegelijk gingen.",
            "Een week samen aftekenen, en afspreken hoe je om hulp vraagt als het druk is.",
        ),
        (
            Added(
                21,
                ConcernStep.TALKED,
                "We tekenen een week samen af. Bij drukte wordt de collega naast je gevraagd om mee te kijken. De "
                "student herkent het en wil zelf bijhouden hoe vaak het lukt.",
                24,
            ),
            Added(9, ConcernStep.FOLLOWED_UP, "Zes diensten gezien: alles meteen afgetekend, ook op een drukke dag."),
        ),
    ),
    1: (
        Told(
            3,
            (TrustFactor.HUMILITY, TrustFactor.ADEQUATE_EXPOSURE),
            "Maandagochtend werd een handeling begonnen die de student nog niet eerder zonder toezicht had gedaan, "
            "zonder te vragen of iemand kon meekijken. De uitleg daarbij was goed.",
            "Gestopt, samen afgemaakt en gezegd dat vragen hier altijd mag. De student schrok en knikte.",
            "Een gesprek over wanneer je om toezicht vraagt, en deze week drie keer samen oefenen.",
        ),
        (),
    ),
    2: (
        Told(
            70,
            (TrustFactor.ABILITY,),
            "In drie overdrachten op rij ontbrak wat de volgende dienst moest doen. De gegevens zelf klopten.",
            "Na de derde overdracht gezegd wat ik miste en een voorbeeld gegeven.",
            "Oefenen met de vaste volgorde van de afdeling, met nabespreking.",
        ),
        (
            Added(66, ConcernStep.TALKED, "Twee weken lang na elke dienst samen een overdracht nabespreken.", 21),
            Added(
                44,
                ConcernStep.CLOSED,
                "Tien overdrachten gezien, waarvan de laatste zeven volledig. Er is niets meer nodig.",
            ),
        ),
    ),
}
"""By the place of the trainee in the cohort."""


def worried(enrolment: Enrolment, *, place: int, today: date) -> Iterator[NamedTuple]:
    """Return what the guides wrote down about a trainee, and tell of it in a chain of its own: never what it says."""
    if place not in STORIES or enrolment.ended_on is not None:
        return
    chance, (told, added) = Chance(f"{enrolment.id}/concern"), STORIES[place]
    writer, other = enrolment.guides[0].id, enrolment.guides[-1].id
    at = _at(today, told.days_ago)
    concern = ConcernRow(
        chance.key(at),
        enrolment.id,
        enrolment.trainee_id,
        None,
        json.dumps(told.factors),
        day_of(at),
        told.seen,
        told.said,
        told.needed,
        talk_by(day_of(at)),
        writer,
        at,
    )
    chronicle = Chronicle(concern.id)
    chronicle.tell("concern.noted", at=at, by=writer, target=concern.id)
    yield concern
    due_on: date | None = concern.talk_by
    for number, one in enumerate(added, 1):
        at, talks = _at(today, one.days_ago), one.step is ConcernStep.TALKED
        due_on = None if one.step is ConcernStep.CLOSED else _later(at, one.look_again) or due_on
        by = writer if number == 1 else other
        chronicle.tell(f"concern.{one.step.value}", at=at, by=by, target=concern.id)
        talked_on = day_of(at) if talks else None
        yield ConcernEntryRow(concern.id, number, one.step, one.text, talked_on, due_on, talks, by, at)
    yield from chronicle.rows(chance)


def _at(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), AFTERNOON, UTC)


def _later(at: datetime, days: int | None) -> date | None:
    return day_of(at) + timedelta(days=days) if days is not None else None
