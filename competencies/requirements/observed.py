"""What observations must hold: how many, of which level, by whom, how recent and how varied."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from competencies.curricula import ResultKind
from competencies.observations import Context
from competencies.people import Role
from competencies.scales import Level

MULTI_SOURCE_FEEDBACK = "msf"
"""The instrument that is answered in rounds, one activity a round, and counted by complete rounds."""


@dataclass(frozen=True, slots=True)
class Spread:
    """In how many different departments, patient groups, … what counts must have been seen."""

    over: Context
    min_different: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """So many observations by an instrument; a null form, minimum or stage means: any, not rated, every declaration.

    `min_assessors` counts different people over all that counts, but the answers within one round for multi-source
    feedback (in a closed round without the trainee's own); 0 means that none is needed. `conditions` maps `min_<fact>`
    to the least value. `within_months` looks back from the day, `assessor_roles` asks how many of the people were what
    on the day of the act, and beyond `max_simulated` what was simulated does not count (in the unit of `min_count`).
    """

    instrument: str
    result: ResultKind
    form: str | None = None
    min_count: int
    min_assessors: int
    minimum: Level | None = None
    stage: str | None = None
    conditions: Mapping[str, int] = field(default_factory=dict, hash=False)
    within_months: int | None = None
    assessor_roles: Mapping[Role, int] = field(default_factory=dict, hash=False)
    spread: tuple[Spread, ...] = ()
    max_simulated: int | None = None

    @property
    def is_in_rounds(self) -> bool:
        """Return whether it counts complete rounds of answers rather than single observations."""
        return self.instrument == MULTI_SOURCE_FEEDBACK

    @property
    def accepts_own_account(self) -> bool:
        """Return whether what the trainee alone hands in counts: words that need no assessor, or a self-rating."""
        return self.is_in_rounds or (self.result is ResultKind.NARRATIVE and self.min_assessors == 0)
