"""Requests: with which instruments an activity can be assessed, the likeliest first, and whom one may ask."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from competencies.requirements import MULTI_SOURCE_FEEDBACK, AnyRequirement, Requirement, observed_in

REFLECTION = "reflection"
"""The instrument of what a trainee writes alone: logging it is enough where the programme asks for no assessor."""

LIKELIEST: Mapping[ActivityKind, tuple[str, ...]] = {
    ActivityKind.PATIENT_CONTACT: ("kpb", "osats", "logbook"),
    ActivityKind.PROCEDURE: ("osats", "logbook", "kpb"),
    ActivityKind.SIMULATION: ("simulation", "osats"),
    ActivityKind.CASE_DISCUSSION: ("cbd", "ebd"),
    ActivityKind.COURSE: ("knowledge_test", "practical_test"),
    ActivityKind.PROJECT: ("project", "product", "presentation"),
    ActivityKind.SHIFT: ("kpb", "osats", "logbook"),
    ActivityKind.REFLECTION: (REFLECTION,),
    ActivityKind.FEEDBACK_ROUND: (MULTI_SOURCE_FEEDBACK, "learner_feedback", "patient_feedback"),
}
"""What an activity of a kind is most often assessed with, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to ask: an instrument with the form that the programme names for it; `required` by the EPA or free."""

    instrument: str
    form: str | None
    required: bool


def offers_for(
    kind: ActivityKind, requirements: Iterable[AnyRequirement], instruments: Iterable[str]
) -> tuple[Offer, ...]:
    """Return the ways to ask for an assessment of an activity on an EPA: the required first, then the likeliest.

    Feedback of many is gathered in a round and nothing else is; a reflection is assessed as one. Where the programme
    asks for no assessor it counts by itself, so asking for one would count it twice.
    """
    asked = [one for one in observed_in(requirements) if _needs_asking(one)]
    required = dict.fromkeys(Offer(one.instrument, one.form, required=True) for one in asked)
    named = {offer.instrument for offer in required}
    free = (Offer(key, None, required=False) for key in instruments if key not in named and key != REFLECTION)
    fitting = [offer for offer in (*required, *free) if _fits(kind, offer.instrument)]
    likely = LIKELIEST[kind]
    return tuple(sorted(fitting, key=lambda one: (not one.required, _place(one.instrument, likely))))


def likeliest(kind: ActivityKind, offers: Iterable[Offer]) -> Offer | None:
    """Return what to propose: a required way that suits the kind, else a free one, else the first there is."""
    known = tuple(offers)
    suited = [one for one in known if one.instrument in LIKELIEST[kind]]
    return next(iter((*suited, *known)), None)


def same_way(offers: Iterable[Offer], instrument: str, form: str | None) -> Offer:
    """Return the offer of an EPA for an instrument and form, else for the instrument alone, or raise RuleBroken.

    So one choice serves several EPAs, each with the form that it asks for itself.
    """
    known = [offer for offer in offers if offer.instrument == instrument]
    if not known:
        raise RuleBroken("instrument_not_offered", instrument=instrument)
    return next((offer for offer in known if offer.form == form), known[0])


def check_request(
    offer: Offer,
    *,
    offers: Collection[Offer],
    epa_id: UUID,
    epas: Collection[UUID],
    assessor_id: UUID,
    trainee_id: UUID,
    assessors: Collection[UUID],
) -> None:
    """Accept a request to an assessor about one EPA of the activity, or raise RuleBroken with the first rule broken.

    Nobody assesses themselves; only in multi-source feedback the trainee's own view is one of the answers.
    """
    if epa_id not in epas:
        raise RuleBroken("epa_not_of_activity")
    if offer not in offers:
        raise RuleBroken("instrument_not_offered", instrument=offer.instrument)
    if assessor_id == trainee_id:
        if offer.instrument != MULTI_SOURCE_FEEDBACK:
            raise RuleBroken("own_assessment")
    elif assessor_id not in assessors:
        raise RuleBroken("assessor_not_available", assessor=assessor_id)


def _needs_asking(requirement: Requirement) -> bool:
    return requirement.instrument != REFLECTION or not requirement.accepts_own_account


def _fits(kind: ActivityKind, instrument: str) -> bool:
    """Return whether the instrument can be used for such an activity."""
    if kind in {ActivityKind.FEEDBACK_ROUND, ActivityKind.REFLECTION}:
        return instrument in LIKELIEST[kind]
    return instrument not in {MULTI_SOURCE_FEEDBACK, REFLECTION}


def _place(instrument: str, likely: tuple[str, ...]) -> int:
    return likely.index(instrument) if instrument in likely else len(likely)
