"""What an EPA of a programme file must hold together, with the programme and with the shared files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from competencies.nesting import circle_from
from lms.core.words import _
from lms.curriculum.schemas.known import Finding, Known, Missing, Ranks, unless_all_known, unless_known
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.scope_checks import scope_findings
from lms.curriculum.schemas.surroundings import Surroundings


def epa_findings(epa: dict[str, Any], around: Surroundings, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with an EPA."""
    known, terms = around.known, around.known.terms
    yield from unless_all_known(Missing.TRACK, epa["tracks"], around.tracks, (*path, "tracks"))
    yield from unless_all_known(Missing.FUNCTION, epa["functions"], terms["functions"], (*path, "functions"))
    yield from unless_known(
        Missing.LEADERSHIP_LEVEL, epa["level_tag"], terms["leadership_levels"], (*path, "level_tag")
    )
    yield from unless_all_known(
        Missing.RESERVED_ACTION, epa["reserved_actions"], known.reserved_actions, (*path, "reserved_actions")
    )
    yield from _competency_findings(epa["competencies"], around, (*path, "competencies"))
    yield from _nesting_findings(epa, around, (*path, "parent"))
    yield from scope_findings(epa["scope"], around, (*path, "scope"))
    yield from _rating_findings(epa, around, path)


def scale_findings(scale: dict[str, Any] | None, known: Known, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with a reference to a version of a scale."""
    if scale is not None and (scale["id"], scale["version"]) not in known.scales:
        yield (
            path,
            _("There is no version %(version)s of the scale %(key)s.", version=scale["version"], key=scale["id"]),
        )


def required_level_findings(
    required: list[dict[str, str]], stages: list[str], ranks: Ranks | None, path: Path
) -> Iterator[Finding]:
    """Yield what is wrong with levels per stage: unknown ones, stages out of order, a level below an earlier one."""
    for number, one in enumerate(required):
        yield from unless_known(Missing.STAGE, one["stage"], stages, (*path, number, "stage"))
        yield from unless_known(Missing.LEVEL, one["level"], ranks or {}, (*path, number, "level"))
    for number, (earlier, later) in enumerate(pairwise(required), start=1):
        if _position(stages, earlier["stage"]) >= _position(stages, later["stage"]):
            yield (*path, number, "stage"), _("The stages must stand in the order of the programme, each once.")
        if ranks and ranks.get(earlier["level"], 0) > ranks.get(later["level"], len(ranks) + 1):
            yield (*path, number, "level"), _("A later stage may not ask a lower level.")


def _position(stages: list[str], stage: str) -> float:
    return stages.index(stage) if stage in stages else float("nan")


def _competency_findings(named: dict[str, list[str]], around: Surroundings, path: Path) -> Iterator[Finding]:
    for framework, domains in named.items():
        yield from unless_known(Missing.FRAMEWORK, framework, around.domains, (*path, framework))
        if framework in around.domains:
            keys = around.domains[framework] | around.elements.get(framework, frozenset())
            yield from unless_all_known(Missing.DOMAIN_OR_ELEMENT, domains, keys, (*path, framework))


def _nesting_findings(epa: dict[str, Any], around: Surroundings, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the EPA that this one is nested in: it is not there, or they go round in a circle."""
    yield from unless_known(Missing.EPA, epa.get("parent"), around.epas, path)
    circle = circle_from(epa["key"], around.epas)
    if circle:
        yield path, _("These EPAs are nested in a circle: %(keys)s.", keys=", ".join(circle))


def _rating_findings(epa: dict[str, Any], around: Surroundings, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the scale and the levels per stage."""
    scale = epa["scale"]
    yield from scale_findings(scale, around.known, (*path, "scale"))
    ranks = around.known.scales.get((scale["id"], scale["version"])) if scale else None
    if scale is None or ranks is not None:
        yield from required_level_findings(epa["required_levels"], around.stages, ranks, (*path, "required_levels"))
