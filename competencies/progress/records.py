"""What is known of one trainee in one programme, as requirements look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from competencies.attainments import Attainment, AttainmentKind
from competencies.decisions import Decision
from competencies.observations import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The file of one trainee: what was seen, what was attained, and the decisions on each EPA by its key."""

    observations: tuple[Observation, ...] = ()
    attainments: tuple[Attainment, ...] = ()
    decisions: Mapping[str, Sequence[Decision]] = field(default_factory=dict, hash=False)
    track: str | None = None

    def of_kind(self, *kinds: AttainmentKind) -> tuple[Attainment, ...]:
        """Return the attainments of these kinds, the oldest first."""
        chosen = (one for one in self.attainments if one.kind in kinds)
        return tuple(sorted(chosen, key=lambda one: (one.done_on, one.id)))
