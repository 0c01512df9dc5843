"""The cohort block of a programme file: who takes part, in which groups, with which assignment."""

from __future__ import annotations

from lms.curriculum.schemas.fields import (
    Block,
    Day,
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


class OrganisationsBlock(Block):
    """How many organisations of a kind take part."""

    kind = Key()
    min = Whole(1)
    max = Whole(1)


class CapacityBlock(Block):
    """How many people can take part."""

    min = Whole(1)
    max = Whole(1)


class GroupNormBlock(Block):
    """The size of a group that works."""

    min = Whole(1)
    average = Whole(1)
    max = Whole(1)


class QuotaBlock(Block):
    """How the places are divided."""

    per_organisation = Whole(1, nullable=True)
    min_per_function_group = Whole(1, nullable=True)
    provenance = Provenance()


class EditionBlock(Block):
    """A run of the programme in the past or the future."""

    number = Whole(1, nullable=True)
    label = Text()
    start = Day(nullable=True)
    start_note = Text(nullable=True)
    kickoff_days = Whole(1, nullable=True)
    organisations = Whole(1, nullable=True)
    participants = Whole(1, nullable=True)
    provenance = Provenance()
    sources = source_keys()


class PartBlock(TitledBlock):
    """A part of the programme for one audience."""

    audience = Key()
    elements = blocks(TitledBlock)
    provenance = Provenance()
    sources = source_keys()


class PeerGroupsBlock(Block):
    """Groups of participants that meet."""

    size = Whole(1)
    count = Whole(1, nullable=True)
    composition = Words()
    meetings = Whole(1)
    content_confidential = Flag()


class MentoringBlock(Block):
    """How participants find a mentor, and what is kept of their talks."""

    pairing = Key()
    log = OneOf(("counts_only",))
    provenance = Provenance()
    sources = source_keys()


class FeedbackRoundsBlock(Block):
    """How often multi-source feedback is asked, and when."""

    count = Whole(1)
    form = Key()
    moments = Many(Key(), least=1)


class AssignmentBlock(Block):
    """What the participants work on."""

    kind = Key()
    title = Title()
    team_size = Whole(1, nullable=True)
    sponsor = Words()
    progress_scale = Key()
    outputs = blocks(TitledBlock)


class DeliverableBlock(TitledBlock):
    """What has to be handed in."""

    conditions = MapOf(Whole(1))
    provenance = Provenance()


class CohortBlock(Block):
    """The plan of a cohort programme."""

    partners = Many(Text())
    providers = Many(Text())
    organisations = block(OrganisationsBlock)
    capacity = block(CapacityBlock)
    group_norm = block(GroupNormBlock, nullable=True)
    selection = blocks(TitledBlock)
    function_groups = blocks(TitledBlock)
    quota = block(QuotaBlock)
    editions = blocks(EditionBlock)
    parts = blocks(PartBlock)
    client_roles = blocks(TitledBlock)
    peer_groups = block(PeerGroupsBlock)
    mentoring = block(MentoringBlock)
    msf_rounds = block(FeedbackRoundsBlock)
    assignment = block(AssignmentBlock)
    deliverables = blocks(DeliverableBlock)
    follow_up_months = Many(Whole(1))
    attendance_min_percent = Whole(0, 100)
    privacy = Words()
    provenance = Provenance()
    provenance_by_field = provenance_marks()
    sources = source_keys()
    note = Text(nullable=True)
