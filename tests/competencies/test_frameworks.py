"""Frameworks: indicators by level, and correspondences that read from either end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.curricula import Provenance
from competencies.frameworks import (
    Correspondence,
    Domain,
    Element,
    Framework,
    Indicator,
    Place,
    Relation,
    crosswalk,
    read_from,
)


def a_domain(key: str, *indicators: Indicator) -> Domain:
    """Return a domain with one element."""
    element = Element(key=f"{key}.1", title={"en": "Part"}, provenance=Provenance.SOURCED)
    return Domain(
        key=key,
        title={"en": key},
        order_known=True,
        provenance=Provenance.SOURCED,
        elements=(element,),
        indicators=indicators,
    )


def a_framework(key: str, *domains: str) -> Framework:
    """Return a framework with these domains."""
    return Framework(
        key=key,
        version="1",
        title={"en": key},
        owner=None,
        licence_note=None,
        provenance=Provenance.SOURCED,
        domains=tuple(map(a_domain, domains)),
    )


def pair(origin: str, target: str, relation: Relation = Relation.RELATED) -> Correspondence:
    """Return that two domains, written `framework.domain`, correspond."""
    return Correspondence(origin=place(origin), target=place(target), relation=relation, provenance=Provenance.DRAFT)


def place(name: str) -> Place:
    framework, _, domain = name.partition(".")
    return framework, domain


RML, LEADS, MLCF = (
    a_framework("rml", "vision", "growth", "money"),
    a_framework("leads", "A", "L", "S"),
    a_framework("mlcf", "1", "5"),
)
KNOWN = (
    pair("rml.vision", "leads.A", Relation.BROADER),
    pair("rml.vision", "mlcf.5"),
    pair("rml.growth", "leads.L", Relation.EXACT),
    pair("rml.growth", "mlcf.1"),
)


@pytest.mark.parametrize(
    ("relation", "inverse"),
    [
        (Relation.EXACT, Relation.EXACT),
        (Relation.CLOSE, Relation.CLOSE),
        (Relation.BROADER, Relation.NARROWER),
        (Relation.NARROWER, Relation.BROADER),
        (Relation.RELATED, Relation.RELATED),
    ],
)
def test_a_relation_turns_round_when_it_is_read_from_the_other_end(relation: Relation, inverse: Relation) -> None:
    assert pair("a.1", "b.2", relation).reverse == pair("b.2", "a.1", inverse)


def test_a_domain_gives_its_indicators_by_level_and_its_elements_by_key() -> None:
    low, high, other = (
        Indicator(level=level, text={"en": text}, element=element, provenance=Provenance.DRAFT)
        for level, text, element in (("one", "Asks", None), ("two", "Leads", "v.1"), ("one", "Hears", None))
    )
    domain = a_domain("v", low, high, other)
    assert domain.indicators_at("one") == (low, other)
    assert domain.indicators_at("three") == ()
    assert domain.element("v.1") == domain.elements[0]
    assert domain.element("v.2") is None
    assert domain.element(None) is None


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("rml.vision", ["leads.A", "mlcf.5"]),
        ("leads.A", ["rml.vision"]),
        ("leads.S", []),
        ("mlcf.1", ["rml.growth"]),
    ],
)
def test_a_correspondence_is_found_from_both_ends(name: str, targets: list[str]) -> None:
    assert [".".join(one.target) for one in read_from(place(name), KNOWN)] == targets


def test_what_is_written_down_twice_is_read_once() -> None:
    both = (pair("a.1", "b.2", Relation.BROADER), pair("b.2", "a.1", Relation.NARROWER))
    assert read_from(place("a.1"), both) == (both[0],)


def test_a_crosswalk_names_the_gaps_on_both_sides() -> None:
    found = crosswalk(RML, LEADS, KNOWN)
    assert [[match.target[1] for match in row.matches] for row in found.rows] == [["A"], ["L"], []]
    assert [domain.key for domain in found.gaps] == ["money"]
    assert [domain.key for domain in found.beyond] == ["S"]
    assert not found.is_indirect


def test_a_crosswalk_reads_the_other_way_round() -> None:
    found = crosswalk(LEADS, RML, KNOWN)
    assert [(row.domain.key, [(one.target[1], one.relation) for one in row.matches]) for row in found.rows] == [
        ("A", [("vision", Relation.NARROWER)]),
        ("L", [("growth", Relation.EXACT)]),
        ("S", []),
    ]
    assert [domain.key for domain in found.beyond] == ["money"]


def test_two_frameworks_that_nobody_compared_are_read_by_way_of_a_third() -> None:
    found = crosswalk(LEADS, MLCF, KNOWN)
    assert found.is_indirect
    matches = [match for row in found.rows for match in row.matches]
    assert [(one.origin[1], one.target[1], one.via) for one in matches] == [
        ("A", "5", ("rml", "vision")),
        ("L", "1", ("rml", "growth")),
    ]
    assert {(one.relation, one.provenance) for one in matches} == {(Relation.RELATED, Provenance.INFERRED)}
    assert [domain.key for domain in found.gaps] == ["S"]


def test_one_direct_comparison_keeps_the_third_framework_out() -> None:
    found = crosswalk(LEADS, MLCF, (*KNOWN, pair("leads.S", "mlcf.5")))
    assert not found.is_indirect
    assert [row.is_gap for row in found.rows] == [True, True, False]


def test_frameworks_that_have_nothing_in_common_are_all_gaps() -> None:
    found = crosswalk(LEADS, MLCF, ())
    assert found.gaps == LEADS.domains
    assert found.beyond == MLCF.domains


names = st.builds("{}.{}".format, st.sampled_from(["a", "b", "c"]), st.sampled_from("123"))
pairs = st.builds(pair, names, names, st.sampled_from(Relation)).filter(lambda one: one.origin[0] != one.target[0])


@given(st.lists(pairs, max_size=12))
def test_a_match_one_way_is_a_match_the_other_way(known: list[Correspondence]) -> None:
    one, other = a_framework("a", *"123"), a_framework("b", *"123")
    there, back = crosswalk(one, other, known), crosswalk(other, one, known)
    assert {(m.origin, m.target) for row in there.rows for m in row.matches} == {
        (m.target, m.origin) for row in back.rows for m in row.matches
    }
    assert there.beyond == back.gaps
    assert there.is_indirect == back.is_indirect
