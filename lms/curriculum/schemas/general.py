"""What holds for every file: nothing twice, numbers in order, sources listed, dotted paths that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lms.core.words import _
from lms.curriculum.schemas.known import Finding, Missing, unless_all_known
from lms.curriculum.schemas.problems import Path

IDENTIFIERS = ("key", "id", "code")
"""The names under which a block says what identifies it."""


def general_findings(data: dict[str, Any]) -> Iterator[Finding]:
    """Yield everything wrong with a file that can be seen without knowing what the file is about."""
    for path, value in _walk(data, ()):
        if isinstance(value, list):
            yield from _twice(value, path)
            yield from _out_of_order(value, path)
        else:
            yield from _unlisted_sources(value, data["sources"], path)
            yield from _upside_down(value, path)
            yield from _dangling_marks(value, data, path)


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any] | list[Any]]]:
    """Yield every map and list of the data with its path, from the outside in."""
    if isinstance(value, dict | list):
        yield path, value
        for step, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _walk(inside, (*path, step))


def _twice(items: list[Any], path: Path) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        name = _identity(item)
        if name is None:
            continue
        if name in seen:
            yield (*path, number), _("%(key)s is in this list twice.", key=name)
        seen.add(name)


def _identity(item: Any) -> str | None:
    """Return what identifies an item of a list: itself, or what it says under key, id or code, with its version."""
    if isinstance(item, str):
        return item
    if not isinstance(item, dict):
        return None
    name = next((str(item[name]) for name in IDENTIFIERS if name in item), None)
    return f"{name} ({item['version']})" if name and "id" in item and isinstance(item.get("version"), int) else name


def _out_of_order(items: list[Any], path: Path) -> Iterator[Finding]:
    """Yield the items whose number is not above that of the item before; sessions count over the whole programme."""
    if "sessions" in path:
        return
    last = 0
    for number, item in enumerate(items):
        if isinstance(item, dict) and isinstance(order := item.get("order"), int):
            if order <= last:
                yield (*path, number, "order"), _("The items must stand in the order of their numbers.")
            last = order


def _unlisted_sources(block: dict[str, Any], listed: Mapping[str, str], path: Path) -> Iterator[Finding]:
    if isinstance(named := block.get("sources"), list):
        yield from unless_all_known(Missing.SOURCE, named, listed, (*path, "sources"))


def _upside_down(block: dict[str, Any], path: Path) -> Iterator[Finding]:
    for least, most in (("min", "max"), ("choose_min", "choose_max")):
        low, high = block.get(least), block.get(most)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            yield (*path, most), _("The most may not be below the least.")


def _dangling_marks(block: dict[str, Any], whole: dict[str, Any], path: Path) -> Iterator[Finding]:
    """Yield the dotted paths that lead nowhere; they start at the block, or at the top of the file."""
    for dotted in block.get("provenance_by_field", ()):
        steps = dotted.split(".")
        if not (_leads(block, steps) or _leads(whole, steps)):
            yield (*path, "provenance_by_field", dotted), _("This path leads nowhere in the file.")


def _leads(value: Any, steps: list[str]) -> bool:
    """Return whether a path exists; within a list a step is the key of an item, or goes on in any item."""
    if not steps:
        return True
    if isinstance(value, dict):
        return steps[0] in value and _leads(value[steps[0]], steps[1:])
    if isinstance(value, list):
        named = [item for item in value if _identity(item) == steps[0]]
        return any(_leads(item, steps[1:]) for item in named) or any(_leads(item, steps) for item in value)
    return False
