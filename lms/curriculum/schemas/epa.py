"""An EPA in a programme file: the eight parts of its description and the evidence for its declaration."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from competencies.curricula import EpaType
from lms.core.words import _
from lms.curriculum.models import EpaDemand
from lms.curriculum.schemas.fields import (
    Block,
    Flag,
    Key,
    Many,
    MapOf,
    OneOf,
    Provenance,
    Text,
    TextsByLanguage,
    Title,
    Whole,
    Words,
    YearMonth,
    block,
    blocks,
    provenance_marks,
    source_keys,
)
from lms.curriculum.schemas.parts import EntryRequirementBlock, StudyLoadBlock, TitledBlock
from lms.curriculum.schemas.requirements import Entry

CONCEPT = "CONCEPT-"
"""How a code begins that is our own and never passes for an official one."""


class ScaleReference(Block):
    """A version of a scale."""

    id = Key()
    version = Whole(1)


class RequiredLevelBlock(Block):
    """The level expected at a stage."""

    stage = Key()
    level = Key()


class InformationSources(Block):
    """Part 6: what progress and what the decision are judged on."""

    progress = Words()
    decision = Words()


class Description(Block):
    """Parts 2, 3, 5 and 6 of the description."""

    specification = Words()
    activities = TextsByLanguage(optional=True)
    limitations = Words()
    risks = Words()
    knowledge = TextsByLanguage()
    skills = TextsByLanguage()
    attitudes = TextsByLanguage()
    experience = TextsByLanguage()
    information_sources = block(InformationSources)


class Validity(Block):
    """Part 8: when a declaration expires."""

    months = Whole(1)
    inactivity_months = Whole(1, nullable=True)
    renewal = Words()
    provenance = Provenance()


class BelongsToBlock(Block):
    """The EPA that an option belongs to instead, of this programme where no other is named."""

    programme = Key(optional=True)
    epa = Key()


CONSEQUENCES = ("then_min_total", "then_requires", "then_site_needs", "then_belongs_to")
"""What a scope rule can ask; each asks one of these."""


class ScopeRuleBlock(Block):
    """What choosing an option asks."""

    if_selected = Key()
    then_min_total = Whole(1, optional=True)
    then_requires = Many(Key(), least=1, optional=True)
    then_site_needs = Key(optional=True)
    then_belongs_to = block(BelongsToBlock, optional=True)
    provenance = Provenance(optional=True)
    sources = Many(Key(), optional=True)

    @validates_schema
    def _asks_one_thing(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if len(data.keys() & set(CONSEQUENCES)) != 1:
            raise ValidationError(
                _("A rule asks one thing, so it has one of these: %(keys)s.", keys=", ".join(CONSEQUENCES))
            )


class ScopeGroupBlock(Block):
    """A group of options of which a declaration takes some."""

    key = Key()
    title = Title()
    choose_min = Whole(0)
    choose_max = Whole(1, nullable=True)
    options = blocks(TitledBlock, least=1)
    rules = blocks(ScopeRuleBlock)
    provenance = Provenance()
    sources = source_keys()


class EpaBlock(Block):
    """An EPA."""

    key = Key()
    parent = Key(optional=True)
    official_code = Text(nullable=True)
    local_code = Text(nullable=True)
    version = Text()
    adopted = YearMonth(nullable=True)
    order = Whole(1)
    title = Title()
    type = OneOf(EpaType)
    tracks = Many(Key())
    functions = Many(Key())
    function_transcending = Flag()
    level_tag = Key(nullable=True)
    provenance = Provenance()
    provenance_by_field = provenance_marks()
    sources = source_keys()
    note = Text(nullable=True)
    description = block(Description)
    entry_requirements = blocks(EntryRequirementBlock, optional=True)
    study_load = block(StudyLoadBlock, optional=True)
    competencies = MapOf(Many(Key(), least=1))
    scale = block(ScaleReference, nullable=True)
    required_levels = blocks(RequiredLevelBlock)
    validity = block(Validity, nullable=True)
    scope = blocks(ScopeGroupBlock)
    evidence = Many(Entry(staged=True))
    reserved_actions = Many(Key())

    @validates_schema
    def _has_an_honest_code(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse an EPA without a code, and a concept code in the place of an official one."""
        official = data.get("official_code")
        if official is None and data.get("local_code") is None:
            raise ValidationError(_("An EPA needs an official code or a local one."), "local_code")
        if official is not None and official.startswith(CONCEPT):
            raise ValidationError(_("A concept code is not an official code."), "official_code")

    @validates_schema
    def _has_levels_unless_cross_epa(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse levels of a cross-EPA learning activity, and an EPA without them."""
        if "type" not in data or "scale" not in data or "required_levels" not in data:
            return
        if data["type"] != EpaType.CROSS_EPA:
            self._refuse_without_levels(data)
        elif data["scale"] is not None or data["required_levels"]:
            raise ValidationError(_("A cross-EPA learning activity has no scale and no levels."), "scale")

    def _refuse_without_levels(self, data: dict[str, Any]) -> None:
        if data["scale"] is None:
            raise ValidationError(_("An EPA needs a scale."), "scale")
        if not data["required_levels"]:
            raise ValidationError(_("An EPA needs at least one required level."), "required_levels")


class EpaReferenceBlock(Block):
    """An EPA of another programme that this one uses."""

    programme = Key()
    epa = Key()
    requirement = OneOf(EpaDemand)
    required_levels = blocks(RequiredLevelBlock)
    provenance = Provenance()
