"""What Moodle would stumble over in a framework, or leave out without a word: each at its line and column."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.core.words import _
from lms.exchange.moodle.rows import LONGEST_NAME, TITLES, Row
from lms.exchange.moodle.scales import scale_fault

Found = tuple[int, str, str]
"""The line, the column and what is wrong there."""

FORMATS = frozenset({"", "0", "1", "2", "4"})
"""Moodle's formats of a text: its own, HTML, plain, Markdown."""

OUTCOMES = frozenset({"", "0", "1", "2", "3"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the line on which it stands."""

    number: int
    row: Row

    def found(self, column: str, message: str) -> Found:
        """Return what was found in a column of this row."""
        return self.number, getattr(TITLES, column), message


def problems_of(lines: Sequence[Line]) -> Iterator[Found]:
    """Yield what keeps the rows from being a framework."""
    yield from _tops(lines)
    parts = {line.row.idnumber: line for line in reversed(lines) if not line.row.stands_for_framework}
    circles = _circles({number: line.row.parent for number, line in parts.items()})
    for line in lines:
        yield from _cells(line)
        if not line.row.stands_for_framework:
            yield from _place(line, parts, circles)


def _tops(lines: Sequence[Line]) -> Iterator[Found]:
    tops = [line for line in lines if line.row.stands_for_framework]
    if not tops:
        yield 1, TITLES.is_framework, _("No row of this file stands for the framework itself.")
    for line in tops[1:]:
        yield line.found("is_framework", _("A file holds one framework, and this is a second one."))
    for line in tops[:1]:
        if not line.row.scale_values:
            yield line.found("scale_values", _("A framework needs a scale."))


def _cells(line: Line) -> Iterator[Found]:
    """Yield what is wrong with a row by itself."""
    row = line.row
    for column in ("idnumber", "short_name"):
        if not getattr(row, column).strip():
            yield line.found(column, _("This may not be empty."))
    if row.description_format not in FORMATS:
        yield line.found("description_format", _("This must be 0, 1, 2 or 4."))
    if row.rule_outcome not in OUTCOMES:
        yield line.found("rule_outcome", _("This must be 0, 1, 2 or 3."))
    if (row.scale_values or row.scale_configuration) and (fault := scale_fault(row)):
        yield line.found("scale_configuration", fault)


def _place(line: Line, parts: Mapping[str, Line], circles: Container[str]) -> Iterator[Found]:
    """Yield what is wrong with the place of a competency among the others."""
    row = line.row
    if parts[row.idnumber] is not line:
        yield line.found("idnumber", _("%(key)s is in this list twice.", key=row.idnumber))
    elif row.parent and row.parent not in parts:
        yield line.found("parent", _("There is no competency %(key)s in this file.", key=row.parent))
    elif row.idnumber in circles:
        yield line.found("parent", _("This competency stands below itself."))


def _circles(parents: Mapping[str, str]) -> set[str]:
    """Return everything whose way up comes back to itself."""
    settled, circles = set[str](), set[str]()
    for start in parents:
        way: dict[str, None] = {}
        here = start
        while here in parents and here not in settled and here not in way:
            way[here] = None
            here = parents[here]
        if here in way:
            circles |= set(list(way)[list(way).index(here) :])
        settled.update(way)
    return circles


def remarks_on(lines: Sequence[Line]) -> Iterator[Found]:
    """Yield what Moodle takes, but not as it stands there."""
    known = {line.row.idnumber for line in lines}
    for line in lines:
        for column in ("idnumber", "short_name"):
            if len(getattr(line.row, column)) > LONGEST_NAME:
                yield line.found(column, _("Moodle keeps no more than %(most)s characters of this.", most=LONGEST_NAME))
        for number in line.row.related_numbers:
            if number not in known:
                yield line.found("related", _("There is no competency %(key)s in this file.", key=number))
