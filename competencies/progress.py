"""Progress: what counts towards the requirements of an EPA, what does not and why, and what is still missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from competencies.curricula import ResultKind
from competencies.observations import Observation
from competencies.requirements import Requirement, requirements_for
from competencies.scales import Level


class SetAside(StrEnum):
    """Why an observation of the right instrument does not count."""

    IN_THE_FUTURE = "in_the_future"
    OTHER_FORM = "other_form"
    NOT_CONFIRMED = "not_confirmed"
    OTHER_SCALE = "other_scale"
    BELOW_LEVEL = "below_level"
    NOT_PASSED = "not_passed"
    CONDITIONS_UNMET = "conditions_unmet"
    TOO_FEW_ANSWERS = "too_few_answers"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The least that still meets a requirement.

    `observations` more of the instrument (procedures for a logbook, rounds for multi-source feedback), of which
    `assessors` by people who do not count yet; for multi-source feedback: answers that the fullest open round lacks.
    """

    requirement: Requirement
    observations: int
    assessors: int


@dataclass(frozen=True, slots=True)
class RequirementProgress:
    """How far the evidence meets one requirement; `counted` and `set_aside` are all observations of its instrument.

    `count` is the number of procedures for a logbook, of complete rounds for multi-source feedback, else of
    observations. `people` is the number of different assessors, or of answers in the round nearest to complete.
    """

    requirement: Requirement
    counted: tuple[Observation, ...]
    set_aside: tuple[tuple[Observation, SetAside], ...]
    count: int
    people: int

    @property
    def assessors(self) -> frozenset[UUID]:
        """Return the different assessors of what counts; the trainee is not one of them."""
        return _assessors(self.counted)

    @property
    def observations_missing(self) -> int:
        """Return how many more are needed, in the unit of `count`."""
        return max(0, self.requirement.min_count - self.count)

    @property
    def assessors_missing(self) -> int:
        """Return how many more people are needed, in the unit of `people`."""
        return max(0, self.requirement.min_assessors - self.people)

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not self.observations_missing and not self.assessors_missing

    @property
    def next_step(self) -> NextStep | None:
        """Return the least that would meet the requirement, or null when it is met."""
        if self.is_met:
            return None
        missing, people = self.observations_missing, self.assessors_missing
        # One new assessor brings one observation, so the larger need holds; a round holds all its answers.
        return NextStep(self.requirement, missing if self.requirement.is_in_rounds else max(missing, people), people)


@dataclass(frozen=True, slots=True)
class EpaProgress:
    """How far the evidence meets the requirements of one EPA for a declaration at `target`, on one day."""

    items: tuple[RequirementProgress, ...]
    target: Level | None
    stage: str | None
    on: date

    @property
    def is_met(self) -> bool:
        """Return whether every requirement is met; without requirements nothing stands in the way."""
        return all(item.is_met for item in self.items)

    @property
    def unmet(self) -> tuple[RequirementProgress, ...]:
        """Return the requirements that still lack something, in the order of the programme."""
        return tuple(item for item in self.items if not item.is_met)

    @property
    def next_steps(self) -> tuple[NextStep, ...]:
        """Return the least that would meet each unmet requirement, in the order of the programme."""
        return tuple(step for item in self.items if (step := item.next_step))

    @property
    def assessors(self) -> frozenset[UUID]:
        """Return the different assessors of everything that counts."""
        return frozenset[UUID]().union(*(item.assessors for item in self.items))

    @property
    def assessors_set_aside(self) -> frozenset[UUID]:
        """Return the different assessors of what does not count for some requirement."""
        return _assessors(seen for item in self.items for seen, _reason in item.set_aside)


def progress_towards(requirement: Requirement, observations: Iterable[Observation], *, on: date) -> RequirementProgress:
    """Return what counts towards the requirement on that day, the oldest first, with a reason for the rest.

    Of `observations`, all of one trainee at one EPA, those by another instrument are passed over. Another observation
    never makes a requirement unmet.
    """
    accepted: list[Observation] = []
    set_aside: list[tuple[Observation, SetAside]] = []
    for seen in sorted(observations, key=lambda one: (one.observed_on, one.id)):
        if seen.instrument != requirement.instrument:
            continue
        reason = _reason_against(requirement, seen, on)
        if reason is None:
            accepted.append(seen)
        else:
            set_aside.append((seen, reason))
    if requirement.is_in_rounds:
        return _in_rounds(requirement, accepted, set_aside)
    count = sum(seen.quantity for seen in accepted) if requirement.result is ResultKind.COUNT else len(accepted)
    return RequirementProgress(requirement, tuple(accepted), tuple(set_aside), count, len(_assessors(accepted)))


def epa_progress(
    requirements: Iterable[Requirement],
    observations: Iterable[Observation],
    *,
    target: Level | None,
    stage: str | None,
    on: date,
) -> EpaProgress:
    """Return the progress on each requirement that a declaration at that stage asks, on that day."""
    seen = tuple(observations)
    items = tuple(progress_towards(one, seen, on=on) for one in requirements_for(requirements, stage))
    return EpaProgress(items, target, stage, on)


def _reason_against(requirement: Requirement, seen: Observation, on: date) -> SetAside | None:
    """Return why an observation of the instrument does not count by itself, or null when it does."""
    if seen.observed_on > on:
        return SetAside.IN_THE_FUTURE
    if requirement.form is not None and seen.form != requirement.form:
        return SetAside.OTHER_FORM
    if seen.assessed_by is None and not requirement.accepts_own_account:
        return SetAside.NOT_CONFIRMED
    if requirement.result is ResultKind.PASS_FAIL and not seen.passed:
        return SetAside.NOT_PASSED
    if not all(seen.facts.get(name.removeprefix("min_"), 0) >= least for name, least in requirement.conditions.items()):
        return SetAside.CONDITIONS_UNMET
    return _reason_of_level(requirement.minimum, seen.level)


def _reason_of_level(minimum: Level | None, level: Level | None) -> SetAside | None:
    """Return why a rating is not enough, or null when it is; a rating on another scale cannot be compared."""
    if minimum is None:
        return None
    if level is None:
        return SetAside.BELOW_LEVEL
    if not level.shares_scale_with(minimum):
        return SetAside.OTHER_SCALE
    return None if level.is_at_least(minimum) else SetAside.BELOW_LEVEL


def _in_rounds(
    requirement: Requirement, accepted: Sequence[Observation], set_aside: Sequence[tuple[Observation, SetAside]]
) -> RequirementProgress:
    """Return the progress by complete rounds: those with answers of enough different people, the trainee as one."""
    answers: defaultdict[UUID, set[UUID | None]] = defaultdict(set)
    for seen in accepted:
        answers[seen.activity_id].add(seen.assessed_by)
    complete = {key for key, people in answers.items() if len(people) >= requirement.min_assessors}
    still_open = answers.keys() - complete
    # What the reader can still act on: the fullest open round while rounds are missing, else a complete one.
    nearest = complete if len(complete) >= requirement.min_count else still_open
    return RequirementProgress(
        requirement,
        counted=tuple(seen for seen in accepted if seen.activity_id in complete),
        set_aside=(
            *set_aside,
            *((seen, SetAside.TOO_FEW_ANSWERS) for seen in accepted if seen.activity_id in still_open),
        ),
        count=len(complete),
        people=max((len(answers[key]) for key in nearest), default=0),
    )


def _assessors(observations: Iterable[Observation]) -> frozenset[UUID]:
    """Return the different people, other than the trainee, who gave these observations."""
    return frozenset(seen.assessed_by for seen in observations if seen.assessed_by is not None)
