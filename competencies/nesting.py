"""EPAs within EPAs: which one holds which, and that none holds itself."""

from collections.abc import Iterator, Mapping

Parents = Mapping[str, str | None]
"""The key of the EPA that each EPA is nested in, by its own key; null for one that stands on its own."""


def circle_from(key: str, parents: Parents) -> tuple[str, ...]:
    """Return the EPAs of the circle that this one is a part of, itself first, or nothing where it is in none."""
    path = [key, *_above(key, parents)]
    return tuple(path) if parents.get(path[-1]) == key else ()


def ancestors(key: str, parents: Parents) -> tuple[str, ...]:
    """Return the EPAs that hold this one, the nearest first."""
    return tuple(_above(key, parents))


def _above(key: str, parents: Parents) -> Iterator[str]:
    """Yield the EPAs above this one; each once, so that a circle has an end."""
    seen, parent = {key}, parents.get(key)
    while parent is not None and parent not in seen:
        yield parent
        seen.add(parent)
        parent = parents.get(parent)


def in_families(parents: Parents) -> tuple[tuple[str, int], ...]:
    """Return every EPA right after the one that holds it, with how deep it is nested; 0 stands on its own.

    EPAs of one family keep the order in which they are given; those of a circle are left out.
    """
    return tuple(_family(None, parents, 0))


def _family(parent: str | None, parents: Parents, depth: int) -> Iterator[tuple[str, int]]:
    for key, above in parents.items():
        if above == parent:
            yield key, depth
            yield from _family(key, parents, depth + 1)
