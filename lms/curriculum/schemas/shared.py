"""The two files that all programmes share: the rating scales and the vocabulary."""

from __future__ import annotations

from competencies.curricula import ResultKind
from competencies.instruments import ItemKind
from competencies.scales import Direction, SetBy
from lms.curriculum.schemas.fields import (
    Address,
    Always,
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
    block,
    blocks,
    provenance_marks,
    source_keys,
)
from lms.curriculum.schemas.parts import TitledBlock

TERM_KINDS = (
    "epa_types",
    "programme_kinds",
    "completion_rules",
    "session_formats",
    "activity_kinds",
    "audiences",
    "functions",
    "organisation_kinds",
    "site_attributes",
    "phase_conditions",
    "evidence_conditions",
    "mentor_pairings",
    "assignment_kinds",
    "leadership_levels",
    "provenance",
)
"""The lists of the vocabulary that are only names."""


class WordingBlock(Block):
    """How a level is worded to an assessor who looks back or ahead."""

    retrospective = Title(optional=True)
    prospective = Title(optional=True)


class LevelBlock(Block):
    """One level of a scale."""

    code = Key()
    rank = Whole(1)
    title = Title()
    meaning = Title()
    entrusted = Flag()
    parent = Key(nullable=True)
    group = Title(nullable=True)
    questions = block(WordingBlock, optional=True)


class QuestionsBlock(WordingBlock):
    """What is asked of an assessor: looking back and ahead, or where things stand."""

    status = Title(optional=True)


class ScaleBlock(Block):
    """One version of a scale."""

    id = Key()
    version = Whole(1)
    title = Title()
    kind = Always("ordinal")
    never_average = Always(only=True)
    set_by = Many(OneOf(SetBy), least=1)
    questions = block(QuestionsBlock)
    entrusted_from = Key(nullable=True)
    provenance = Provenance()
    provenance_by_field = provenance_marks()
    sources = source_keys()
    note = Text(nullable=True)
    levels = blocks(LevelBlock, least=2)
    parent_scale = Key(nullable=True)


class ScalesFile(Block):
    """The file of all rating scales."""

    schema = Always("bekwaam-scales/1")
    scales = blocks(ScaleBlock, least=1)
    sources = MapOf(Address())


class ItemBlock(TitledBlock):
    """What the form of an instrument asks beside the result; a rubric names its steps, the lowest first."""

    kind = OneOf(ItemKind)
    required = Flag()
    steps = blocks(TitledBlock, least=2, optional=True)


class InstrumentFormBlock(Block):
    """One version of the form of an instrument."""

    version = Whole(1)
    direction = OneOf(Direction)
    items = blocks(ItemBlock)
    provenance = Provenance()


class InstrumentBlock(TitledBlock):
    """A kind of assessment."""

    result = OneOf(ResultKind)
    scale = Key(nullable=True)
    direct_observation = Flag()
    meaning = Words()
    provenance = Provenance()
    forms = blocks(InstrumentFormBlock, optional=True)


class SharedFrameworkBlock(Block):
    """The competency areas that every programme may name."""

    id = Key()
    version = Whole(1)
    title = Title()
    provenance = Provenance()
    sources = source_keys()
    areas = blocks(TitledBlock, least=1)


class ReservedActionBlock(TitledBlock):
    """An action reserved by law."""

    order_required = Flag()
    confirm = Flag()
    provenance = Provenance()


class VocabularyFile(Block):
    """The file of the words that the programmes share."""

    schema = Always("bekwaam-vocabulary/1")
    instruments = blocks(InstrumentBlock, least=1)
    competency_framework = block(SharedFrameworkBlock)
    reserved_actions = blocks(ReservedActionBlock)
    epa_types = blocks(TitledBlock)
    programme_kinds = blocks(TitledBlock)
    completion_rules = blocks(TitledBlock)
    session_formats = blocks(TitledBlock)
    activity_kinds = blocks(TitledBlock)
    audiences = blocks(TitledBlock)
    functions = blocks(TitledBlock)
    organisation_kinds = blocks(TitledBlock)
    site_attributes = blocks(TitledBlock)
    phase_conditions = blocks(TitledBlock)
    evidence_conditions = blocks(TitledBlock)
    mentor_pairings = blocks(TitledBlock)
    assignment_kinds = blocks(TitledBlock)
    leadership_levels = blocks(TitledBlock)
    provenance = blocks(TitledBlock)
    sources = MapOf(Address())
