"""Requirements as data: what the evidence on an EPA, at a stage or of a whole programme must hold."""

from collections.abc import Iterable, Iterator

from competencies.requirements.observed import MULTI_SOURCE_FEEDBACK, Requirement, Spread
from competencies.requirements.others import (
    AnyRequirement,
    Combination,
    CombinedRequirement,
    DeclarationRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    ReflectionsRequirement,
    SessionsRequirement,
)

__all__ = [
    "DEEPEST",
    "MULTI_SOURCE_FEEDBACK",
    "AnyRequirement",
    "Combination",
    "CombinedRequirement",
    "DeclarationRequirement",
    "HoursRequirement",
    "PiecesRequirement",
    "PlacementRequirement",
    "ReflectionsRequirement",
    "Requirement",
    "SessionsRequirement",
    "Spread",
    "asks_beyond",
    "asks_roles",
    "asks_rounds",
    "named_epas",
    "observed_in",
    "requirements_for",
]

DEEPEST = 3
"""How many combined requirements may stand inside one another."""


def requirements_for(requirements: Iterable[AnyRequirement], stage: str | None) -> tuple[AnyRequirement, ...]:
    """Return what a declaration at that stage must meet: the requirements of every declaration and its own."""
    return tuple(one for one in requirements if one.stage is None or one.stage == stage)


def observed_in(requirements: Iterable[AnyRequirement]) -> Iterator[Requirement]:
    """Yield the requirements on observations, those inside combined ones among them, in the order they are written."""
    for one in requirements:
        if isinstance(one, Requirement):
            yield one
        elif isinstance(one, CombinedRequirement):
            yield from observed_in(one.of)


def named_epas(requirements: Iterable[AnyRequirement]) -> Iterator[str]:
    """Yield the keys of the EPAs that requirements ask a declaration on, those inside combined ones among them."""
    for one in requirements:
        if isinstance(one, DeclarationRequirement):
            yield one.epa
        elif isinstance(one, CombinedRequirement):
            yield from named_epas(one.of)


def asks_roles(requirements: Iterable[AnyRequirement]) -> bool:
    """Return whether any of them asks what the assessors were."""
    return any(one.assessor_roles for one in observed_in(requirements))


def asks_rounds(requirements: Iterable[AnyRequirement]) -> bool:
    """Return whether any of them asks for rounds of feedback."""
    return any(one.is_in_rounds for one in observed_in(requirements))


def asks_beyond(requirements: Iterable[AnyRequirement]) -> bool:
    """Return whether any of them looks beyond what was seen on the EPA itself: at hours, placements, declarations …."""
    for one in requirements:
        if isinstance(one, CombinedRequirement):
            if asks_beyond(one.of):
                return True
        elif not isinstance(one, Requirement | ReflectionsRequirement):
            return True
    return False
