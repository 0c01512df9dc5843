"""Items and associations as pages show them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.exchange.case.names import place_of
from lms.exchange.models import PackageAssociation, PackageItem

LONGEST_VALUE = 20_000
LONGEST_FACT = 120
SHOWN_APART = frozenset({"fullStatement"})


@dataclass(slots=True)
class Branch:
    """An item with the branches under it."""

    item: PackageItem
    branches: list[Branch] = field(default_factory=list)


def branches_of(items: Sequence[PackageItem]) -> list[Branch]:
    """Return the tree of items that come depth first, each followed by those under it."""
    top: list[Branch] = []
    way: list[Branch] = []
    for item in items:
        branch = Branch(item)
        del way[item.depth :]
        (way[-1].branches if way else top).append(branch)
        way.append(branch)
    return top


@dataclass(frozen=True, slots=True)
class Relation:
    """An association as one of its ends sees it: what stands at the other end, and whether it begins here."""

    title: str
    type: str
    begins_here: bool


def relations_of(item: PackageItem, associations: Sequence[PackageAssociation]) -> Iterator[Relation]:
    """Yield the associations of an item as it sees them."""
    for one in associations:
        begins_here = one.origin == item.identifier
        end = one.data.get("destinationNodeURI" if begins_here else "originNodeURI")
        yield Relation(in_words(end) or (one.destination if begins_here else one.origin), one.type, begins_here)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a rubric as its maker words it; `remark` is what is said to somebody who stands there."""

    quality: str
    description: str
    remark: str


def levels_of(criteria: Sequence[Mapping[str, Any]]) -> list[Level]:
    """Return the levels of criteria, in their order; what is no level is left out."""
    return [
        Level(in_words(level.get("quality")), in_words(level.get("description")), in_words(level.get("feedback")))
        for criterion in criteria
        if isinstance(levels := criterion.get("CFRubricCriterionLevels"), list)
        for level in levels
        if isinstance(level, Mapping)
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """What the maker of a node says of it: short facts, and longer texts with their names."""

    facts: list[tuple[str, str]]
    texts: list[tuple[str, str]]


def said_of(data: Mapping[str, Any]) -> Said:
    """Return every field of a node with its value in words, in our order, but what a page shows apart."""
    fields = [(key, in_words(data[key])) for key in sorted(data, key=place_of) if key not in SHOWN_APART]
    is_short = {key: len(text) <= LONGEST_FACT and "\n" not in text for key, text in fields}
    return Said([one for one in fields if is_short[one[0]]], [one for one in fields if not is_short[one[0]]])


def in_words(value: Any) -> str:
    """Return a value of a package as people read it: text as it is, a link by its title, anything else as JSON."""
    if isinstance(value, str):
        return value[:LONGEST_VALUE]
    if isinstance(value, Mapping) and isinstance(value.get("title"), str) and "uri" in value:
        return str(value["title"]) or in_words(value["uri"])
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)[:LONGEST_VALUE]
    if value is None:
        return ""
    line = json.dumps(value, ensure_ascii=False)
    return line if len(line) <= LONGEST_FACT else json.dumps(value, ensure_ascii=False, indent=2)[:LONGEST_VALUE]
