"""What counts towards a requirement on observations, what does not and why, and what is still missing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from competencies.curricula import ResultKind
from competencies.days import months_from
from competencies.observations import Observation
from competencies.people import Role
from competencies.progress.reasons import SetAside
from competencies.requirements import Requirement, Spread
from competencies.scales import Level


@dataclass(frozen=True, slots=True)
class NextStep:
    """The least that still meets a requirement.

    `observations` more of the instrument (procedures for a logbook, rounds for multi-source feedback), of which
    `assessors` by people who do not count yet; for multi-source feedback: answers that the fullest open round lacks.
    `roles` says of how many new people it lacks each role, `spread` how many new contexts.
    """

    requirement: Requirement
    observations: int
    assessors: int
    roles: tuple[tuple[Role, int], ...] = ()
    spread: tuple[tuple[Spread, int], ...] = ()

    @property
    def size(self) -> int:
        """Return how many acts it takes."""
        return self.observations


@dataclass(frozen=True, slots=True)
class RequirementProgress:
    """How far the evidence meets one requirement; `counted` and `set_aside` are all observations of its instrument.

    `count` is the number of procedures for a logbook, of complete rounds for multi-source feedback, else of
    observations. `people` is the number of different assessors, or of answers in the round nearest to complete; a
    closed round with too few answers is nearest to nothing.
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
    def roles_missing(self) -> Mapping[Role, int]:
        """Return how many more people of each role are needed; empty when none are."""
        lacks = {role: least - len(self.assessors_of(role)) for role, least in self.requirement.assessor_roles.items()}
        return {role: lack for role, lack in lacks.items() if lack > 0}

    def assessors_of(self, role: Role) -> frozenset[UUID]:
        """Return the different assessors of what counts who held that role on the day of the act."""
        return _assessors(seen for seen in self.counted if role in seen.assessor_roles)

    def seen_in(self, spread: Spread) -> frozenset[str]:
        """Return the different contexts of what counts; what is not known of an observation is none."""
        return frozenset(seen.contexts[spread.over] for seen in self.counted if spread.over in seen.contexts)

    @property
    def spread_missing(self) -> Mapping[Spread, int]:
        """Return how many more different contexts are needed; empty when none are."""
        lacks = {spread: spread.min_different - len(self.seen_in(spread)) for spread in self.requirement.spread}
        return {spread: lack for spread, lack in lacks.items() if lack > 0}

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not any((self.observations_missing, self.assessors_missing, self.roles_missing, self.spread_missing))

    @property
    def next_step(self) -> NextStep | None:
        """Return the least that would meet the requirement, or null when it is met."""
        if self.is_met:
            return None
        missing, people = self.observations_missing, self.assessors_missing
        roles, spread = self.roles_missing, self.spread_missing
        # One new assessor with every role, in a new context, brings one observation: so the largest need holds.
        least = max(missing, people, *roles.values(), *spread.values())
        if self.requirement.is_in_rounds:
            least = missing  # A round holds all its answers.
        return NextStep(self.requirement, least, people, tuple(roles.items()), tuple(spread.items()))

    @property
    def size(self) -> int:
        """Return how many acts it still takes; 0 when it is met."""
        step = self.next_step
        return step.size if step else 0


