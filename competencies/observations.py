"""Observations: what was seen of a trainee, and the steps of the assessment that yields one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from competencies.errors import RuleBroken
from competencies.invitations import Identity
from competencies.people import Role
from competencies.scales import Level


class ActivityKind(StrEnum):
    """What a trainee can log."""

    PATIENT_CONTACT = "patient_contact"
    PROCEDURE = "procedure"
    SIMULATION = "simulation"
    CASE_DISCUSSION = "case_discussion"
    COURSE = "course"
    PROJECT = "project"
    SHIFT = "shift"
    REFLECTION = "reflection"
    FEEDBACK_ROUND = "feedback_round"


class AssessmentStatus(StrEnum):
    """Where an assessment stands: asked, or ended in one way; one that was given can be disowned.

    Not observed says that the assessor did not see it: that is no answer, and no reason is asked.
    """

    REQUESTED = "requested"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    NOT_OBSERVED = "not_observed"
    WITHDRAWN = "withdrawn"
    DISOWNED = "disowned"
    EXPIRED = "expired"


STEPS: Mapping[AssessmentStatus, frozenset[AssessmentStatus]] = {
    AssessmentStatus.REQUESTED: frozenset(
        {
            AssessmentStatus.SUBMITTED,
            AssessmentStatus.DECLINED,
            AssessmentStatus.NOT_OBSERVED,
            AssessmentStatus.WITHDRAWN,
            AssessmentStatus.EXPIRED,
        }
    ),
    AssessmentStatus.SUBMITTED: frozenset({AssessmentStatus.DISOWNED}),
    AssessmentStatus.DECLINED: frozenset(),
    AssessmentStatus.NOT_OBSERVED: frozenset(),
    AssessmentStatus.WITHDRAWN: frozenset(),
    AssessmentStatus.DISOWNED: frozenset(),
    AssessmentStatus.EXPIRED: frozenset(),
}
"""The steps that exist: an answer is final, and who wants another one asks again.

Only the person in whose name it was given can disown one that they never gave: it counts no longer and stays to see.
"""


def move(status: AssessmentStatus, to: AssessmentStatus) -> AssessmentStatus:
    """Return the new status, or raise assessment_step where that step does not exist."""
    if to not in STEPS[status]:
        raise RuleBroken("assessment_step", was=status, to=to)
    return to


class Context(StrEnum):
    """What observations can be spread over, so that a trainee is seen in more than one situation."""

    DEPARTMENT = "department"
    PATIENT_GROUP = "patient_group"
    COMPLEXITY = "complexity"
    SETTING = "setting"


LISTED = (Context.PATIENT_GROUP, Context.COMPLEXITY, Context.SETTING)
"""The contexts that a programme names in a list of its own; the department follows from where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One answered assessment, or what a trainee handed in alone, on one EPA.

    `quantity` is the number of procedures of a logbook line (1 elsewhere). `facts` holds numbers such as
    `linked_pdsa_cycles`, named as in the conditions without their `min_`. `contexts` says in which department, patient
    group, complexity or setting it was, as far as known; `assessor_roles` what the assessor was on that day, which is
    only known of who answered with an account (`identity`). After a move to another version of the programme,
    `given_on_epa` is the earlier EPA that it was given on. A closed round of feedback is one observation, of which only
    the number of `answers` by others than the trainee is known, and nobody who gave them; null elsewhere.
    """

    id: UUID
    epa_id: UUID
    activity_id: UUID
    instrument: str
    form: str | None = None
    observed_on: date
    assessor_id: UUID | None
    by_trainee: bool = False
    level: Level | None = None
    passed: bool | None = None
    quantity: int = 1
    facts: Mapping[str, int] = field(default_factory=dict, hash=False)
    is_simulated: bool = False
    contexts: Mapping[Context, str] = field(default_factory=dict, hash=False)
    assessor_roles: frozenset[Role] = frozenset()
    identity: Identity = Identity.ACCOUNT
    answered_at: datetime
    given_on_epa: UUID | None = None
    answers: int | None = None

    def __post_init__(self) -> None:
        """Refuse a negative quantity, which would take evidence away: quantity_negative."""
        if self.quantity < 0:
            raise RuleBroken("quantity_negative", quantity=self.quantity)

    @property
    def assessed_by(self) -> UUID | None:
        """Return the other person who gave it, or null where nobody but the trainee did."""
        return None if self.by_trainee else self.assessor_id
