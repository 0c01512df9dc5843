"""The fields of a part under their headings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lms.authoring.editing.choices import Around
from lms.authoring.editing.labels import GROUPS, ORIGIN
from lms.authoring.editing.makers import Builder
from lms.authoring.editing.nodes import Group, Node, Problems
from lms.authoring.shapes import Kind, Shape
from lms.core.words import _


def groups_of(shape: Shape, value: Any, around: Around, problems: Problems) -> list[Group]:
    """Return the fields of a part under their headings, in the order in which somebody writes them."""
    builder = Builder(around, problems)
    if shape.kind is not Kind.BLOCK:
        return [Group("", [builder.node(shape, value, (), ())])]
    nodes = {node.name: node for node in builder.block(shape, value, (), ())}
    return list(_grouped(shape.schema.__name__, nodes))


def _grouped(schema: str, nodes: dict[str, Node]) -> Iterator[Group]:
    """Yield the groups of a block by its table, what the table does not name in one without a heading behind them."""
    for inner in [node for node in nodes.values() if node.name == "description"]:
        nodes |= {child.name: child for child in inner.children}
        del nodes[inner.name]
    named = {name for _heading, names in GROUPS.get(schema, ()) for name in names}
    for heading, names in GROUPS.get(schema, ()):
        found = [nodes[name] for name in names if name in nodes]
        if found:
            found[0].is_heading = len(found) == 1 and bool(found[0].children)
            yield Group(str(heading), found)
    rest = [node for name, node in nodes.items() if name not in named and name not in ORIGIN]
    if rest:
        yield Group("", rest)
    origin = [nodes[name] for name in nodes if name in ORIGIN]
    if origin:
        yield Group(_("Where this comes from"), origin, quiet=True)
