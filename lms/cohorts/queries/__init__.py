"""What is asked about cohorts, enrolments and who guides whom; each read carries the scope of its reader."""

from lms.cohorts.queries.cohorts import cohorts_seen, one_cohort, organisations_led, sizes_of
from lms.cohorts.queries.enrolments import (
    current_trainers,
    enrolments_in_dates,
    enrolments_of_cohort,
    enrolments_of_trainee,
    guided_enrolments,
    guides_of,
    one_enrolment,
    one_enrolment_in_short,
)
from lms.cohorts.queries.followers import CohortOnVersion, followers_of
from lms.cohorts.queries.moves import moves_of, version_at
from lms.cohorts.queries.near import departments_near, is_in_circle, may_train, trainers_near
from lms.cohorts.queries.scopes import circle_of, guided_by, not_ended, visible_cohorts, visible_enrolments

__all__ = [
    "CohortOnVersion",
    "circle_of",
    "cohorts_seen",
    "current_trainers",
    "departments_near",
    "enrolments_in_dates",
    "enrolments_of_cohort",
    "enrolments_of_trainee",
    "followers_of",
    "guided_by",
    "guided_enrolments",
    "guides_of",
    "is_in_circle",
    "may_train",
    "moves_of",
    "not_ended",
    "one_cohort",
    "one_enrolment",
    "one_enrolment_in_short",
    "organisations_led",
    "sizes_of",
    "trainers_near",
    "version_at",
    "visible_cohorts",
    "visible_enrolments",
]
