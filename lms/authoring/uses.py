"""Where a part of a draft is used: what stands in the way of taking it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lms.authoring.documents import Data
from lms.curriculum.schemas.problems import Path

ANY = "*"
"""Every item of a list, or every key of a map."""

_PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "epas": (
        ("exemptions", ANY, "grants", "epas", ANY),
        ("phases", ANY, "epas", ANY),
        ("epas", ANY, "parent"),
        ("epas", ANY, "scope", ANY, "rules", ANY, "then_belongs_to", "epa"),
        ("**", "epa"),
    ),
    "stages": (
        ("epas", ANY, "required_levels", ANY, "stage"),
        ("**", "stage"),
        ("epa_refs", ANY, "required_levels", ANY, "stage"),
        ("modules", ANY, "stage"),
        ("learning_activities", ANY, "stage"),
        ("completion", ANY, "at_stage"),
        ("cohort", "msf_rounds", "moments", ANY),
    ),
    "epa_refs": (("phases", ANY, "epas", ANY),),
    "forms": (("cohort", "msf_rounds", "form"), ("**", "form")),
    "phases": (("phases", ANY, "requires", ANY),),
    "placements": (("**", "placement"),),
    "modules": (("**", "modules", ANY), ("completion", ANY, "modules", ANY)),
    "learning_activities": (("**", "tests", ANY), ("**", "products", ANY)),
    "frameworks": (
        ("epas", ANY, "competencies", "#"),
        ("crosswalk", ANY, "from_framework"),
        ("crosswalk", ANY, "to", "#"),
    ),
}
"""Where the key of a part of a section may stand; `#` is a key of a map, `**` anywhere in a requirement."""

_REQUIREMENTS = (
    ("epas", ANY, "evidence", ANY),
    ("stages", ANY, "requirements", ANY),
    ("completion", ANY, "requirement"),
)


@dataclass(frozen=True, slots=True)
class Use:
    """One place where the key of a part stands: its section, the number of its part, and the path inside it."""

    section: str
    number: int
    path: Path


def uses_of(document: Data, section: str, key: str) -> list[Use]:
    """Return every place of a document that names a part of that section by its key."""
    found: dict[Path, Use] = {}
    for place in _PLACES.get(section, ()):
        for path in _named(document, place, key):
            number = path[1] if len(path) > 1 else None
            inside = path[2:] if isinstance(number, int) else path[1:]
            found[path] = Use(str(path[0]), number if isinstance(number, int) else 0, inside)
    return list(found.values())


def _named(document: Data, place: tuple[str, ...], key: str) -> Iterator[Path]:
    if place[0] != "**":
        yield from _found(document, place, key, ())
        return
    for around in _REQUIREMENTS:
        for path, entry in _entries(document, around):
            yield from _found(entry, place[1:], key, path)


def _entries(document: Data, around: tuple[str, ...]) -> Iterator[tuple[Path, Any]]:
    """Yield every requirement at a place, those inside others too."""
    todo = list(_at(document, around, ()))
    while todo:
        path, entry = todo.pop()
        if isinstance(entry, dict):
            yield path, entry
            inside = entry.get("of")
            if isinstance(inside, list):
                todo += [((*path, "of", number), one) for number, one in enumerate(inside)]


def _at(value: Any, place: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    if not place:
        yield path, value
    elif place[0] == ANY and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _at(one, place[1:], (*path, number))
    elif isinstance(value, dict) and place[0] in value:
        yield from _at(value[place[0]], place[1:], (*path, place[0]))


def _found(value: Any, place: tuple[str, ...], key: str, path: Path) -> Iterator[Path]:
    """Yield the paths at which the key stands."""
    if place[-1] != "#":
        yield from (at for at, one in _at(value, place, path) if one == key)
        return
    for at, one in _at(value, place[:-1], path):
        if isinstance(one, dict) and key in one:
            yield (*at, key)
