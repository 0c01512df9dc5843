"""Blocks that stand in more than one place of the files."""

from __future__ import annotations

from lms.curriculum.schemas.fields import Block, Key, Many, Provenance, Text, Title, Whole, Words, source_keys


class TitledBlock(Block):
    """A key with its name."""

    key = Key()
    title = Title()


class EntryRequirementBlock(Block):
    """What somebody needs to be admitted to a programme, or to begin on an EPA."""

    key = Key()
    text = Words()
    provenance = Provenance()
    sources = source_keys()
    note = Text(nullable=True)


class StudyLoadBlock(Block):
    """The hours of practice and theory."""

    practice_hours_min = Whole(0, nullable=True)
    theory_hours_min = Whole(0, nullable=True)
    theory_percent = Whole(0, 100, nullable=True)
    provenance = Provenance()
    sources = Many(Key(), optional=True)
    note = Text(optional=True)
