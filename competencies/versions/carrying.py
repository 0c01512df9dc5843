"""Which observations count on after a move to another version, and which stay behind."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from competencies.observations import Observation
from competencies.versions.mapping import EpaMapping


@dataclass(frozen=True, slots=True)
class CarriedEvidence:
    """What becomes of every observation on the old EPAs.

    `counted` holds by new EPA what counts on there, each naming the old EPA that it was given on. What was given
    `twice` for one act that is now one EPA counts once; what belongs to no new EPA `stays`.
    """

    counted: Mapping[UUID, tuple[Observation, ...]]
    twice: tuple[Observation, ...]
    stays: tuple[Observation, ...]

    def on(self, epa_id: UUID) -> tuple[Observation, ...]:
        """Return the observations that count on for a new EPA."""
        return self.counted.get(epa_id, ())


def carried(mapping: EpaMapping, observations: Iterable[Observation]) -> CarriedEvidence:
    """Return where each observation on an old EPA counts after the move: same, split and merged carry all they have.

    One that was given on an EPA of the new version itself, before a move away from it, counts there and nowhere else.
    """
    taken: defaultdict[UUID, list[Observation]] = defaultdict(list)
    home = {new for line in mapping.lines for new in line.new}
    stays = []
    for seen in observations:
        own = seen.given_on_epa if seen.given_on_epa in home else None
        targets = mapping.targets_of(seen.epa_id) if own is None else (own,)
        for target in targets:
            origin = seen.epa_id if target != seen.epa_id else seen.given_on_epa
            origin = None if target == own else origin
            taken[target].append(replace(seen, epa_id=target, given_on_epa=origin))
        if not targets:
            stays.append(seen)
    counted = {target: once_an_act(seen) for target, seen in taken.items()}
    kept = {id(one) for seen in counted.values() for one in seen}
    twice = tuple(one for seen in taken.values() for one in seen if id(one) not in kept)
    return CarriedEvidence(counted, twice, tuple(stays))


def once_an_act(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return the observations without those that say the same act a second time, in their order.

    Where EPAs were merged, somebody may have given the same assessment of the same act for each of them: then the
    weakest counts, so that a move never makes anybody look better.
    """
    seen = tuple(observations)
    weakest: dict[Hashable, Observation] = {}
    for one in sorted(seen, key=_strength):
        weakest.setdefault(_act(one), one)
    kept = {id(one) for one in weakest.values()}
    return tuple(one for one in seen if id(one) in kept)


def _act(seen: Observation) -> Hashable:
    return seen.activity_id, seen.instrument, seen.form, seen.assessor_id, seen.by_trainee


def _strength(seen: Observation) -> tuple[int, bool, int, str]:
    return seen.level.rank if seen.level else 0, bool(seen.passed), seen.quantity, str(seen.id)
