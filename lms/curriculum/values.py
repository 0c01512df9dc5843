"""The rows of a programme as values of the domain; the queries of this feature load what these functions read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from competencies.curricula import (
    ExpectedLevel,
    Instrument,
    Provenance,
    ShownCode,
    declaration_level,
    shown_code,
)
from competencies.errors import RuleBroken
from competencies.scales import Level, Scale
from competencies.scope import OtherEpa, ScopeGroup, ScopeOption, ScopeRule
from lms.curriculum.models import (
    AssessmentInstrument,
    Epa,
    EpaDemand,
    EpaReference,
    ProgrammeVersion,
    RatingScale,
    ScaleLevel,
)

Elsewhere = tuple[str | None, str]
"""An EPA as a scope rule names it: by its programme, null for the same one, and its key."""

NOWHERE: Mapping[Elsewhere, Epa] = MappingProxyType({})


def scale_of(row: RatingScale) -> Scale:
    """Return the scale with its levels, the lowest first."""
    return Scale(
        key=row.key,
        version=row.version,
        title=row.title,
        levels=tuple(_level_of(row, level) for level in row.levels),
        questions=row.questions,
        entrusted_from=row.entrusted_from,
    )


def level_of(row: RatingScale, code: str) -> Level:
    """Return one level of a scale; raise `RuleBroken` level_unknown where the scale has it not."""
    found = next((level for level in row.levels if level.code == code), None)
    if found is None:
        raise RuleBroken("level_unknown", scale=row.key, level=code)
    return _level_of(row, found)


def _level_of(scale: RatingScale, row: ScaleLevel) -> Level:
    return Level(
        scale_key=scale.key,
        scale_version=scale.version,
        code=row.code,
        rank=row.rank,
        title=row.title,
        meaning=row.meaning,
        entrusted=row.entrusted,
        parent_code=row.parent_code,
        group=row.group_title,
        questions=row.questions or {},
    )


def instrument_of(row: AssessmentInstrument) -> Instrument:
    """Return the instrument."""
    return Instrument(row.key, row.result, row.scale_key, row.direct_observation)


def expected_levels_of(epa: Epa) -> tuple[ExpectedLevel, ...]:
    """Return the level expected at each stage, the last one that of the declaration; a cross-EPA activity has none."""
    if epa.scale is None:
        return ()
    scale = scale_of(epa.scale)
    return tuple(ExpectedLevel(one.stage.key, scale.level(one.level_code)) for one in epa.required_levels)


def expected_by_reference(epa: Epa, required_levels: Sequence[dict[str, str]]) -> tuple[ExpectedLevel, ...]:
    """Return the levels that another programme expects of an EPA; where it names none, those of the EPA itself."""
    if epa.scale is None or not required_levels:
        return expected_levels_of(epa)
    scale = scale_of(epa.scale)
    return tuple(ExpectedLevel(one["stage"], scale.level(one["level"])) for one in required_levels)


def belonging_elsewhere(epa: Epa) -> frozenset[Elsewhere]:
    """Return the EPAs that options of this one belong to instead, by programme (null: the same one) and key."""
    rules = [rule for group in epa.scope for rule in group["rules"] if "then_belongs_to" in rule]
    return frozenset((one.get("programme"), one["epa"]) for one in (rule["then_belongs_to"] for rule in rules))


def scope_groups_of(epa: Epa, elsewhere: Mapping[Elsewhere, Epa] = NOWHERE) -> tuple[ScopeGroup, ...]:
    """Return the groups of options that a declaration on an EPA chooses from; none where there is nothing to choose.

    `elsewhere` gives the EPAs that options belong to instead, so that a refusal can name them.
    """
    return tuple(_scope_group_of(group, elsewhere) for group in epa.scope)


def _scope_group_of(group: dict[str, Any], elsewhere: Mapping[Elsewhere, Epa]) -> ScopeGroup:
    return ScopeGroup(
        key=group["key"],
        title=group["title"],
        choose_min=group["choose_min"],
        choose_max=group["choose_max"],
        options=tuple(ScopeOption(option["key"], option["title"]) for option in group["options"]),
        rules=tuple(_scope_rule_of(rule, elsewhere) for rule in group["rules"]),
    )


def _scope_rule_of(rule: dict[str, Any], elsewhere: Mapping[Elsewhere, Epa]) -> ScopeRule:
    return ScopeRule(
        if_selected=rule["if_selected"],
        then_min_total=rule.get("then_min_total"),
        then_requires=tuple(rule.get("then_requires", ())),
        then_site_needs=rule.get("then_site_needs"),
        then_belongs_to=_other_epa(rule.get("then_belongs_to"), elsewhere),
    )


def _other_epa(named: dict[str, str] | None, elsewhere: Mapping[Elsewhere, Epa]) -> OtherEpa | None:
    if named is None:
        return None
    programme, key = named.get("programme"), named["epa"]
    found = elsewhere.get((programme, key))
    return OtherEpa(programme, key, found.id if found else None, found.title if found else None)


def shown_code_of(epa: Epa) -> ShownCode:
    """Return the code of an EPA as a page shows it: the official one, or the local one as a concept."""
    return shown_code(epa.official_code, epa.local_code or "")


def applies_to(epa: Epa, track: str | None) -> bool:
    """Return whether an EPA is for people on that track; an EPA without tracks is for everybody."""
    return not epa.tracks or track in epa.tracks


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEpa:
    """An EPA as a part of one programme version: its own, or one of another programme by reference."""

    epa: Epa
    position: int
    demand: EpaDemand
    expected: tuple[ExpectedLevel, ...]
    is_reference: bool

    @property
    def declaration_level(self) -> Level | None:
        """Return the level that this programme asks for a declaration, or none for a cross-EPA activity."""
        return declaration_level(self.expected)


def own_epa(epa: Epa) -> ProgrammeEpa:
    """Return an EPA as a part of its own programme; needs its scale and its levels with their stages."""
    return ProgrammeEpa(
        epa=epa,
        position=epa.position,
        demand=EpaDemand.REQUIRED,
        expected=expected_levels_of(epa),
        is_reference=False,
    )


def referred_epa(epa: Epa, reference: EpaReference, *, position: int) -> ProgrammeEpa:
    """Return an EPA as a part of the programme that refers to it; needs the same as `own_epa`."""
    return ProgrammeEpa(
        epa=epa,
        position=position,
        demand=reference.requirement,
        expected=expected_by_reference(epa, reference.required_levels),
        is_reference=True,
    )


def provenance_at(block: ProgrammeVersion | Epa, *paths: str) -> Provenance:
    """Return where a field comes from: what the block says of the first of these dotted paths, else of itself."""
    named = (block.provenance_by_field[path] for path in paths if path in block.provenance_by_field)
    return Provenance(next(named, block.provenance))
