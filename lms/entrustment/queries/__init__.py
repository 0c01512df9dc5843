"""What is asked about decisions, the evidence they rest on, and the people around them."""

from lms.entrustment.queries.decisions import (
    as_domain,
    as_recognised,
    decided_on_epas,
    decisions_of,
    decisions_of_enrolments,
    last_of,
    one_visible,
    recognitions_of,
)
from lms.entrustment.queries.dossiers import evidence_of, observations_on, offered_epa, progress_towards_level
from lms.entrustment.queries.people import deciders_of, people_by_id, trail_of_decision

__all__ = [
    "as_domain",
    "as_recognised",
    "decided_on_epas",
    "deciders_of",
    "decisions_of",
    "decisions_of_enrolments",
    "evidence_of",
    "last_of",
    "observations_on",
    "offered_epa",
    "one_visible",
    "people_by_id",
    "progress_towards_level",
    "recognitions_of",
    "trail_of_decision",
]
