"""What can be chosen when an attainment is recorded: what the programme of the trainee has of that kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.attainments import AttainmentKind
from lms.attainments.forms import OTHER, Offered, hours_choices
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import circle_of
from lms.core.words import _
from lms.curriculum.plans import PlanInWords
from lms.organisations.models import Organisation

HELD_AT = {AttainmentKind.HOURS, AttainmentKind.PLACEMENT}


def kinds_offered(named: PlanInWords) -> list[AttainmentKind]:
    """Return what can be recorded in a programme: placements, sessions and exemptions only where it has any."""
    plan = named.plan
    lacking = {
        AttainmentKind.PLACEMENT: not plan.placements,
        AttainmentKind.SESSION: not plan.sessions,
        AttainmentKind.EXEMPT_HOURS: not plan.grounds,
        AttainmentKind.EXEMPT_EPA: not any(True for _epa in _exempted(named)),
    }
    return [kind for kind in AttainmentKind if not lacking.get(kind, False)]


def offered_for(
    session: Session, enrolment: Enrolment, kind: AttainmentKind, named: PlanInWords, *, on: date
) -> Offered:
    """Return what can be chosen for a kind; needs the cohort."""
    return Offered(
        what=tuple(_what(kind, named, enrolment.track)),
        grounds=tuple((one.key, named.title("ground", one.key)) for one in named.plan.grounds),
        organisations=_organisations(session, enrolment, on) if kind in HELD_AT else (),
        days={one.key: one.days for one in named.plan.sessions} if kind is AttainmentKind.SESSION else {},
    )


def _what(kind: AttainmentKind, named: PlanInWords, track: str | None) -> Iterator[tuple[str, str]]:
    plan = named.plan
    match kind:
        case AttainmentKind.HOURS | AttainmentKind.EXEMPT_HOURS:
            yield from hours_choices()
        case AttainmentKind.PLACEMENT:
            for one in plan.placements:
                title = named.title("placement", one.key)
                for key in one.settings:
                    yield f"{one.key}/{key}", f"{title}: {named.title('setting', one.key, key)}"
        case AttainmentKind.SESSION:
            yield from ((one.key, named.title("session", one.key)) for one in plan.sessions if one.is_for(track))
        case AttainmentKind.EXEMPT_EPA:
            yield from _exempted(named, track)
        case _:
            yield from _pieces(named)


def _pieces(named: PlanInWords) -> Iterator[tuple[str, str]]:
    """Yield the products and learning activities of the programme, and that it is another one."""
    yield from ((key[1], named.title(*key)) for key in named.titles if key[0] == "piece")
    yield OTHER, _("Something else, named below")


def _exempted(named: PlanInWords, track: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield the EPAs that a ground of the programme covers, those of the track where there is one."""
    for epa in named.plan.epas:
        covered = any(ground.covers(epa.key, epa.type, epa.tracks) for ground in named.plan.grounds)
        if covered and (track is None or epa.is_for(track)):
            yield epa.key, named.title("epa", epa.key)


def _organisations(session: Session, enrolment: Enrolment, on: date) -> tuple[Organisation, ...]:
    """Return where it can have been: the cohort's own organisation first, then those of its alliances."""
    home = enrolment.cohort.organisation_id
    near = select(Organisation).where(Organisation.id.in_(circle_of([home], on=on)))
    return tuple(session.scalars(near.order_by(Organisation.id != home, Organisation.name)))
