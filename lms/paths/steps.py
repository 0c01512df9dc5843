"""A programme as steps for whoever thinks of following it: what one can do at which moment, and how many lessons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.core.words import in_language
from lms.curriculum.models import Epa, ProgrammeVersion, ScaleLevel, Stage


@dataclass(frozen=True, slots=True)
class Reached:
    """The EPAs that one does at a level, and the rank of the highest level of its scale."""

    level: ScaleLevel
    top_rank: int
    epas: Sequence[Epa]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A moment of a programme with what one can do then, the highest level first."""

    stage: Stage
    reached: Sequence[Reached]


def milestones(version: ProgrammeVersion) -> list[Milestone]:
    """Return the moments of a programme at which something is expected; needs its own EPAs with levels and scales."""
    found = [Milestone(stage, _reached(version.epas, stage)) for stage in version.stages]
    return [one for one in found if one.reached]


def _reached(epas: Sequence[Epa], stage: Stage) -> list[Reached]:
    groups: defaultdict[tuple[int, str], list[tuple[Epa, ScaleLevel]]] = defaultdict(list)
    for epa in epas:
        for one in epa.required_levels:
            if one.stage_id == stage.id:
                groups[-one.level.rank, str(one.level.scale_id)].append((epa, one.level))
    return [
        Reached(pairs[0][1], _top_rank(pairs[0][0]), [epa for epa, _level in pairs])
        for _key, pairs in sorted(groups.items())
    ]


def _top_rank(epa: Epa) -> int:
    return epa.scale.levels[-1].rank if epa.scale else 1


def days_of_lessons(version: ProgrammeVersion) -> Decimal:
    """Return how many days all modules take together."""
    return sum((Decimal(str(module["days"])) for module in version.modules), Decimal(0))


def module_titles(version: ProgrammeVersion, rule: Mapping[str, Any]) -> str:
    """Return the titles of the modules that a rule of the diploma names, in the reader's language."""
    named = rule.get("modules", ())
    return ", ".join(in_language(module["title"]) for module in version.modules if module["key"] in named)
