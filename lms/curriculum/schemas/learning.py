"""What people learn by in a programme file: modules with their meetings, learning activities, and forms."""

from __future__ import annotations

from lms.curriculum.schemas.fields import (
    Block,
    Days,
    Key,
    Many,
    OneOf,
    Provenance,
    Text,
    Title,
    Whole,
    Words,
    block,
    blocks,
    source_keys,
)
from lms.curriculum.schemas.parts import TitledBlock


class SessionBlock(Block):
    """A meeting of a module."""

    key = Key()
    order = Whole(1)
    title = Title()
    days = Days()
    repeat = Whole(1)
    format = Key()
    audience = Key(nullable=True)
    provenance = Provenance()


class ModuleBlock(Block):
    """A module with its meetings."""

    key = Key()
    order = Whole(1)
    title = Title()
    part = Key(nullable=True)
    tracks = Many(Key())
    stage = Key(nullable=True)
    days = Days()
    audience = Key(nullable=True)
    provenance = Provenance()
    sources = source_keys()
    sessions = blocks(SessionBlock)


class LearningActivityBlock(TitledBlock):
    """Something that a trainee does to learn."""

    kind = Key()
    min_count = Whole(1)
    instrument = Key(nullable=True)
    stage = Key(nullable=True)
    provenance = Provenance()
    sources = source_keys()
    note = Text(nullable=True)


class RaterGroupBlock(TitledBlock):
    """People of one kind of whom a number must answer."""

    min = Whole(0)


class ReleaseRuleBlock(Block):
    """When the answers are shown."""

    kind = OneOf(("conversation_planned",))
    text = Words()


class FormBlock(TitledBlock):
    """A form of an instrument."""

    instrument = Key()
    scale = Key(nullable=True)
    items = blocks(TitledBlock)
    rater_groups = blocks(RaterGroupBlock)
    release_rule = block(ReleaseRuleBlock, nullable=True)
    duration_min = Whole(1, nullable=True)
    provenance = Provenance()
    sources = source_keys()
    note = Text(nullable=True)
