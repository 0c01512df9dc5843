"""Framework packages: competencies that somebody else wrote down, taken whole, with every identifier and unknown field.

The names inside a node are those of 1EdTech CASE 1.1 (https://www.imsglobal.org/spec/case/v1p1), which has a word for
most of what frameworks hold; what it has no word for stands under `extensions` or where its maker put it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("5b0c9d5e-7a55-5d0c-9f0e-2f6a3b1c8d47")
"""The one namespace of the identifiers that we make; it never changes, so they are the same for ever."""

CHILD_OF = "isChildOf"


class NodeKind(StrEnum):
    """What a node of a package is."""

    ITEM = "item"
    ASSOCIATION = "association"
    CONCEPT = "concept"
    SUBJECT = "subject"
    LICENCE = "licence"
    ITEM_TYPE = "item_type"
    GROUPING = "grouping"
    RUBRIC = "rubric"


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of a package; `data` is everything that was said of it, unknown fields included."""

    kind: NodeKind
    identifier: str
    data: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What people call it: its statement, title or the kind of association; else its identifier."""
        for name in ("fullStatement", "title", "associationType"):
            if isinstance(text := self.data.get(name), str) and text.strip():
                return text
        return self.identifier

    def text(self, name: str) -> str | None:
        """Return a field that holds text with something in it, else None."""
        value = self.data.get(name)
        return value if isinstance(value, str) and value.strip() else None


@dataclass(frozen=True, slots=True)
class Package:
    """A document with its nodes in the order of their source; `rest` is what stood beside them."""

    document: Mapping[str, Any]
    nodes: Sequence[Node]
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """The identifier of its document, which is that of the package too."""
        return str(self.document["identifier"])

    @property
    def title(self) -> str:
        """What people call it."""
        title = self.document.get("title")
        return title if isinstance(title, str) and title.strip() else self.identifier

    def of(self, kind: NodeKind) -> Iterator[Node]:
        """Yield the nodes of a kind, in order."""
        return (node for node in self.nodes if node.kind is kind)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in the tree: under which item (None: at the top), how deep, and with how many below it."""

    identifier: str
    parent: str | None
    depth: int
    children: int


def stable_identifier(*parts: str) -> str:
    """Return the identifier of what these words name: a UUID of version 5, the same for ever."""
    return str(uuid5(NAMESPACE, "\x1f".join(parts)))


def places_of(package: Package) -> list[Place]:
    """Return the place of every item, each followed by what is under it.

    The parent is the first item that it says to be a child of; children come in the order of their sequence numbers.
    An item without a parent in the package stands at the top, and so does the first item of a circle.
    """
    items = [node.identifier for node in package.of(NodeKind.ITEM)]
    parents, order = _said_parents(package, set(items))
    roots = _without_circles(items, parents)
    below: dict[str | None, list[str]] = {}
    for item in sorted(items, key=lambda one: order.get(one, (1, 0))):
        below.setdefault(None if item in roots else parents[item], []).append(item)
    return list(_walk(below))


def _said_parents(package: Package, items: set[str]) -> tuple[dict[str, str], dict[str, tuple[int, float]]]:
    """Return the parent of each item that names one among the items, and where its siblings put it."""
    parents: dict[str, str] = {}
    order: dict[str, tuple[int, float]] = {}
    for node in package.of(NodeKind.ASSOCIATION):
        if node.data.get("associationType") != CHILD_OF:
            continue
        child, parent = end_of(node, "originNodeURI"), end_of(node, "destinationNodeURI")
        if child not in items or child in order:
            continue
        order[child] = _place_among(node.data.get("sequenceNumber"))
        if parent in items and parent != child:
            parents[child] = parent
    return parents, order


def end_of(association: Node, name: str) -> str:
    """Return the identifier at one end of an association: `originNodeURI` or `destinationNodeURI`; "" where none is."""
    end = association.data.get(name)
    identifier = end.get("identifier") if isinstance(end, Mapping) else None
    return identifier if isinstance(identifier, str) else ""


def _place_among(number: object) -> tuple[int, float]:
    """Return what siblings are sorted by: their number, and without one after those that have it."""
    return (0, number) if isinstance(number, int | float) else (1, 0)


def _without_circles(items: Sequence[str], parents: Mapping[str, str]) -> set[str]:
    """Return the items at the top: those without a parent and, of each circle, the first in the order of the items."""
    roots = {item for item in items if item not in parents}
    settled = set(roots)
    position = {item: number for number, item in enumerate(items)}
    for item in items:
        way: dict[str, None] = {}
        here = item
        while here not in settled and here not in way:
            way[here] = None
            here = parents[here]
        if here not in settled:
            circle = list(way)[list(way).index(here) :]
            roots.add(min(circle, key=position.__getitem__))
        settled.update(way)
    return roots


def _walk(below: Mapping[str | None, Sequence[str]]) -> Iterator[Place]:
    """Yield the places depth first; a stack of our own, because a foreign tree may be deeper than Python calls."""
    stack: list[tuple[str, str | None, int]] = [(item, None, 0) for item in reversed(below.get(None, ()))]
    while stack:
        item, parent, depth = stack.pop()
        children = below.get(item, ())
        yield Place(item, parent, depth, len(children))
        stack += [(child, item, depth + 1) for child in reversed(children)]
