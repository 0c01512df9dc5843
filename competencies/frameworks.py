"""Competency frameworks: domains with their elements and indicators, and how those of two frameworks correspond."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from competencies.curricula import Provenance

Words = Mapping[str, str]
Place = tuple[str, str]
"""A domain by the keys of its framework and of itself."""


class Relation(StrEnum):
    """What a domain is to one of another framework; RELATED where nobody said more than that they correspond."""

    EXACT = "exact"
    CLOSE = "close"
    BROADER = "broader"
    NARROWER = "narrower"
    RELATED = "related"

    @property
    def inverse(self) -> "Relation":
        """Return the same relation seen from the other side."""
        return {Relation.BROADER: Relation.NARROWER, Relation.NARROWER: Relation.BROADER}.get(self, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A part of a domain; many frameworks call it a competency."""

    key: str
    title: Words = field(compare=False)
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Behaviour that shows a domain, or one of its elements, at a level of the framework."""

    level: str
    text: Words = field(compare=False)
    element: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain of a framework; without a known order its place in the framework is a guess."""

    key: str
    title: Words = field(compare=False)
    order_known: bool
    provenance: Provenance
    dimensions: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    def indicators_at(self, level: str) -> tuple[Indicator, ...]:
        """Return the behaviour that shows the domain at that level, in the order of the framework."""
        return tuple(one for one in self.indicators if one.level == level)

    def element(self, key: str | None) -> Element | None:
        """Return the element with that key, or none."""
        return next((one for one in self.elements if one.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A version of a competency framework; levels and dimensions are their titles by key, in order."""

    key: str
    version: str
    title: Words = field(compare=False)
    owner: str | None
    licence_note: str | None
    provenance: Provenance
    domains: tuple[Domain, ...]
    levels: Mapping[str, Words] = field(default_factory=dict, compare=False)
    dimensions: Mapping[str, Words] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """That a domain corresponds with one of another framework; `via` names the domain between them, where there is one.

    `relation` is what `origin` is to `target`.
    """

    origin: Place
    target: Place
    relation: Relation
    provenance: Provenance
    via: Place | None = None

    @property
    def reverse(self) -> "Correspondence":
        """Return the same correspondence read from its other end."""
        return replace(self, origin=self.target, target=self.origin, relation=self.relation.inverse)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosswalkRow:
    """A domain with what it corresponds with in the other framework; nothing there is a gap."""

    domain: Domain
    matches: tuple[Correspondence, ...]

    @property
    def is_gap(self) -> bool:
        """Return whether the other framework has nothing that corresponds."""
        return not self.matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """How one framework reads in another: every domain with its matches, and what the other has beyond them."""

    origin: Framework
    target: Framework
    rows: tuple[CrosswalkRow, ...]
    beyond: tuple[Domain, ...]

    @property
    def gaps(self) -> tuple[Domain, ...]:
        """Return the domains without a match in the other framework."""
        return tuple(row.domain for row in self.rows if row.is_gap)

    @property
    def is_indirect(self) -> bool:
        """Return whether the matches go by way of a third framework."""
        return any(match.via for row in self.rows for match in row.matches)


def read_from(place: Place, known: Iterable[Correspondence]) -> tuple[Correspondence, ...]:
    """Return what corresponds with a domain, from whichever end it was written down, each target once."""
    both_ways = (one for each in known for one in (each, each.reverse) if one.origin == place)
    return tuple({one.target: one for one in reversed(list(both_ways))}.values())[::-1]


def crosswalk(origin: Framework, target: Framework, known: Iterable[Correspondence]) -> Crosswalk:
    """Return how the domains of one framework correspond with those of another.

    Where nobody compared the two themselves, what both correspond with in a third framework is taken: such a match
    says no more than that they are related, and is our own conclusion.
    """
    known = tuple(known)
    direct = {domain.key: _direct(origin, domain, target, known) for domain in origin.domains}
    if not any(direct.values()):
        direct = {domain.key: _indirect(origin, domain, target, known) for domain in origin.domains}
    rows = tuple(CrosswalkRow(domain=domain, matches=direct[domain.key]) for domain in origin.domains)
    matched = {match.target[1] for row in rows for match in row.matches}
    beyond = tuple(domain for domain in target.domains if domain.key not in matched)
    return Crosswalk(origin=origin, target=target, rows=rows, beyond=beyond)


def _direct(
    origin: Framework, domain: Domain, target: Framework, known: tuple[Correspondence, ...]
) -> tuple[Correspondence, ...]:
    return tuple(one for one in read_from((origin.key, domain.key), known) if one.target[0] == target.key)


def _indirect(
    origin: Framework, domain: Domain, target: Framework, known: tuple[Correspondence, ...]
) -> tuple[Correspondence, ...]:
    """Return the matches by way of a third framework, each target once."""
    found: dict[Place, Correspondence] = {}
    for first in read_from((origin.key, domain.key), known):
        for second in read_from(first.target, known):
            if second.target[0] == target.key and first.target[0] != origin.key:
                found.setdefault(
                    second.target,
                    Correspondence(
                        origin=first.origin,
                        target=second.target,
                        relation=Relation.RELATED,
                        provenance=Provenance.INFERRED,
                        via=first.target,
                    ),
                )
    return tuple(found.values())
