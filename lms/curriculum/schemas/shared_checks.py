"""What the shared files must hold together: levels that ascend, parents and scales that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

from competencies.curricula import EPA_SCALE, ResultKind
from competencies.instruments import ItemKind
from lms.core.words import _
from lms.curriculum.schemas.general import general_findings
from lms.curriculum.schemas.known import Finding, Missing, keys_of, unless_known
from lms.curriculum.schemas.problems import Path


def scales_findings(data: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the file of scales."""
    yield from general_findings(data)
    for number, scale in enumerate(data["scales"]):
        yield from _scale_findings(scale, data["scales"], ("scales", number))


def _scale_findings(scale: dict[str, Any], scales: list[dict[str, Any]], path: Path) -> Iterator[Finding]:
    levels = scale["levels"]
    for number, (lower, higher) in enumerate(pairwise(levels), start=1):
        if lower["rank"] >= higher["rank"]:
            yield (*path, "levels", number, "rank"), _("The levels must stand in the order of their ranks.")
    yield from unless_known(Missing.LEVEL, scale["entrusted_from"], keys_of(levels, "code"), (*path, "entrusted_from"))
    yield from _entrusted_findings(scale, path)
    yield from _parent_findings(scale, scales, path)


def _entrusted_findings(scale: dict[str, Any], path: Path) -> Iterator[Finding]:
    """Yield the levels that say something else of being entrusted than the scale does."""
    reached = False
    for number, level in enumerate(scale["levels"]):
        reached = reached or level["code"] == scale["entrusted_from"]
        if level["entrusted"] is not reached:
            yield (
                (*path, "levels", number, "entrusted"),
                _("This must be true from the level of entrusted_from on, and false below it."),
            )


def _parent_findings(scale: dict[str, Any], scales: list[dict[str, Any]], path: Path) -> Iterator[Finding]:
    parents = [other for other in scales if other["id"] == scale["parent_scale"] and other is not scale]
    yield from unless_known(Missing.SCALE, scale["parent_scale"], keys_of(parents, "id"), (*path, "parent_scale"))
    codes = {level["code"] for parent in parents for level in parent["levels"]}
    for number, level in enumerate(scale["levels"]):
        yield from unless_known(Missing.LEVEL, level["parent"], codes, (*path, "levels", number, "parent"))


def vocabulary_findings(data: dict[str, Any], scales: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with the vocabulary, given the keys of the scales."""
    yield from general_findings(data)
    for number, instrument in enumerate(data["instruments"]):
        path: Path = ("instruments", number, "scale")
        yield from unless_known(Missing.SCALE, instrument["scale"], {*scales, EPA_SCALE}, path)
        if (instrument["result"] == ResultKind.LEVEL) != (instrument["scale"] is not None):
            yield path, _("An instrument has a scale when its result is a level, and only then.")
        yield from _form_findings(instrument, ("instruments", number, "forms"))


def _form_findings(instrument: dict[str, Any], path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the forms of an instrument: versions that skip, turn round, or ask for no steps."""
    forms = instrument.get("forms", [])
    for number, form in enumerate(forms):
        if form["version"] != number + 1:
            yield (*path, number, "version"), _("Versions are numbered from 1 up, without a gap.")
        if form["direction"] != forms[0]["direction"]:
            yield (*path, number, "direction"), _("An instrument looks back or ahead, in all its versions the same.")
        for place, item in enumerate(form["items"]):
            if (item["kind"] == ItemKind.RUBRIC) != ("steps" in item):
                yield (*path, number, "items", place), _("A rubric names its steps, and only a rubric does.")
            if item["kind"] == ItemKind.LEVEL and instrument["scale"] is None:
                yield (*path, number, "items", place, "kind"), _("This instrument has no scale to choose a level from.")
