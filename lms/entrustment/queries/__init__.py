"""What is asked about decisions, the evidence they rest on, and the people around them."""

from lms.entrustment.queries.decisions import (
    as_domain,
    as_recognised,
    decided_in,
    decided_on_epas,
    decisions_of,
    decisions_of_enrolments,
    held_elsewhere,
    held_on,
    last_of,
    newest_held,
    one_visible,
    overtaking,
    recognitions_of,
)
from lms.entrustment.queries.dossiers import (
    evidence_of,
    frozen_observations,
    observations_on,
    offered_epa,
    progress_towards_level,
    was_offered,
)
from lms.entrustment.queries.files import File, file_for, named_for, records_of
from lms.entrustment.queries.people import deciders_of, people_by_id, trail_of_decision

__all__ = [
    "File",
    "as_domain",
    "as_recognised",
    "decided_in",
    "decided_on_epas",
    "deciders_of",
    "decisions_of",
    "decisions_of_enrolments",
    "evidence_of",
    "file_for",
    "frozen_observations",
    "held_elsewhere",
    "held_on",
    "last_of",
    "named_for",
    "newest_held",
    "observations_on",
    "offered_epa",
    "one_visible",
    "overtaking",
    "people_by_id",
    "progress_towards_level",
    "recognitions_of",
    "records_of",
    "trail_of_decision",
    "was_offered",
]
