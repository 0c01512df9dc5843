"""A programme version as a learning path of the domain."""

from __future__ import annotations

from collections.abc import Sequence

from competencies.completion import CompletionRule, RuleKind
from competencies.curricula import EpaType
from competencies.paths import KnownEpa, LearningPath, PathEpa
from competencies.scales import Level
from lms.curriculum.models import Epa, EpaDemand, ProgrammeVersion
from lms.curriculum.plans import plan_of
from lms.curriculum.values import ProgrammeEpa, own_epa, referred_epa, scope_groups_of


def path_of(version: ProgrammeVersion) -> LearningPath:
    """Return a programme version as a path; needs it in full with its EPAs, and those of others with their home."""
    rules, programme = tuple(_rule(block) for block in version.completion), version.programme.key
    own = [_path_epa(own_epa(epa), programme, rules) for epa in version.epas]
    others = [
        _path_epa(referred_epa(one.epa, one, position=place), one.epa.programme_version.programme.key, rules)
        for place, one in enumerate(version.epa_references, start=len(own) + 1)
    ]
    return LearningPath(
        programme=programme,
        epas=(*own, *others),
        rules=rules,
        grounds=plan_of(version).grounds,
    )


def known_epa(epa: Epa, programme: str) -> KnownEpa:
    """Return what tells an EPA of a programme from others."""
    return KnownEpa(
        id=epa.id,
        programme=programme,
        key=epa.key,
        version=epa.version,
        code=epa.official_code,
        title=epa.title,
        crosses_functions=epa.function_transcending,
    )


def _path_epa(part: ProgrammeEpa, programme: str, rules: Sequence[CompletionRule]) -> PathEpa:
    return PathEpa(
        epa=known_epa(part.epa, programme),
        type=part.epa.type,
        tracks=tuple(part.epa.tracks),
        target=_target(part, rules),
        scope=scope_groups_of(part.epa),
    )


def _target(part: ProgrammeEpa, rules: Sequence[CompletionRule]) -> Level | None:
    """Return the level that the path asks: where a rule names a stage that of the stage, else of the declaration."""
    stages = {rule.at_stage for rule in rules if rule.type is part.epa.type and rule.at_stage}
    levels = [one.level for one in part.expected if one.stage in stages]
    return levels[-1] if levels and part.demand is EpaDemand.REQUIRED else part.declaration_level


def _rule(block: dict[str, object]) -> CompletionRule:
    """Return a rule of the diploma as far as it is about EPAs; what else it asks is shown, not judged."""
    kind, count, stage = RuleKind(str(block["rule"])), block.get("min_count"), block.get("at_stage")
    return CompletionRule(
        kind=kind,
        type=EpaType(str(block["type"])) if "type" in block else None,
        within_track=bool(block.get("within_track")),
        at_stage=str(stage) if stage else None,
        min_count=count if isinstance(count, int) else None,
    )
