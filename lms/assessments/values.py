"""How an activity can be assessed, as rows and values together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from competencies.curricula import EPA_SCALE, ResultKind
from competencies.requests import Offer, offers_for
from competencies.scales import Scale
from lms.assessments.models import Assessment
from lms.curriculum.models import AssessmentInstrument, Epa, RatingScale
from lms.curriculum.values import requirements_of, scale_of
from lms.logbook.models import Activity

Instruments = Mapping[str, AssessmentInstrument]


def ways_to_ask(activity: Activity, epa: Epa, instruments: Instruments) -> tuple[Offer, ...]:
    """Return the ways to ask for an assessment of the activity on one of its EPAs, the likeliest first.

    Needs the requirements of the EPA. An EPA without levels is not rated.
    """
    usable = [key for key, one in instruments.items() if epa.scale_id or one.scale_key != EPA_SCALE]
    return tuple(
        offer for offer in offers_for(activity.kind, requirements_of(epa), usable) if offer.instrument in usable
    )


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


def rating_scale(assessment: Assessment) -> Scale | None:
    """Return the scale of the assessment as a value; None where no level is asked. Needs scale and levels."""
    return scale_of(assessment.scale) if assessment.scale is not None else None


def facts_asked(assessment: Assessment) -> tuple[str, ...]:
    """Return the names of the numbers to fill in, where the EPA asks for conditions; needs EPA and requirements."""
    if assessment.instrument.result is not ResultKind.CONDITIONS:
        return ()
    rows = (row for row in assessment.epa.requirements if row.instrument_key == assessment.instrument_key)
    return _named(row.conditions or {} for row in rows if row.form_key in {None, assessment.form_key})


def _named(conditions: Iterable[Mapping[str, int]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.removeprefix("min_") for one in conditions for name in one))


def seen_version(assessment: Assessment) -> str:
    """Return what an assessor has before them: the version of the request and that of the activity."""
    return f"{assessment.version}.{assessment.activity.version}"
