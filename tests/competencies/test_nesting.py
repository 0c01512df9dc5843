"""EPAs within EPAs."""

from __future__ import annotations

import pytest

from competencies.nesting import Parents, ancestors, circle_from, in_families

FAMILY: Parents = {"a": None, "c": "b", "b": "a", "d": None, "e": "a"}


@pytest.mark.parametrize(("key", "above"), [("a", ()), ("b", ("a",)), ("c", ("b", "a")), ("z", ())])
def test_an_epa_knows_all_that_hold_it_the_nearest_first(key: str, above: tuple[str, ...]) -> None:
    assert ancestors(key, FAMILY) == above


@pytest.mark.parametrize(
    ("parents", "key", "circle"),
    [
        (FAMILY, "c", ()),
        ({"a": "a"}, "a", ("a",)),
        ({"a": "b", "b": "a"}, "a", ("a", "b")),
        ({"a": "b", "b": "c", "c": "a"}, "b", ("b", "c", "a")),
        ({"a": "b", "b": "b"}, "a", ()),
        ({"a": "gone"}, "a", ()),
    ],
    ids=["family", "itself", "two", "three", "only near a circle", "unknown parent"],
)
def test_a_circle_is_named_from_each_epa_in_it(parents: Parents, key: str, circle: tuple[str, ...]) -> None:
    assert circle_from(key, parents) == circle


def test_families_stand_together_and_say_how_deep_each_epa_is() -> None:
    assert in_families(FAMILY) == (("a", 0), ("b", 1), ("c", 2), ("e", 1), ("d", 0))


def test_what_goes_round_in_a_circle_is_in_no_family() -> None:
    assert in_families({"a": "b", "b": "a", "c": None}) == (("c", 0),)
