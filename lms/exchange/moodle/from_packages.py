"""Any package as rows for Moodle: those that it came with, or else rows made of what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from competencies.packages import Node, NodeKind, Package, end_of, places_of
from lms.exchange.moodle.csv_text import written
from lms.exchange.moodle.html import html_of
from lms.exchange.moodle.packages import NAME, RELATED_TO
from lms.exchange.moodle.rows import LONGEST_NAME, TAXONOMY, TITLES, Row, name_of
from lms.exchange.moodle.scales import COMPETENT

RELATED = frozenset({RELATED_TO, "isPeerOf", "exactMatchOf", "isPartOf", "precedes", "exemplar"})


def moodle_of(package: Package) -> bytes:
    """Return the file of a package for Moodle."""
    return written((TITLES, *rows_of(package))).encode()


def rows_of(package: Package) -> list[Row]:
    """Return the row of the framework and those of its competencies."""
    nodes = {node.identifier: node for node in package.of(NodeKind.ITEM)}
    top = _kept(package.document)
    places = {place.identifier: place for place in places_of(package)}
    surroundings = _Surroundings(_numbers(nodes), _relations(package))
    order = nodes if top else places
    rows = [_kept(nodes[one].data) or surroundings.row(nodes[one], places[one].parent) for one in order]
    return [top or _top(package), *rows]


def _kept(data: Mapping[str, object]) -> Row | None:
    """Return the row that was kept when the package came from Moodle, if it did."""
    extensions = data.get("extensions")
    row = extensions.get(NAME) if isinstance(extensions, Mapping) else None
    if not isinstance(row, Mapping) or not row.keys() <= set(Row._fields):
        return None
    return Row(**dict.fromkeys(Row._fields, "") | {name: str(text) for name, text in row.items()})


def _top(package: Package) -> Row:
    description = package.document.get("description")
    return Row(
        parent="",
        idnumber=package.identifier,
        short_name=name_of(package.title),
        description=html_of(description) if isinstance(description, str) else "",
        scale_values=COMPETENT.values,
        scale_configuration=COMPETENT.configuration,
        is_framework="1",
        taxonomy=TAXONOMY,
    )


def _numbers(nodes: Mapping[str, Node]) -> dict[str, str]:
    """Return an ID number for each item: its code where no other has it and Moodle keeps it, else its identifier."""
    codes = {key: (node.text("humanCodingScheme") or "").strip() for key, node in nodes.items()}
    count = Counter(codes.values())
    return {
        key: code if code and count[code] == 1 and len(code) <= LONGEST_NAME else key for key, code in codes.items()
    }


def _relations(package: Package) -> dict[str, list[str]]:
    relations: dict[str, list[str]] = {}
    for node in package.of(NodeKind.ASSOCIATION):
        if node.data.get("associationType") in RELATED:
            relations.setdefault(end_of(node, "originNodeURI"), []).append(end_of(node, "destinationNodeURI"))
    return relations


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a row says of other rows."""

    numbers: Mapping[str, str]
    relations: Mapping[str, list[str]]

    def row(self, node: Node, parent: str | None) -> Row:
        """Return the row of an item below that one."""
        title = node.text("abbreviatedStatement") or node.title
        return Row(
            parent=self.numbers[parent] if parent else "",
            idnumber=self.numbers[node.identifier],
            short_name=name_of(title),
            description=html_of("\n".join(_texts(node, title))),
            related=",".join(self._related(node.identifier)),
        )

    def _related(self, identifier: str) -> Iterator[str]:
        for other in dict.fromkeys(self.relations.get(identifier, ())):
            if other in self.numbers:
                yield self.numbers[other].replace(",", "%2C")


def _texts(node: Node, title: str) -> Iterator[str]:
    """Yield what an item says beyond its name."""
    for name in ("fullStatement", "notes"):
        text = node.text(name)
        if text and (text != title or len(text) > LONGEST_NAME):
            yield text
