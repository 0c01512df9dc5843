"""What is asked about assessments, about asking for them, and about the observations that they yield."""

from lms.assessments.queries.assessments import (
    asked_by,
    came_of_activities,
    corrected_since,
    count_waiting,
    given_by,
    in_full_as,
    of_activities,
    one_in_full,
    one_visible,
    visible_to,
    waiting_for,
    waiting_together,
)
from lms.assessments.queries.delays import Delay, delays_seen
from lms.assessments.queries.holders import alternatives, hand_ons_of
from lms.assessments.queries.loads import Load, limit_of_organisation, loads_of, own_limit
from lms.assessments.queries.observations import Observations, contexts_of, observations_of
from lms.assessments.queries.ratings import given_on, last_rated
from lms.assessments.queries.self_ratings import OwnLevel, answered_epas, self_ratings_of
from lms.assessments.queries.starting import (
    assessed_lately,
    guided_today,
    one_to_assess,
    trainees_to_assess,
    ways_to_start,
)
from lms.assessments.queries.ways import assessors_for, ways_for

__all__ = [
    "Delay",
    "Load",
    "Observations",
    "OwnLevel",
    "alternatives",
    "answered_epas",
    "asked_by",
    "assessed_lately",
    "assessors_for",
    "came_of_activities",
    "contexts_of",
    "corrected_since",
    "count_waiting",
    "delays_seen",
    "given_by",
    "given_on",
    "guided_today",
    "hand_ons_of",
    "in_full_as",
    "last_rated",
    "limit_of_organisation",
    "loads_of",
    "observations_of",
    "of_activities",
    "one_in_full",
    "one_to_assess",
    "one_visible",
    "own_limit",
    "self_ratings_of",
    "trainees_to_assess",
    "visible_to",
    "waiting_for",
    "waiting_together",
    "ways_for",
    "ways_to_start",
]