def progress_towards(requirement: Requirement, observations: Iterable[Observation], *, on: date) -> RequirementProgress:
    """Return what counts towards the requirement on that day, the oldest first, with a reason for the rest.

    Of `observations`, all of one trainee at one EPA, those by another instrument are passed over. Another observation
    never makes a requirement unmet, unless it names a most of simulated ones.
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
    accepted, surplus = _with_most_simulated(requirement, accepted)
    set_aside = [*set_aside, *((seen, SetAside.TOO_MANY_SIMULATED) for seen in surplus)]
    count = sum(seen.quantity for seen in accepted) if requirement.result is ResultKind.COUNT else len(accepted)
    return RequirementProgress(requirement, tuple(accepted), tuple(set_aside), count, len(_assessors(accepted)))


def _reason_against(requirement: Requirement, seen: Observation, on: date) -> SetAside | None:
    """Return why an observation of the instrument does not count by itself, or null when it does."""
    if (outside := _reason_of_day(requirement, seen.observed_on, on)) is not None:
        return outside
    if requirement.form is not None and seen.form != requirement.form:
        return SetAside.OTHER_FORM
    if seen.assessed_by is None and not requirement.accepts_own_account:
        return SetAside.NOT_CONFIRMED
    if requirement.result is ResultKind.PASS_FAIL and not seen.passed:
        return SetAside.NOT_PASSED
    if not all(seen.facts.get(name.removeprefix("min_"), 0) >= least for name, least in requirement.conditions.items()):
        return SetAside.CONDITIONS_UNMET
    return _reason_of_level(requirement.minimum, seen.level)


def _reason_of_day(requirement: Requirement, observed_on: date, on: date) -> SetAside | None:
    """Return why the day of the act is too late or too early; so many months ago to the day still counts."""
    if observed_on > on:
        return SetAside.IN_THE_FUTURE
    months = requirement.within_months
    return SetAside.TOO_LONG_AGO if months is not None and observed_on < months_from(on, -months) else None


def _reason_of_level(minimum: Level | None, level: Level | None) -> SetAside | None:
    """Return why a rating is not enough, or null when it is; a rating on another scale cannot be compared."""
    if minimum is None:
        return None
    if level is None:
        return SetAside.BELOW_LEVEL
    if not level.shares_scale_with(minimum):
        return SetAside.OTHER_SCALE
    return None if level.is_at_least(minimum) else SetAside.BELOW_LEVEL


def _with_most_simulated(
    requirement: Requirement, accepted: list[Observation]
) -> tuple[list[Observation], list[Observation]]:
    """Return what counts and the simulated ones that are too many; the oldest go first, each counts whole or not."""
    if requirement.max_simulated is None:
        return accepted, []
    room, counted, surplus = requirement.max_simulated, list[Observation](), list[Observation]()
    for seen in accepted:
        taken = seen.quantity if requirement.result is ResultKind.COUNT else 1
        fits = not seen.is_simulated or taken <= room
        (counted if fits else surplus).append(seen)
        room -= taken if fits and seen.is_simulated else 0
    return counted, surplus


def _in_rounds(
    requirement: Requirement, accepted: Sequence[Observation], set_aside: Sequence[tuple[Observation, SetAside]]
) -> RequirementProgress:
    """Return the progress by complete rounds: those with answers of enough different people.

    Of a closed round the number of answers is known, without the trainee's own; where each answer is known by who gave
    it, the trainee is one of them.
    """
    people: defaultdict[UUID, set[UUID | None]] = defaultdict(set)
    answers: dict[UUID, int] = {}
    for seen in accepted:
        people[seen.activity_id].add(seen.assessed_by)
        answers[seen.activity_id] = len(people[seen.activity_id]) if seen.answers is None else seen.answers
    complete = {key for key, number in answers.items() if number >= requirement.min_assessors}
    incomplete = answers.keys() - complete
    still_open = incomplete - {seen.activity_id for seen in accepted if seen.answers is not None}
    # What the reader can still act on: the fullest open round while rounds are missing, else a complete one.
    nearest = complete if len(complete) >= requirement.min_count else still_open
    return RequirementProgress(
        requirement,
        counted=tuple(seen for seen in accepted if seen.activity_id in complete),
        set_aside=(
            *set_aside,
            *((seen, SetAside.TOO_FEW_ANSWERS) for seen in accepted if seen.activity_id in incomplete),
        ),
        count=len(complete),
        people=max((answers[key] for key in nearest), default=0),
    )


def _assessors(observations: Iterable[Observation]) -> frozenset[UUID]:
    """Return the different people, other than the trainee, who gave these observations."""
    return frozenset(seen.assessed_by for seen in observations if seen.assessed_by is not None)
