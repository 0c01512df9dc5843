"""A programme file, whole."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from competencies.curricula import EpaType, ProgrammeKind, ProgrammeStatus
from competencies.observations import LISTED
from competencies.waiting import LONGEST_TERM
from lms.core.words import _
from lms.curriculum.schemas.cohort import CohortBlock
from lms.curriculum.schemas.epa import EpaBlock, EpaReferenceBlock, ScaleReference
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
from lms.curriculum.schemas.frameworks import CrosswalkBlock, FrameworkBlock
from lms.curriculum.schemas.learning import FormBlock, LearningActivityBlock, ModuleBlock
from lms.curriculum.schemas.parts import EntryRequirementBlock, StudyLoadBlock, TitledBlock
from lms.curriculum.schemas.requirements import Entry

COMPLETION_FIELDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "all_epas_of_type": (frozenset({"type"}), frozenset({"within_track", "at_stage"})),
    "min_epas_of_type": (frozenset({"type", "min_count"}), frozenset({"within_track"})),
    "cross_epa_completed": (frozenset(), frozenset()),
    "placements_completed": (frozenset(), frozenset()),
    "attendance": (frozenset({"min_percent"}), frozenset({"modules"})),
    "deliverables_completed": (frozenset(), frozenset()),
    "external_diploma": (frozenset(), frozenset()),
    "study_load_completed": (frozenset(), frozenset()),
    "requirement": (frozenset({"requirement"}), frozenset({"title"})),
}
"""The fields that each completion rule must have, and those that it may have."""


class ClusterBlock(Block):
    """The cluster of programmes that this one belongs to."""

    code = Text()
    title = Title()
    provenance = Provenance()
    sources = source_keys()


class RegulationBlock(Block):
    """What law and funding say of the programme; null is unknown."""

    czo_programme = Flag(nullable=True)
    fzo_fundable = Flag(nullable=True)
    big_registered = Flag(nullable=True)
    accreditation = Many(Text())
    provenance = Provenance()
    sources = source_keys()
    note = Text(nullable=True)


class DurationBlock(Block):
    """How long the programme takes."""

    min = Whole(1, nullable=True)
    max = Whole(1, nullable=True)
    provenance = Provenance()
    sources = Many(Key(), optional=True)
    note = Text(optional=True)


class ContractHoursBlock(Block):
    """The hours of the contract that the programme needs."""

    value = Whole(1, 60)
    provenance = Provenance()
    sources = Many(Key(), optional=True)
    note = Text(optional=True)


class RecordFieldBlock(TitledBlock):
    """Something that the file of a trainee must hold."""

    provenance = Provenance()
    sources = source_keys()


class ExemptionLimitsBlock(Block):
    """The most that may be exempted, as a percentage of the minimum hours; null is not named."""

    practice_percent_max = Whole(0, 100, nullable=True)
    theory_percent_max = Whole(0, 100, nullable=True)
    provenance = Provenance()
    sources = source_keys()
    note = Text(nullable=True)


class ProgrammeLoadBlock(StudyLoadBlock):
    """The hours of the programme, and how many of them may be exempted."""

    exemption_limits = block(ExemptionLimitsBlock, optional=True)


class RequestsBlock(Block):
    """How long requests for an assessment wait, in days; a reminder that is null is not sent."""

    first_reminder_days = Whole(1, LONGEST_TERM, nullable=True)
    second_reminder_days = Whole(1, LONGEST_TERM, nullable=True)
    expiry_days = Whole(1, LONGEST_TERM)
    extension_days = Whole(1, LONGEST_TERM)
    provenance = Provenance()
    note = Text(optional=True)

    @validates_schema
    def _is_in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        first, second, expiry = (data[name] for name in ("first_reminder_days", "second_reminder_days", "expiry_days"))
        problems = {}
        if first is not None and first >= expiry:
            problems["first_reminder_days"] = [_("A reminder must come before the request expires.")]
        if second is not None and second >= expiry:
            problems["second_reminder_days"] = [_("A reminder must come before the request expires.")]
        if second is not None and (first is None or second <= first):
            problems["second_reminder_days"] = [_("The second reminder must come after the first.")]
        if problems:
            raise ValidationError(problems)


class ProgrammeBlock(Block):
    """What the programme is."""

    key = Key()
    version = Text()
    status = OneOf(ProgrammeStatus)
    title = Title()
    short_title = Title()
    summary = Words()
    kind = OneOf(ProgrammeKind)
    provenance = Provenance()
    provenance_by_field = provenance_marks()
    sources = source_keys()
    note = Text(nullable=True)
    audience = Words(nullable=True)
    cluster = block(ClusterBlock, nullable=True)
    tracks = blocks(TitledBlock)
    regulation = block(RegulationBlock)
    default_scale = block(ScaleReference)
    duration_months = block(DurationBlock, nullable=True)
    contract_hours_per_week_min = block(ContractHoursBlock, nullable=True)
    study_load = block(ProgrammeLoadBlock, nullable=True)
    record_fields = blocks(RecordFieldBlock)
    requests = block(RequestsBlock, optional=True)


class GrantsBlock(Block):
    """What an exemption frees from."""

    types = Many(OneOf(EpaType))
    tracks = Many(Key())
    epas = Many(Key())


class ExemptionBlock(Block):
    """What frees somebody from a part of the programme."""

    key = Key()
    text = Words()
    grants = block(GrantsBlock)
    provenance = Provenance()
    sources = source_keys()
    note = Text(nullable=True)


class StageBlock(Block):
    """A moment at which a level is expected, and what it asks beside the EPAs."""

    key = Key()
    order = Whole(1)
    title = Title()
    provenance = Provenance()
    requirements = Many(Entry(), optional=True)


class PhaseBlock(Block):
    """A part of the order of work."""

    key = Key()
    order = Whole(1)
    title = Title()
    level_tag = Key(nullable=True)
    when = Words(nullable=True)
    epas = Many(Key())
    requires = Many(Key())
    provenance = Provenance()


class PlacementBlock(TitledBlock):
    """Work at another place."""

    mandatory = Flag()
    settings = blocks(TitledBlock)
    min_count = Whole(1)
    min_settings = Whole(1, optional=True)
    provenance = Provenance()
    sources = source_keys()
    note = Text(nullable=True)


class ContextBlock(TitledBlock):
    """Something that observations can be spread over: a patient group, a complexity or a setting of the programme."""

    kind = OneOf(LISTED)
    provenance = Provenance()


class CompletionBlock(Block):
    """One of the rules that must hold to complete the programme."""

    rule = OneOf(COMPLETION_FIELDS)
    type = OneOf(EpaType, optional=True)
    within_track = Flag(optional=True)
    at_stage = Key(optional=True)
    min_count = Whole(1, optional=True)
    min_percent = Whole(1, 100, optional=True)
    modules = Many(Key(), optional=True)
    requirement = Entry(optional=True)
    title = Title(optional=True)
    provenance = Provenance()
    sources = source_keys()

    @validates_schema
    def _has_the_fields_of_its_rule(self, data: dict[str, Any], **_kwargs: Any) -> None:
        needed, allowed = COMPLETION_FIELDS[data["rule"]]
        given = data.keys() - {"rule", "provenance", "sources"}
        problems = {name: [_("This rule needs this key.")] for name in needed - given}
        problems |= {name: [_("This key does not belong to this rule.")] for name in given - needed - allowed}
        if problems:
            raise ValidationError(problems)


class ProgrammeFile(Block):
    """The file of one programme."""

    schema = Always("bekwaam-curriculum/1")
    programme = block(ProgrammeBlock)
    entry_requirements = blocks(EntryRequirementBlock)
    exemptions = blocks(ExemptionBlock)
    stages = blocks(StageBlock)
    phases = blocks(PhaseBlock)
    placements = blocks(PlacementBlock)
    contexts = blocks(ContextBlock, optional=True)
    completion = blocks(CompletionBlock)
    epas = blocks(EpaBlock)
    epa_refs = blocks(EpaReferenceBlock)
    modules = blocks(ModuleBlock)
    learning_activities = blocks(LearningActivityBlock)
    cohort = block(CohortBlock, nullable=True)
    forms = blocks(FormBlock)
    frameworks = blocks(FrameworkBlock)
    crosswalk = blocks(CrosswalkBlock)
    sources = MapOf(Address())
