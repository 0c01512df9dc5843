"""Competency frameworks in a programme file, and how their domains correspond."""

from __future__ import annotations

from competencies.frameworks import Relation
from lms.curriculum.schemas.fields import (
    Block,
    Flag,
    Key,
    Many,
    MapOf,
    OneOf,
    Provenance,
    Text,
    Title,
    Whole,
    Words,
    blocks,
    source_keys,
)


class DimensionBlock(Block):
    """A dimension that domains belong to."""

    id = Key()
    title = Title()


class FrameworkLevelBlock(Block):
    """A level at which a framework describes behaviour."""

    id = Key()
    order = Whole(1)
    title = Title()


class ElementBlock(Block):
    """An element of a domain."""

    id = Key()
    title = Title()
    provenance = Provenance()


class IndicatorBlock(Block):
    """Behaviour that shows a domain, or one element of it, at a level."""

    level = Key()
    element = Key(optional=True)
    text = Words()
    provenance = Provenance()


class DomainBlock(Block):
    """A domain of a framework."""

    id = Key()
    order = Whole(1)
    order_known = Flag()
    title = Title()
    dimensions = Many(Key())
    provenance = Provenance()
    sources = source_keys()
    elements = blocks(ElementBlock)
    indicators = blocks(IndicatorBlock)


class FrameworkBlock(Block):
    """A competency framework."""

    id = Key()
    version = Text()
    title = Title()
    owner = Text(nullable=True)
    provenance = Provenance()
    sources = source_keys()
    licence_note = Text(nullable=True)
    note = Text(nullable=True)
    dimensions = blocks(DimensionBlock)
    levels = blocks(FrameworkLevelBlock)
    domains = blocks(DomainBlock, least=1)


class CrosswalkBlock(Block):
    """The domains of other frameworks that correspond with one domain."""

    from_framework = Key()
    from_domain = Key()
    to = MapOf(Many(Key()))
    relation = OneOf(Relation, optional=True)
    provenance = Provenance()
