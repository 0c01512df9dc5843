"""How each kind of field is made of its shape and its value: the control, what can be chosen, and the fields inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.authoring.editing.choices import Around, Chain, Option, options_for
from lms.authoring.editing.entries import entry_fields, is_entry, is_staged
from lms.authoring.editing.labels import LANGUAGE_NAMES, ORIGIN, field_hint, field_label, row_name
from lms.authoring.editing.nodes import Node, Problems, name_of
from lms.authoring.shapes import Kind, Shape
from lms.core.words import LANGUAGES, _, in_language
from lms.curriculum.schemas.problems import Path

LONG = frozenset({"note", "licence_note"})
"""The plain texts that get room to write."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes the fields of one part."""

    around: Around
    problems: Problems

    def node(self, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
        """Return the field of a shape with this value; `chain` are the blocks around it."""
        made = _MAKERS[_control(shape)](self, shape, value, path, chain)
        made.problems = self.problems_at(path, deeply=not made.children)
        return made

    def problems_at(self, path: Path, *, deeply: bool) -> list[str]:
        """Return what is wrong at a path, and for a field that shows all of its value at once also below it."""
        return [
            message
            for place, messages in self.problems.items()
            if place == path or (deeply and place[: len(path)] == path)
            for message in messages
        ]

    def fields(self, shapes: Sequence[Shape], value: Any, path: Path, chain: Chain) -> list[Node]:
        """Return the fields of a block."""
        held = value if isinstance(value, dict) else {}
        return [self.node(one, held.get(one.name), (*path, one.name), (*chain, held)) for one in shapes]

    def block(self, shape: Shape, value: Any, path: Path, chain: Chain) -> list[Node]:
        """Return the fields inside a block, what only says where it comes from behind the others."""
        shapes = entry_fields(value) if is_entry(shape) else shape.fields
        if is_entry(shape) and not is_staged(path):
            shapes = tuple(one for one in shapes if one.name != "stage")
        nodes = self.fields(shapes, value, path, chain)
        quiet = [node for node in nodes if node.name.rpartition(".")[2] in ORIGIN]
        plain = [node for node in nodes if node not in quiet]
        return [*plain, *([self._origin(quiet, path)] if quiet and path else quiet)]

    @staticmethod
    def _origin(nodes: list[Node], path: Path) -> Node:
        return Node("fold", name_of((*path, "origin")), _("Where this comes from"), children=nodes)


HIDDEN = frozenset({"key", "id", "order", "order_known"})


def _control(shape: Shape) -> str:
    """Return which maker builds the field of a shape."""
    if shape.name in HIDDEN or shape.kind is Kind.FIXED or (shape.block, shape.name) == ("ModuleBlock", "days"):
        return "hidden"
    if shape.kind is Kind.BLOCK and not is_entry(shape):
        return "scale" if shape.schema.__name__ == "ScaleReference" else "block"
    if shape.kind is Kind.MANY:
        return _list_control(shape)
    if shape.kind is Kind.MAP:
        return "groups" if shape.inner.kind is Kind.MANY and shape.name in {"competencies", "to"} else "pairs"
    return "entry" if is_entry(shape) else str(shape.kind)


def _list_control(shape: Shape) -> str:
    inner = shape.inner
    if is_entry(inner):
        return "rows"
    if inner.kind is Kind.BLOCK:
        return "levels" if inner.schema.__name__ == "RequiredLevelBlock" else "rows"
    return "several"


def _plain(builder: Builder, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
    """Return a line, an area, a number or a list to choose one from."""
    options = options_for(shape, builder.around, chain)
    if options is not None:
        control, options = "select", _with(options, [value] if value else [])
    elif shape.kind in {Kind.WHOLE, Kind.DECIMAL}:
        control = "number"
    else:
        control = "area" if shape.name in LONG else "line"
    return _node(control, shape, path, value="" if value is None else value, options=options or ())


def _node(control: str, shape: Shape, path: Path, **more: Any) -> Node:
    return Node(
        control,
        name_of(path),
        field_label(shape.block, shape.name),
        field_hint(shape.block, shape.name),
        optional=shape.may_lack,
        **more,
    )


def _with(options: Sequence[Option], values: Sequence[Any]) -> list[Option]:
    """Return the options, and after them what was chosen but is not there any more."""
    known = {option.value for option in options}
    return [
        *options,
        *(Option(str(one), _("%(key)s (not there any more)", key=one)) for one in values if one not in known),
    ]


def _hidden(_builder: Builder, _shape: Shape, value: Any, path: Path, _chain: Chain) -> Node:
    return Node("hidden", name_of(path), value=_sent_back(value))


def _sent_back(value: Any) -> Any:
    """Return a value as a hidden field carries it: nothing for false as for nothing at all."""
    return "1" if value is True else "" if value is None or value is False else value


def _flag(_builder: Builder, shape: Shape, value: Any, path: Path, _chain: Chain) -> Node:
    if not shape.nullable:
        return _node("tick", shape, path, value=bool(value))
    known = [Option("yes", _("Yes")), Option("no", _("No"))]
    return _node("select", shape, path, value={True: "yes", False: "no"}.get(value, ""), options=known)


def _words(_builder: Builder, shape: Shape, value: Any, path: Path, _chain: Chain) -> Node:
    """Return a text in both languages, side by side."""
    held = value if isinstance(value, dict) else {}
    needed = getattr(shape.field, "needed", LANGUAGES)
    control = "line" if needed == LANGUAGES and shape.name != "text" else "area"
    children = [
        Node(
            control,
            name_of((*path, language)),
            LANGUAGE_NAMES[language],
            value=held.get(language, ""),
            lang=language,
            optional=language not in needed,
        )
        for language in LANGUAGES
    ]
    return _both(_node("words", shape, path), children, _builder, path)


def _texts(builder: Builder, shape: Shape, value: Any, path: Path, _chain: Chain) -> Node:
    """Return a list of texts in both languages, one on each line."""
    held = value if isinstance(value, dict) else {}
    children = [
        Node(
            "area",
            name_of((*path, language)),
            LANGUAGE_NAMES[language],
            value="\n".join(held.get(language) or ()),
            lang=language,
            optional=language != "nl",
        )
        for language in LANGUAGES
    ]
    node = _both(_node("words", shape, path), children, builder, path)
    node.hint = node.hint or _("One on each line.")
    return node


def _both(node: Node, children: list[Node], builder: Builder, path: Path) -> Node:
    for child in children:
        child.problems = builder.problems_at((*path, child.lang), deeply=True)
    node.children = children
    return node


def _block(builder: Builder, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
    """Return a block; one that may be left out has a button to put it there or take it away."""
    if value is None and shape.may_lack:
        return _node("absent", shape, path)
    node = _node("present" if shape.may_lack else "block", shape, path)
    node.children = builder.block(shape, value, path, chain)
    return node


def _rows(builder: Builder, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
    """Return a list of blocks with buttons to add, move and take away."""
    node = _node("rows", shape, path, of_entries=is_entry(shape.inner))
    for number, one in enumerate(value or ()):
        row = builder.node(shape.inner, one, (*path, number), chain)
        row.control = "entry" if is_entry(shape.inner) else "row"
        row.hint = ""
        row.summary = row_name(shape, one, number, builder.around)
        row.label = row.summary
        node.children.append(row)
    return node


def _entry(builder: Builder, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
    """Return a requirement; one that may be left out has a button to put it there, of a kind, or take it away."""
    if value is None and shape.may_lack:
        return _node("absent", shape, path, of_entries=True)
    node = _node("present" if shape.may_lack else "entry", shape, path)
    node.children = builder.block(shape, value or {}, path, chain)
    return node


def _several(builder: Builder, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
    """Return boxes to tick where the choices are known, else one line for each."""
    options = options_for(shape, builder.around, chain)
    if options is None and shape.inner.kind is Kind.CHOICE:
        options = options_for(shape.inner, builder.around, chain)
    held = [str(one) for one in value or ()]
    if options is None:
        return _node("lines", shape, path, value="\n".join(held))
    return _node("checks", shape, path, value=held, options=_with(options, held))


def _levels(builder: Builder, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
    """Return one list of levels for each stage of the programme."""
    held = {one.get("stage"): one.get("level") for one in value or () if isinstance(one, dict)}
    node = _node("levels", shape, path)
    level = next(one for one in shape.inner.fields if one.name == "level")
    stages = _with(builder.around.items("stages"), [stage for stage in held if stage])
    options = options_for(Shape(level.kind, "", "min_level", True, True, level.field), builder.around, chain) or []
    node.children = [
        Node(
            "select",
            name_of((*path, stage.value)),
            stage.label,
            value=held.get(stage.value) or "",
            options=_with(options, [held[stage.value]] if held.get(stage.value) else []),
            problems=_level_problems(builder, value, path, stage.value),
        )
        for stage in stages
    ]
    return node


def _level_problems(builder: Builder, value: Any, path: Path, stage: str) -> list[str]:
    places = [number for number, one in enumerate(value or ()) if one.get("stage") == stage]
    return [message for number in places for message in builder.problems_at((*path, number), deeply=True)]


def _scale(builder: Builder, shape: Shape, value: Any, path: Path, _chain: Chain) -> Node:
    chosen = f"{value.get('id')}/{value.get('version')}" if isinstance(value, dict) and value.get("id") else ""
    options = [
        Option(
            f"{one.key}/{one.version}",
            _("%(scale)s, version %(version)s", scale=in_language(one.title), version=one.version),
        )
        for one in builder.around.scales
    ]
    return _node("select", shape, path, value=chosen, options=_with(options, [chosen] if chosen else []))


def _groups(builder: Builder, shape: Shape, value: Any, path: Path, _chain: Chain) -> Node:
    """Return the domains of every framework to tick."""
    held = value if isinstance(value, dict) else {}
    node = _node("groups", shape, path)
    known = builder.around.all_domains()
    gone: list[tuple[str, str, list[Option]]] = [
        (key, key, []) for key in held if key not in {one for one, _title, _domains in known}
    ]
    node.children = [
        Node(
            "checks",
            name_of((*path, key)),
            title,
            value=held.get(key) or [],
            options=_with(domains, held.get(key) or ()),
            problems=builder.problems_at((*path, key), deeply=True),
        )
        for key, title, domains in [*known, *gone]
    ]
    return node


def _pairs(builder: Builder, shape: Shape, value: Any, path: Path, chain: Chain) -> Node:
    """Return a map as lines of a key and a value."""
    node = _node("pairs", shape, path)
    keys = options_for(shape, builder.around, chain)
    for number, (key, one) in enumerate((value or {}).items()):
        at = (*path, number)
        first = Node("select" if keys is not None else "line", name_of((*at, "key")), _("Name"), value=key)
        first.options = _with(keys, [key] if key else []) if keys is not None else ()
        inner = shape.inner if shape.inner.kind is Kind.CHOICE else replace(shape.inner, name="")
        second = builder.node(inner, one, (*at, "value"), chain)
        second.label = _("Value")
        row = Node("row", name_of(at), children=[first, second], summary=str(key), label=str(key))
        row.problems = builder.problems_at((*path, key), deeply=True)
        node.children.append(row)
    return node


_MAKERS = {
    "text": _plain,
    "key": _plain,
    "choice": _plain,
    "whole": _plain,
    "decimal": _plain,
    "flag": _flag,
    "hidden": _hidden,
    "words": _words,
    "texts": _texts,
    "block": _block,
    "rows": _rows,
    "entry": _entry,
    "several": _several,
    "levels": _levels,
    "scale": _scale,
    "groups": _groups,
    "pairs": _pairs,
}
