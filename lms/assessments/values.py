"""How an activity can be assessed, as rows and values together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from competencies.answers import Answer
from competencies.curricula import EPA_SCALE, ResultKind
from competencies.instruments import Item, items_from
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.requests import Offer, offers_for
from competencies.scales import Direction, Scale
from lms.assessments.models import Assessment
from lms.core.clock import day_of
from lms.core.db import Words
from lms.core.words import _, in_language
from lms.curriculum.models import AssessmentInstrument, Epa, RatingScale
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import scale_of
from lms.logbook.values import Listed

Instruments = Mapping[str, AssessmentInstrument]
ITEM = "item_"
"""What the names of the fields of items begin with."""


def ways_to_ask(kind: ActivityKind, epa: Epa, instruments: Instruments) -> tuple[Offer, ...]:
    """Return the ways to ask for an assessment of an activity of a kind on one of its EPAs, the likeliest first.

    Needs the requirements of the EPA. An EPA without levels is not rated.
    """
    usable = [key for key, one in instruments.items() if epa.scale_id or one.scale_key != EPA_SCALE]
    return tuple(offer for offer in offers_for(kind, requirements_of(epa), usable) if offer.instrument in usable)


def scale_for(epa: Epa, offer: Offer, instruments: Instruments, scales: Mapping[str, RatingScale]) -> UUID | None:
    """Return the key of the scale to rate on: as the requirement says, else of the EPA or the instrument; or None.

    `scales` holds the newest version of each scale by its key.
    """
    instrument = instruments[offer.instrument]
    if instrument.result is not ResultKind.LEVEL:
        return None
    for row in epa.requirements:
        if (row.instrument_key, row.form_key) == (offer.instrument, offer.form) and row.scale_id is not None:
            return row.scale_id
    if instrument.scale_key is None or instrument.scale_key == EPA_SCALE:
        return epa.scale_id
    return scales[instrument.scale_key].id


def form_for_offer(epa: Epa, offer: Offer) -> UUID | None:
    """Return the form of the programme that the way to ask names, or None where it names none."""
    named = (
        row.form_id for row in epa.requirements if (row.instrument_key, row.form_key) == (offer.instrument, offer.form)
    )
    return next(named, None) if offer.form else None


def rating_scale(assessment: Assessment) -> Scale | None:
    """Return the scale of the assessment as a value; None where no level is asked. Needs scale and levels."""
    return scale_of(assessment.scale) if assessment.scale is not None else None


def items_of(assessment: Assessment) -> tuple[Item, ...]:
    """Return what the form asks beside the result: that of the programme, else the version the instrument had."""
    form = assessment.form or assessment.instrument_form
    return () if form is None else items_from(form.items, assessment.instrument.result)


def levels_to_choose(assessment: Assessment) -> list[dict[str, object]]:
    """Return the levels to choose from in the reader's language, the lowest first; none where no level is asked.

    Each is put as the scale words it for who looks back or ahead, else by what it means.
    """
    return levels_of(rating_scale(assessment), assessment.direction)


def levels_of(scale: Scale | None, direction: Direction) -> list[dict[str, object]]:
    """Return the levels of a scale as `levels_to_choose` does."""
    return [
        {
            "code": one.code,
            "rank": one.rank,
            "title": in_language(one.title),
            "meaning": in_language(one.wording(direction)),
        }
        for one in (scale.levels if scale else ())
    ]


def facts_asked(assessment: Assessment) -> dict[str, int]:
    """Return the numbers to fill in where conditions are asked, each with its least; needs the EPA and its evidence."""
    if assessment.instrument.result is not ResultKind.CONDITIONS:
        return {}
    asked: dict[str, int] = {}
    for row in assessment.epa.requirements:
        if row.instrument_key == assessment.instrument_key and row.form_key in {None, assessment.form_key}:
            asked |= {name.removeprefix("min_"): least for name, least in (row.conditions or {}).items()}
    return asked


def seen_version(assessment: Assessment) -> str:
    """Return what an assessor has before them: the version of the request and that of the activity."""
    return f"{assessment.version}.{assessment.activity.version}"


def answer_of(assessment: Assessment) -> Answer:
    """Return the answer that was given; needs scale and levels."""
    scale = rating_scale(assessment)
    return Answer(
        level=scale.level(assessment.level_code) if scale and assessment.level_code is not None else None,
        passed=assessment.passed,
        quantity=assessment.quantity,
        facts=assessment.facts or {},
        comment=assessment.comment,
        items=assessment.answers or {},
    )


def days_waiting(assessment: Assessment, today: date) -> int:
    """Return how many days ago it was asked."""
    return (today - day_of(assessment.requested_at)).days


def days_held(assessment: Assessment, today: date) -> int:
    """Return how many days its holder has it."""
    return (today - day_of(assessment.held_since)).days


def days_since_act(assessment: Assessment, today: date) -> int:
    """Return how many days ago the act was; needs the activity."""
    return (today - assessment.activity.performed_on).days


def days_of_delay(assessment: Assessment) -> int | None:
    """Return how many days lay between the act and the answer; None while it waits. Needs the activity."""
    if assessment.answered_at is None:
        return None
    return (day_of(assessment.answered_at) - assessment.activity.performed_on).days


class CameOf(NamedTuple):
    """What came of a request, as a line of a list says it; an `Assessment` says the same by the same names."""

    scale: Scale | None
    status: AssessmentStatus
    answered_at: datetime | None
    level_code: str | None
    passed: bool | None
    quantity: int | None
    facts: Mapping[str, int] | None


def apart_from_words(came: Iterable[CameOf]) -> tuple[list[CameOf], int]:
    """Return what is shown one by one, and how many answers are given in words alone."""
    came = list(came)
    shown = [one for one in came if not _is_in_words(one)]
    return shown, len(came) - len(shown)


def _is_in_words(one: CameOf) -> bool:
    given = one.status is AssessmentStatus.SUBMITTED and one.passed is None
    return given and not (one.level_code or one.quantity or one.facts)


def first_delay(assessments: Iterable[CameOf], activity: Listed) -> int | None:
    """Return after how many days the activity was first assessed; None where nobody did yet."""
    given = [one.answered_at for one in assessments if one.status is AssessmentStatus.SUBMITTED]
    return min(((day_of(at) - activity.performed_on).days for at in given if at is not None), default=None)


def is_corrected(assessment: Assessment) -> bool:
    """Return whether the activity was corrected after the assessment was given; needs the activity."""
    corrected_at, answered_at = assessment.activity.corrected_at, assessment.answered_at
    return corrected_at is not None and answered_at is not None and corrected_at > answered_at


@dataclass(frozen=True, slots=True)
class WaysToAsk:
    """The EPAs of an activity with the ways in which each can be assessed."""

    epas: Mapping[UUID, Epa]
    offers: Mapping[UUID, tuple[Offer, ...]]
    instruments: Instruments
    forms: Mapping[str, Words]

    @property
    def all(self) -> tuple[Offer, ...]:
        """Return every way once: what any of the EPAs requires first."""
        known = dict.fromkeys(offer for offers in self.offers.values() for offer in offers)
        required = {(one.instrument, one.form) for one in known if one.required}
        doubles = {one for one in known if not one.required and (one.instrument, one.form) in required}
        return tuple(sorted((one for one in known if one not in doubles), key=lambda one: not one.required))

    def title(self, offer: Offer) -> str:
        """Return the words for a way: the instrument, and the form where one is named."""
        instrument = in_language(self.instruments[offer.instrument].title)
        return f"{instrument} – {in_language(self.forms[offer.form])}" if offer.form else instrument


def in_groups(ways: WaysToAsk) -> dict[str, list[tuple[str, str]]]:
    """Return the ways of assessing in the reader's words: those that the programme asks for, then the others."""
    named = [(offer.required, (way_key(offer), ways.title(offer))) for offer in ways.all]
    return {
        _("Asked for by the programme"): [choice for required, choice in named if required],
        _("Other ways"): [choice for required, choice in named if not required],
    }


def way_key(offer: Offer) -> str:
    """Return what stands for an instrument and form in a browser's form."""
    return f"{offer.instrument}:{offer.form or ''}"


def way_of(key: str) -> tuple[str, str | None]:
    """Return the instrument and form that a key stands for."""
    instrument, _, form = key.partition(":")
    return instrument, form or None


def waiting_events(assessments: Iterable[Assessment]) -> list[list[Assessment]]:
    """Return those of several assessments that can be given together: of one kind of act on one day in one place."""
    events: dict[tuple[object, ...], list[Assessment]] = {}
    for one in assessments:
        if one.instrument.result is ResultKind.COUNT:
            continue
        act = one.activity
        events.setdefault((act.kind, act.performed_on, act.department_id), []).append(one)
    return [event for event in events.values() if len(event) > 1]
