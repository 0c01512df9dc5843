"""How far the file of a trainee meets a requirement of any kind, on one day."""

from collections.abc import Iterable, Iterator
from datetime import date

from competencies.attainments import Attainment
from competencies.curricula import ResultKind
from competencies.observations import Observation
from competencies.plans import Plan
from competencies.progress.combined import AnyProgress, CombinedProgress
from competencies.progress.declarations import declaration_progress
from competencies.progress.hours import HoursProgress, hours_progress
from competencies.progress.observed import RequirementProgress, progress_towards
from competencies.progress.pieces import PiecesProgress, pieces_progress
from competencies.progress.placements import PlacementProgress, placement_progress
from competencies.progress.records import Record
from competencies.progress.sessions import SessionsProgress, sessions_progress
from competencies.requirements import (
    AnyRequirement,
    CombinedRequirement,
    DeclarationRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    ReflectionsRequirement,
    Requirement,
    SessionsRequirement,
)

REFLECTION = "reflection"
"""The instrument of what a trainee writes alone."""


def judge(requirement: AnyRequirement, record: Record, plan: Plan, *, on: date) -> AnyProgress:
    """Return how far the record meets the requirement on that day: what counts, what does not and why, what lacks."""
    match requirement:
        case CombinedRequirement():
            return CombinedProgress(requirement, tuple(judge(one, record, plan, on=on) for one in requirement.of))
        case Requirement() | ReflectionsRequirement():
            return progress_towards(_observed(requirement), record.observations, on=on)
        case PiecesRequirement():
            return pieces_progress(requirement, record, on=on)
        case DeclarationRequirement():
            return declaration_progress(requirement, record, plan, on=on)
        case _:
            return _planned(requirement, record, plan, on)


def _planned(
    requirement: HoursRequirement | PlacementRequirement | SessionsRequirement, record: Record, plan: Plan, on: date
) -> HoursProgress | PlacementProgress | SessionsProgress:
    """Return how far what the programme plans was done: hours, placements or sessions."""
    match requirement:
        case HoursRequirement():
            return hours_progress(requirement, record, plan, on=on)
        case PlacementRequirement():
            return placement_progress(requirement, record, plan, on=on)
        case SessionsRequirement():
            return sessions_progress(requirement, record, plan, on=on)


def _observed(requirement: Requirement | ReflectionsRequirement) -> Requirement:
    """Return what reflections are as observations: the trainee's own account, without level or assessor."""
    if isinstance(requirement, Requirement):
        return requirement
    return Requirement(
        instrument=REFLECTION,
        result=ResultKind.NARRATIVE,
        min_count=requirement.min_count,
        min_assessors=0,
        stage=requirement.stage,
    )


def observed_parts(items: Iterable[AnyProgress]) -> Iterator[RequirementProgress]:
    """Yield the progress on observations, that inside combined requirements among it (see `single_parts`)."""
    return (part for part in single_parts(items) if isinstance(part, RequirementProgress))


def single_parts(items: Iterable[AnyProgress]) -> Iterator[AnyProgress]:
    """Yield the progress on each requirement that is not combined, of a met combined one only on what meets it.

    What was tried for an alternative that nobody needs any more did not decide anything.
    """
    for item in items:
        if isinstance(item, CombinedProgress):
            yield from single_parts([part for part in item.parts if part.is_met or not item.is_met])
        else:
            yield item


def observations_counted(items: Iterable[AnyProgress]) -> tuple[Observation, ...]:
    """Return every observation that counts for any of these, once, in the order of the requirements."""
    return tuple({seen.id: seen for part in observed_parts(items) for seen in part.counted}.values())


def attainments_counted(items: Iterable[AnyProgress]) -> Iterator[Attainment]:
    """Yield the attainments that count for any of these: hours, placements, sessions, products and tests."""
    for part in single_parts(items):
        match part:
            case HoursProgress() | SessionsProgress():
                yield from (one for one, _part in part.counted)
            case PiecesProgress() | PlacementProgress():
                yield from part.counted
