"""A programme file cut into the parts that people edit, and put together again; nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lms.authoring.keys import numbered, with_key, with_row_keys
from lms.authoring.shapes import Kind, misfits, section_shapes
from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Path
from lms.curriculum.schemas.source import Document

SCHEMA = "bekwaam-curriculum/1"
PROGRAMME = "programme"
Data = dict[str, Any]


class Part(Protocol):
    """What putting a document together needs to know of a part."""

    @property
    def section(self) -> str:
        """The key of the file that it belongs to."""

    @property
    def position(self) -> int:
        """Its place in that section, from 1."""

    @property
    def data(self) -> Any:
        """What it holds."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One part of a document, before it is stored."""

    section: str
    key: str
    position: int
    data: Any


def cut(document: Data) -> list[Cut]:
    """Return the parts of a document, complete or not; raise CurriculumRefused where it can be no programme at all."""
    _refuse_misfits(document)
    return list(_parts(document))


def _refuse_misfits(document: Data) -> None:
    file = Document(_("Draft"), document, {})
    if not isinstance(document, dict):
        raise CurriculumRefused([file.problem((), _("This file must be a map of keys."))])
    shapes = section_shapes()
    found: list[tuple[Path, str]] = [
        ((name,), _("This key is not known here.")) for name in document if name != "schema" and name not in shapes
    ]
    for name, shape in shapes.items():
        found += misfits(shape, document.get(name), (name,))
    if found:
        raise CurriculumRefused(file.problem(path, message) for path, message in found)


def _parts(document: Data) -> Iterator[Cut]:
    for name, shape in section_shapes().items():
        value = document.get(name)
        if shape.kind is Kind.MANY:
            for position, item in enumerate(value or (), start=1):
                yield Cut(name, key_of(item), position, item)
        elif value is not None:
            yield Cut(name, "", 1, value)


def key_of(data: Any) -> str:
    """Return what identifies a part within its section, or nothing where it has no key of its own."""
    if not isinstance(data, dict):
        return ""
    return next((str(data[name]) for name in ("key", "id", "epa") if data.get(name)), "")


def assembled(parts: Iterable[Part]) -> Data:
    """Return the document of the parts, its items numbered in their order."""
    in_order = sorted(parts, key=lambda part: part.position)
    document: Data = {"schema": SCHEMA}
    for name, shape in section_shapes().items():
        mine = [with_row_keys(part.data) for part in in_order if part.section == name]
        if shape.optional and not mine:
            continue
        if shape.kind is Kind.MANY:
            document[name] = numbered(_with_keys(name, mine))
        else:
            document[name] = mine[0] if mine else shape.empty()
    document["modules"] = _with_sessions_in_order(document["modules"])
    return document


def _with_keys(section: str, items: Sequence[Any]) -> list[Any]:
    """Return the items, each with a key: those that have none yet get one that is free."""
    taken = {key for item in items if (key := key_of(item))}
    keyed = []
    for item in items:
        keyed.append(with_key(section, item, taken))
        taken.add(key_of(keyed[-1]))
    return keyed


def _with_sessions_in_order(modules: list[Data]) -> list[Data]:
    """Return the modules with a number for every session, counted over the whole programme where they clash."""
    numbers = [session.get("order") for module in modules for session in module.get("sessions") or ()]
    if None not in numbers and len(set(numbers)) == len(numbers):
        return modules
    counted = iter(range(1, len(numbers) + 1))
    return [
        module | {"sessions": [session | {"order": next(counted)} for session in module.get("sessions") or ()]}
        for module in modules
    ]
