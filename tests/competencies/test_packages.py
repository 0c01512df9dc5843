"""Framework packages: where items stand in the tree, and identifiers that stay."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.packages import Node, NodeKind, Package, places_of, stable_identifier


def package(items: str, *edges: str, numbers: dict[str, Any] | None = None) -> Package:
    """Return a package of items named by letters; an edge "ba" says that b is a child of a."""
    nodes = [Node(NodeKind.ITEM, one, {"identifier": one, "fullStatement": one}) for one in items]
    for edge in edges:
        ends = {"originNodeURI": {"identifier": edge[0]}, "destinationNodeURI": {"identifier": edge[1]}}
        data = {"associationType": "isChildOf", **ends, "sequenceNumber": (numbers or {}).get(edge)}
        nodes.append(Node(NodeKind.ASSOCIATION, edge, data))
    return Package({"identifier": "doc"}, nodes)


def tree(of: Package) -> list[tuple[str, str | None, int, int]]:
    return [(place.identifier, place.parent, place.depth, place.children) for place in places_of(of)]


def test_an_item_stands_under_the_item_that_it_names_and_children_by_their_number() -> None:
    placed = tree(package("abcd", "ba", "ca", "dc", numbers={"ba": 2, "ca": 1}))
    assert placed == [("a", None, 0, 2), ("c", "a", 1, 1), ("d", "c", 2, 0), ("b", "a", 1, 0)]


def test_items_without_a_number_come_after_those_with_one_in_the_order_of_the_file() -> None:
    assert [place[0] for place in tree(package("abcd", "ba", "ca", "da", numbers={"da": 7}))] == ["a", "d", "b", "c"]


def test_an_item_under_the_document_or_under_something_unknown_stands_at_the_top() -> None:
    assert [place[1] for place in tree(package("ab", "az", "b?"))] == [None, None]


def test_a_circle_is_cut_at_its_first_item_and_nothing_is_lost() -> None:
    assert tree(package("abc", "ab", "bc", "ca")) == [("a", None, 0, 1), ("c", "a", 1, 1), ("b", "c", 2, 0)]


def test_an_item_that_is_its_own_parent_stands_at_the_top() -> None:
    assert tree(package("a", "aa")) == [("a", None, 0, 0)]


def test_what_hangs_on_a_circle_hangs_under_it() -> None:
    assert {place[0]: place[1] for place in tree(package("tab", "ta", "ab", "ba"))} == {"t": "a", "a": None, "b": "a"}


def test_the_first_parent_that_is_named_counts() -> None:
    assert {place[0]: place[1] for place in tree(package("abc", "ca", "cb"))}["c"] == "a"


def test_a_chain_deeper_than_python_calls_is_no_problem() -> None:
    many = 5000
    nodes = [Node(NodeKind.ITEM, str(number), {}) for number in range(many)]
    for number in range(1, many):
        ends = {"originNodeURI": {"identifier": str(number)}, "destinationNodeURI": {"identifier": str(number - 1)}}
        nodes.append(Node(NodeKind.ASSOCIATION, f"a{number}", {"associationType": "isChildOf", **ends}))
    assert places_of(Package({"identifier": "doc"}, nodes))[-1].depth == many - 1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 11)), max_size=30))
def test_every_item_has_exactly_one_place_whatever_the_associations_say(edges: list[tuple[int, int]]) -> None:
    letters = "abcdefghij"
    placed = tree(package(letters, *(letters[child] + (letters + "?!")[parent] for child, parent in edges)))
    assert sorted(place[0] for place in placed) == list(letters)
    depths = {place[0]: place[2] for place in placed}
    assert all(depth == (0 if parent is None else depths[parent] + 1) for _one, parent, depth, _n in placed)


@pytest.mark.parametrize("strange", [None, 3, "text", [], {"identifier": 4}, {}])
def test_an_end_that_is_none_leads_nowhere(strange: Any) -> None:
    data = {"associationType": "isChildOf", "originNodeURI": strange, "destinationNodeURI": {"identifier": "a"}}
    odd = Package({"identifier": "d"}, [Node(NodeKind.ITEM, "a", {}), Node(NodeKind.ASSOCIATION, "x", data)])
    assert tree(odd) == [("a", None, 0, 0)]


def test_an_identifier_of_ours_is_the_same_for_ever() -> None:
    assert stable_identifier("programme", "x", "1") == "93353cf6-3586-58e4-a1e0-8678d00bfd2c"
    assert stable_identifier("a", "bc") != stable_identifier("ab", "c")


def test_a_node_is_called_by_its_statement_its_title_or_else_its_identifier() -> None:
    assert Node(NodeKind.ITEM, "id", {"fullStatement": "Says", "title": "T"}).title == "Says"
    assert Node(NodeKind.SUBJECT, "id", {"title": "T"}).title == "T"
    assert Node(NodeKind.SUBJECT, "id", {"title": " "}).title == "id"
    assert Package({"identifier": "id", "title": 3}, []).title == "id"
