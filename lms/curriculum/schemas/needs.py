"""What a programme file uses of other programmes, and what it offers to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lms.curriculum.schemas.requirement_checks import observed_entries


def offers_of(data: dict[str, Any]) -> set[tuple[str, ...]]:
    """Return the EPAs, forms and frameworks that a programme file defines."""
    programme = data["programme"]["key"]
    offered: set[tuple[str, ...]] = {("epa", programme, epa["key"]) for epa in data["epas"]}
    offered |= {("form", form["key"]) for form in data["forms"]}
    return offered | {("framework", framework["id"]) for framework in data["frameworks"]}


def needs_of(data: dict[str, Any]) -> set[tuple[str, ...]]:
    """Return the EPAs, forms and frameworks that a programme file refers to, its own among them."""
    needed: set[tuple[str, ...]] = {("epa", one["programme"], one["epa"]) for one in data["epa_refs"]}
    for epa in data["epas"]:
        needed |= {("form", one["form"]) for one in observed_entries(epa["evidence"]) if one["form"]}
        needed |= {("framework", framework) for framework in epa["competencies"]}
        needed |= {("epa", one["programme"], one["epa"]) for one in _belonging(epa) if "programme" in one}
    for entries in _of_the_whole(data):
        needed |= {("form", one["form"]) for one in observed_entries(entries) if one["form"]}
    for line in data["crosswalk"]:
        needed |= {("framework", framework) for framework in (line["from_framework"], *line["to"])}
    if data["cohort"]:
        needed.add(("form", data["cohort"]["msf_rounds"]["form"]))
    return needed


def _of_the_whole(data: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Yield the requirements of the stages and of the completion."""
    yield from (stage.get("requirements", []) for stage in data["stages"])
    yield from ([rule["requirement"]] for rule in data["completion"] if "requirement" in rule)


def _belonging(epa: dict[str, Any]) -> list[dict[str, str]]:
    """Return the EPAs that options of this one belong to instead."""
    rules = [rule for group in epa["scope"] for rule in group["rules"]]
    return [rule["then_belongs_to"] for rule in rules if "then_belongs_to" in rule]
