"""What an import would change: one line for each thing of a package, or for each part of a programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from competencies.packages import CHILD_OF, Node, NodeKind, Package
from lms.exchange.models import Change, ImportKind

DOCUMENT = "document"
Things = Mapping[tuple[str, str], tuple[str, Any]]
"""The title and the data of each thing by its kind and key."""


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one thing; `fields` names what changes in it."""

    change: Change
    kind: str
    key: str
    title: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds beside what is stored: the lines to show, and what it was compared with."""

    kind: ImportKind
    title: str
    target_key: str
    base_hash: bytes
    lines: tuple[Line, ...]


def changes_between(before: Things, after: Things) -> Iterator[Line]:
    """Yield a line for every thing: those of the file in its order, then what it does not hold any more."""
    for (kind, key), (title, data) in after.items():
        if (kind, key) not in before:
            yield Line(Change.NEW, kind, key, title)
        elif (fields := _changed_fields(before[kind, key][1], data)) or before[kind, key][1] != data:
            yield Line(Change.CHANGED, kind, key, title, tuple(fields))
        else:
            yield Line(Change.UNCHANGED, kind, key, title)
    for (kind, key), (title, _data) in before.items():
        if (kind, key) not in after:
            yield Line(Change.REMOVED, kind, key, title)


def _changed_fields(before: Any, after: Any) -> list[str]:
    """Return the names of the fields that differ; none where these are no objects."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return []
    names = dict.fromkeys([*after, *before])
    return [name for name in names if before.get(name) != after.get(name) or (name in before) != (name in after)]


def things_of_package(package: Package | None) -> Things:
    """Return the document, the nodes and what stands beside them, by kind and identifier."""
    if package is None:
        return {}
    things: dict[tuple[str, str], tuple[str, Any]] = {
        (DOCUMENT, package.identifier): (package.title, {"document": package.document, "beside": package.rest})
    }
    things |= {(node.kind.value, node.identifier): (_title_of(node), node.data) for node in package.nodes}
    if things[DOCUMENT, package.identifier][1]["beside"] == {}:
        things[DOCUMENT, package.identifier] = (package.title, package.document)
    return things


def _title_of(node: Node) -> str:
    """Return what people call a node, in one short line; an association by what stands at its ends."""
    ends = [_end_title(node, name) for name in ("originNodeURI", "destinationNodeURI")]
    if node.kind is NodeKind.ASSOCIATION and all(ends):
        kind = "" if node.title == CHILD_OF else f" ({_short(node.title, 30)})"
        return f"{_short(ends[0], 80)} → {_short(ends[1], 80)}{kind}"
    return _short(node.title, 200)


def _end_title(node: Node, name: str) -> str:
    end = node.data.get(name)
    title = end.get("title") if isinstance(end, Mapping) else None
    return title if isinstance(title, str) else ""


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def things_of_programme(data: Mapping[str, Any] | None) -> Things:
    """Return the parts of a programme by the list they stand in and their key; what has no key is one part."""
    things: dict[tuple[str, str], tuple[str, Any]] = {}
    for name, value in (data or {}).items():
        if isinstance(value, list) and value and all(_key_of(one) for one in value):
            things |= {(name, _key_of(one)): (_words_of(one), one) for one in value}
        elif value not in (None, [], {}):
            things[name, ""] = (_words_of(value), value)
    return things


def things_of_shared(data: Mapping[str, Any]) -> Things:
    """Return the scales of a file by key and version, or the words of a vocabulary by kind and key."""
    things: dict[tuple[str, str], tuple[str, Any]] = {}
    for name, value in data.items():
        for one in value if isinstance(value, list) else ():
            version = f" {one['version']}" if "version" in one else ""
            things[name, f"{_key_of(one)}{version}"] = (f"{_words_of(one)}{version}", one)
        if not isinstance(value, list) and name != "schema":
            things[name, ""] = (_words_of(value), value)
    return things


def _key_of(block: Any) -> str:
    """Return what identifies a block among its like: its key, or what it refers to; "" where nothing does."""
    if not isinstance(block, Mapping):
        return ""
    for names in (("key",), ("id",), ("programme", "epa"), ("from_framework", "from_domain")):
        if all(isinstance(block.get(name), str) for name in names):
            return " ".join(block[name] for name in names)
    return ""


def _words_of(block: Any) -> str:
    """Return the title of a block in Dutch, the language that every title has, else in any; "" where it has none."""
    title = block.get("title") if isinstance(block, Mapping) else None
    if not isinstance(title, Mapping):
        return ""
    return str(title.get("nl") or next(iter(title.values()), ""))


ITEM_KINDS = frozenset(kind.value for kind in NodeKind) | {DOCUMENT}
"""The kinds of the lines of a package."""
