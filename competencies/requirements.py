"""Requirements: what the evidence on an EPA must hold for its declaration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from competencies.curricula import ResultKind
from competencies.scales import Level

MULTI_SOURCE_FEEDBACK = "msf"
"""The instrument that is answered in rounds, one activity a round, and counted by complete rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of the evidence of an EPA; a null form, minimum or stage means: any, not rated, every declaration.

    `min_assessors` counts different people over all that counts, but the answers within one round (self included)
    for multi-source feedback; 0 means that none is needed. `conditions` maps `min_<fact>` to the least value.
    """

    instrument: str
    result: ResultKind
    form: str | None = None
    min_count: int
    min_assessors: int
    minimum: Level | None = None
    stage: str | None = None
    conditions: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def is_in_rounds(self) -> bool:
        """Return whether it counts complete rounds of answers rather than single observations."""
        return self.instrument == MULTI_SOURCE_FEEDBACK

    @property
    def accepts_own_account(self) -> bool:
        """Return whether what the trainee alone hands in counts: words that need no assessor, or a self-rating."""
        return self.is_in_rounds or (self.result is ResultKind.NARRATIVE and self.min_assessors == 0)


def requirements_for(requirements: Iterable[Requirement], stage: str | None) -> tuple[Requirement, ...]:
    """Return what a declaration at that stage must meet: the requirements of every declaration and its own."""
    return tuple(one for one in requirements if one.stage is None or one.stage == stage)
