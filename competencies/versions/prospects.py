"""What a trainee gains by a move to another version, and what they would still need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from competencies.attainments import Attainment
from competencies.decisions import Decision, in_force
from competencies.errors import RuleBroken
from competencies.progress import EpaProgress
from competencies.progress.combined import AnyStep
from competencies.scales import Level
from competencies.versions.carrying import CarriedEvidence
from competencies.versions.mapping import EpaMapping, MappingKind
from competencies.versions.recognition import Decisions, Recognised, Recognition, Unrecognised


@dataclass(frozen=True, slots=True)
class EpaProspect:
    """One new EPA for one trainee: what it came from, how far the evidence is before and after, and what holds on.

    `held` are the levels in force on the old EPAs.
    """

    epa_id: UUID
    kind: MappingKind
    sources: tuple[UUID, ...]
    before: tuple[EpaProgress, ...]
    after: EpaProgress
    held: tuple[Level, ...]
    recognition: Recognition

    def in_force(self, *, on: date) -> Recognised | None:
        """Return what is in force on the new EPA after the move."""
        begun = [one for one in self.recognition.recognised if one.decided_on <= on]
        last = begun[-1] if begun else None
        return last if last and (last.valid_until is None or last.valid_until >= on) else None

    def is_reached(self, *, on: date) -> bool:
        """Return whether the level of the declaration is in force after the move."""
        holds, target = self.in_force(on=on), self.after.target
        return holds is not None and target is not None and holds.level.is_at_least(target)

    @property
    def is_gained(self) -> bool:
        """Return whether the evidence meets everything now, and did not before."""
        return self.after.is_met and bool(self.before) and not all(one.is_met for one in self.before)

    @property
    def lost(self) -> Unrecognised | None:
        """Return why what was in force does not hold on, or null where nothing is lost."""
        return self.recognition.reason if self.held and not self.recognition.recognised else None

    @property
    def needs(self) -> tuple[AnyStep, ...]:
        """Return the least that would meet each requirement that is not met."""
        return self.after.next_steps


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """An old EPA that became nothing on the track of the trainee, with what stays in view there."""

    epa_id: UUID
    observations: int
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a move means for one trainee: each new EPA, and what is left behind on EPAs that became nothing for them.

    `attained_behind` is what was attained beside observations and counts for nothing new. `refusal` is the rule that
    forbids the move, or null.
    """

    prospects: tuple[EpaProspect, ...]
    left_behind: tuple[LeftBehind, ...]
    on: date
    attained_behind: tuple[Attainment, ...] = ()
    refusal: RuleBroken | None = None

    @property
    def recognised(self) -> tuple[EpaProspect, ...]:
        """Return the new EPAs on which a declaration is in force after the move."""
        return tuple(one for one in self.prospects if one.in_force(on=self.on))

    @property
    def lost(self) -> tuple[EpaProspect, ...]:
        """Return the new EPAs for which a declaration that was in force does not hold on."""
        return tuple(one for one in self.prospects if one.lost)

    @property
    def gained(self) -> tuple[EpaProspect, ...]:
        """Return the new EPAs whose requirements are met by the move."""
        return tuple(one for one in self.prospects if one.is_gained)

    @property
    def still_needed(self) -> tuple[EpaProspect, ...]:
        """Return the new EPAs with a target that is not reached."""
        return tuple(one for one in self.prospects if one.after.target and not one.is_reached(on=self.on))


def gains_and_needs(
    mapping: EpaMapping,
    *,
    before: Mapping[UUID, EpaProgress],
    after: Mapping[UUID, EpaProgress],
    decisions: Decisions,
    recognitions: Iterable[Recognition],
    evidence: CarriedEvidence,
    on: date,
) -> Outlook:
    """Return what the move means for one trainee; `before` is by old EPA, `after` by new, both those of their track."""
    by_epa = {one.epa_id: one for one in recognitions}
    prospects = tuple(
        _prospect(mapping, epa_id, progress, before, decisions, by_epa[epa_id], on)
        for epa_id, progress in after.items()
    )
    left = [key for line in mapping.lines if after.keys().isdisjoint(line.new) for key in line.old if key in before]
    behind = tuple(_left(key, mapping, evidence, decisions.get(key, ()), on) for key in left)
    return Outlook(prospects, behind, on)


def _prospect(
    mapping: EpaMapping,
    epa_id: UUID,
    after: EpaProgress,
    before: Mapping[UUID, EpaProgress],
    decisions: Decisions,
    recognition: Recognition,
    on: date,
) -> EpaProspect:
    sources = mapping.sources_of(epa_id)
    holding = (in_force(decisions.get(source, ()), on=on) for source in sources)
    return EpaProspect(
        epa_id,
        mapping.kind_of(epa_id),
        sources,
        tuple(before[source] for source in sources if source in before),
        after,
        tuple(one.level for one in holding if one is not None),
        recognition,
    )


def _left(
    epa_id: UUID, mapping: EpaMapping, evidence: CarriedEvidence, decisions: Sequence[Decision], on: date
) -> LeftBehind:
    """Return what stays in view on an old EPA: what stays there, and what is carried to EPAs of other tracks only."""
    stays = {seen.id for seen in evidence.stays if seen.epa_id == epa_id}
    elsewhere = {seen.id for key in mapping.targets_of(epa_id) for seen in evidence.on(key)}
    return LeftBehind(epa_id, len(stays | elsewhere), in_force(decisions, on=on))
