"""One field of a part as a page shows it: what is filled in, what can be chosen, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.authoring.editing.choices import Option
from lms.curriculum.schemas.problems import Path

Problems = Mapping[Path, Sequence[str]]


@dataclass(slots=True)
class Node:
    """One field: its control, its name in the form, its words, its value, and the fields inside it."""

    control: str
    name: str
    label: str = ""
    hint: str = ""
    value: Any = None
    options: Sequence[Option] = ()
    children: list[Node] = field(default_factory=list)
    problems: Sequence[str] = ()
    lang: str = ""
    optional: bool = True
    summary: str = ""
    of_entries: bool = False
    is_heading: bool = False

    @property
    def id(self) -> str:
        """The id of the control on its page."""
        return field_id(self.name)

    @property
    def is_wrong(self) -> bool:
        """Whether anything is wrong here or in a field inside."""
        return bool(self.problems) or any(child.is_wrong for child in self.children)


@dataclass(slots=True)
class Group:
    """Fields under a heading; `quiet` ones are folded away until somebody wants them."""

    heading: str
    nodes: list[Node]
    quiet: bool = False


def field_id(name: str) -> str:
    """Return the id of a field by its name in the form."""
    return "f-" + name.replace(".", "-") if name else "f"


def name_of(path: Path) -> str:
    """Return the name in the form of the field at a path."""
    return ".".join(map(str, path))
