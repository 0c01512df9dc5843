"""A framework from Moodle as a package, in the names of CASE.

Every row is kept whole under `extensions.moodle`, so that it can go back to Moodle letter for letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competencies.packages import CHILD_OF, Node, NodeKind, Package, stable_identifier
from lms.exchange.moodle.html import text_of
from lms.exchange.moodle.reading import Framework
from lms.exchange.moodle.rows import Row
from lms.exchange.moodle.scales import scale_of

UNDATED = "1970-01-01T00:00:00+00:00"
"""Moodle's file has no dates and CASE asks for them; a fixed one keeps a second import equal to the first."""

NAME = "moodle"
RELATED_TO = "isRelatedTo"

Data = dict[str, Any]


def package_of(framework: Framework) -> Package:
    """Return the package that a framework stands for."""
    top = framework.top.idnumber
    document = _named(top) | {
        "creator": "Moodle",
        "title": framework.top.short_name,
        **_noted("description", framework.top),
        "extensions": {NAME: _kept(framework.top)},
    }
    items = [_item(row, top) for row in framework.competencies]
    links = [*_children(framework), *_related(framework)]
    return Package(document, (*items, *links, *_rubrics(framework)))


def _named(*parts: str) -> Data:
    identifier = stable_identifier(NAME, *parts)
    return {"identifier": identifier, "uri": f"urn:uuid:{identifier}", "lastChangeDateTime": UNDATED}


def _kept(row: Row) -> Data:
    return {name: text for name, text in row._asdict().items() if text}


def _noted(name: str, row: Row) -> Data:
    text = text_of(row.description, row.description_format)
    return {name: text} if text else {}


def _item(row: Row, top: str) -> Node:
    data = _named(top, row.idnumber) | {
        "fullStatement": row.short_name,
        "humanCodingScheme": row.idnumber,
        **_noted("notes", row),
        "extensions": {NAME: _kept(row)},
    }
    return Node(NodeKind.ITEM, data["identifier"], data)


def _children(framework: Framework) -> Iterator[Node]:
    """Yield where each competency stands: below its parent or at the top, in the order of the file."""
    top = framework.top
    titles = {row.idnumber: row.short_name for row in framework.competencies}
    for number, row in enumerate(framework.competencies, start=1):
        above = _end(titles[row.parent], top.idnumber, row.parent) if row.parent else _end(top.short_name, top.idnumber)
        below = _end(row.short_name, top.idnumber, row.idnumber)
        yield _link(CHILD_OF, below, above, sequenceNumber=number)


def _related(framework: Framework) -> Iterator[Node]:
    top = framework.top.idnumber
    titles = {row.idnumber: row.short_name for row in framework.competencies}
    for row in framework.competencies:
        for number in dict.fromkeys(row.related_numbers):
            if number in titles:
                ends = _end(row.short_name, top, row.idnumber), _end(titles[number], top, number)
                yield _link(RELATED_TO, *ends)


def _end(title: str, *parts: str) -> Data:
    named = _named(*parts)
    return {"title": title, "identifier": named["identifier"], "uri": named["uri"]}


def _link(kind: str, origin: Data, destination: Data, **more: int) -> Node:
    data = _named(kind, origin["identifier"], destination["identifier"]) | {
        "associationType": kind,
        "originNodeURI": origin,
        "destinationNodeURI": destination,
        **more,
    }
    return Node(NodeKind.ASSOCIATION, data["identifier"], data)


def _rubrics(framework: Framework) -> Iterator[Node]:
    """Yield each scale once: its values are the levels of a rubric with one criterion."""
    rows = (framework.top, *framework.competencies)
    for values in dict.fromkeys(row.scale_values for row in rows if row.scale_values):
        row = next(one for one in rows if one.scale_values == values)
        yield _rubric(row, framework.top.idnumber)


def _rubric(row: Row, top: str) -> Node:
    levels = [
        _named(top, "scale", row.scale_values, str(number)) | {"quality": name, "position": number}
        for number, name in enumerate(scale_of(row).names, start=1)
    ]
    criterion = _named(top, "scale", row.scale_values, "") | {"position": 1, "CFRubricCriterionLevels": levels}
    data = _named(top, "scale", row.scale_values) | {"title": row.short_name, "CFRubricCriteria": [criterion]}
    return Node(NodeKind.RUBRIC, data["identifier"], data)
