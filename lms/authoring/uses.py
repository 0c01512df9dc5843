"""Where a part of a draft is used: what stands in the way of taking it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lms.authoring.documents import Data
from lms.authoring.editing.rows import at
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
    "epa_refs": (("phases", ANY, "epas", ANY), ("**", "epa")),
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
    return _used(path for place in _PLACES.get(section, ()) for path in _named(document, place, key))


def uses_of_row(document: Data, section: str, number: int, path: Path) -> list[Use]:
    """Return every place of a document that names a row inside the part with that number, such as an option.

    `path` leads to the row from the part. Most rows have no key, or one that nothing can name.
    """
    part = (section, number) if isinstance(document.get(section), list) else (section,)
    blocks = [value for _path, value in _at(document, part, ())]
    row = at(blocks[0], path) if blocks else None
    if section == "sources":
        named = list(document[section])[path[0]] if path and isinstance(path[0], int) else ""
        return _used(_sources(document, named))
    key = next((row[name] for name in ("key", "id") if row.get(name)), None) if isinstance(row, dict) else None
    rows = _ROWS.get((section, *(step for step in path if isinstance(step, str))))
    return _used(rows(document, number, path, key)) if rows and key else []


def _used(paths: Iterable[Path]) -> list[Use]:
    """Return places by the part that each is in; a place that was found twice counts once."""
    found: dict[Path, Use] = {}
    for path in paths:
        number = path[1] if len(path) > 1 else None
        inside = path[2:] if isinstance(number, int) else path[1:]
        found[path] = Use(str(path[0]), number if isinstance(number, int) else 0, inside)
    return list(found.values())


def _rows_at(*places: tuple[str, ...]) -> Callable[[Data, int, Path, str], Iterator[Path]]:
    """Return how to find a key at places; `.` in these is the part itself."""

    def found(document: Data, number: int, _path: Path, key: str) -> Iterator[Path]:
        for place in places:
            here = tuple(number if step == "." else step for step in place)
            yield from _found(document, here, key, ())

    return found


def _sources(value: Any, key: str, path: Path = ()) -> Iterator[Path]:
    """Yield where a source is named: in the list `sources` of any block."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inside:
        if step == "sources" and isinstance(one, list):
            yield from ((*path, step) for _key in one if _key == key)
        elif path or step != "sources":
            yield from _sources(one, key, (*path, step))


def _option(document: Data, number: int, path: Path, key: str) -> Iterator[Path]:
    """Yield where an option of a scope is named: in the rules of its group, and in what other EPAs ask of it."""
    group = path[:2]
    rules = ("epas", number, *group, "rules", ANY)
    for place in ((*rules, "if_selected"), (*rules, "then_requires", ANY)):
        yield from _found(document, place, key, ())
    name = at(document, ("epas", number, *group, "key"))
    for at_entry in _declared(document, number):
        yield from _found(document, (*at_entry, "scope", name, ANY), key, ())


def _scope(document: Data, number: int, _path: Path, key: str) -> Iterator[Path]:
    """Yield where a choice of an EPA is named: in what others ask of a declaration on it."""
    for at_entry in _declared(document, number):
        yield from _found(document, (*at_entry, "scope", "#"), key, ())


def _declared(document: Data, number: int) -> Iterator[Path]:
    """Yield the requirements that ask a declaration on the EPA with that number."""
    key = at(document, ("epas", number, "key"))
    return (path for around in _REQUIREMENTS for path, one in _entries(document, around) if one.get("epa") == key)


def _domain(document: Data, number: int, path: Path, key: str) -> Iterator[Path]:
    """Yield where a domain of a framework, or an element of one, is named."""
    framework = at(document, ("frameworks", number, "id"))
    yield from _found(document, ("epas", ANY, "competencies", framework, ANY), key, ())
    yield from _found(document, ("crosswalk", ANY, "to", framework, ANY), key, ())
    for found in _found(document, ("crosswalk", ANY, "from_domain"), key, ()):
        if at(document, (*found[:-1], "from_framework")) == framework and len(path) == 2:
            yield found


_ROWS: dict[tuple[str, ...], Callable[[Data, int, Path, str], Iterator[Path]]] = {
    ("programme", "tracks"): _rows_at(
        ("epas", ANY, "tracks", ANY), ("modules", ANY, "tracks", ANY), ("exemptions", ANY, "grants", "tracks", ANY)
    ),
    ("cohort", "parts"): _rows_at(("modules", ANY, "part")),
    ("cohort", "deliverables"): lambda document, _number, _path, key: _named(document, ("**", "products", ANY), key),
    ("frameworks", "dimensions"): _rows_at(("frameworks", ".", "domains", ANY, "dimensions", ANY)),
    ("frameworks", "levels"): _rows_at(("frameworks", ".", "domains", ANY, "indicators", ANY, "level")),
    ("frameworks", "domains"): _domain,
    ("frameworks", "domains", "elements"): _domain,
    ("epas", "scope"): _scope,
    ("epas", "scope", "options"): _option,
}
"""Where the key of a row may stand, by the section of its part and the names on the way to it."""


def _named(document: Data, place: tuple[str, ...], key: str) -> Iterator[Path]:
    if place[0] != "**":
        yield from _found(document, place, key, ())
        return
    for around in _REQUIREMENTS:
        for path, entry in _entries(document, around):
            yield from _found(entry, place[1:], key, path)


def _entries(document: Data, around: Path) -> Iterator[tuple[Path, Any]]:
    """Yield every requirement at a place, those inside others too."""
    todo = list(_at(document, around, ()))
    while todo:
        path, entry = todo.pop()
        if isinstance(entry, dict):
            yield path, entry
            inside = entry.get("of")
            if isinstance(inside, list):
                todo += [((*path, "of", number), one) for number, one in enumerate(inside)]


def _at(value: Any, place: Path, path: Path) -> Iterator[tuple[Path, Any]]:
    if not place:
        yield path, value
    elif place[0] == ANY and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _at(one, place[1:], (*path, number))
    elif (isinstance(value, dict) and place[0] in value) or (isinstance(value, list) and isinstance(place[0], int)):
        yield from _at(at(value, place[:1]), place[1:], (*path, place[0]))


def _found(value: Any, place: Path, key: str, path: Path) -> Iterator[Path]:
    """Yield the paths at which the key stands."""
    if place[-1] != "#":
        yield from (where for where, one in _at(value, place, path) if one == key)
        return
    for where, one in _at(value, place[:-1], path):
        if isinstance(one, dict) and key in one:
            yield (*where, key)
