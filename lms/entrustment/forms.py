"""What a browser sends about decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import DateField, HiddenField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from competencies.scales import Level
from competencies.scope import ScopeGroup
from lms.core.forms import Form, long_text, required
from lms.core.words import _l, in_language
from lms.entrustment.values import Declaration

SCOPE = "scope_"


class DecisionForm(Form):
    """The level, the days, the scope and the reasons of a decision."""

    level = RadioField(_l("Level"), validators=[InputRequired(_l("Choose a level."))])
    decided_on = DateField(_l("In force from"), validators=[required()])
    valid_until = DateField(_l("Valid until and including"), validators=[Optional()])
    remark = long_text(_l("Remark"), render_kw={"rows": 4})
    overrule_reason = long_text(_l("Reason to decide otherwise than the requirements"), render_kw={"rows": 4})
    supersedes = HiddenField()

    def declaration(self) -> Declaration:
        """Return what was filled in."""
        return Declaration(
            level=self.level.data,
            decided_on=self.decided_on.data,
            valid_until=self.valid_until.data,
            scope={one.name.removeprefix(SCOPE): one.data or [] for one in self.scope_fields},
            remark=self.remark.data,
            overrule_reason=self.overrule_reason.data,
            supersedes=_key(self.supersedes.data),
        )

    @property
    def scope_fields(self) -> list[SelectMultipleField]:
        """The questions on scope, one a group."""
        return [field for field in self if field.name.startswith(SCOPE)]


def _key(text: str | None) -> UUID | None:
    """Return the key that the page carried; one that was tampered with is no decision that anybody saw."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)


def decision_form(levels: Sequence[Level], groups: Sequence[ScopeGroup], **stored: Any) -> DecisionForm:
    """Return a form that asks for one of these levels and for the options of these groups."""
    questions = {SCOPE + group.key: _scope_field(group) for group in groups}
    form: DecisionForm = type("ScopedDecisionForm", (DecisionForm,), questions)(**stored)
    for group in groups:
        # Says so on the page; how many there must be is a rule of the EPA, which `check_scope` keeps.
        form[SCOPE + group.key].flags.required = group.choose_min > 0
    form.level.choices = [SelectChoice(level.code, in_language(level.title)) for level in levels]
    return form


def _scope_field(group: ScopeGroup) -> SelectMultipleField:
    return SelectMultipleField(
        in_language(group.title),
        choices=[SelectChoice(option.key, in_language(option.title)) for option in group.options],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
