"""What a browser sends about reflections."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wtforms import HiddenField, SelectChoice, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.core.forms import Form, chosen_key, long_text, required
from lms.core.keys import uuid7
from lms.core.words import _, _l
from lms.curriculum.models import Epa
from lms.logbook.values import epa_line

LONGEST_REFLECTION = 20_000


class ReflectionForm(Form):
    """What is written, and the EPAs for which it is counted."""

    text = long_text(_l("Your reflection"), optional=False, longest=LONGEST_REFLECTION, render_kw={"rows": 12})
    epas = SelectMultipleField(
        _l("Counts for"), coerce=chosen_key, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    version = HiddenField()
    key = HiddenField()

    @property
    def opened_as(self) -> UUID:
        """Return the key that was made when the form was opened, or raise form_damaged for what is none."""
        try:
            return UUID(self.key.data or "")
        except ValueError as damaged:
            raise RuleBroken("form_damaged") from damaged

    def open_anew(self) -> None:
        """Give the form a new key: what it sends next is kept as well."""
        self.key.data = str(uuid7())

    def offer(self, epas: Iterable[Epa]) -> ReflectionForm:
        """Fill the list of EPAs; without any there is no such question."""
        self.epas.choices = [SelectChoice(str(epa.id), epa_line(epa)) for epa in epas]
        if not self.epas.choices:
            del self.epas
        return self

    @property
    def counts_for(self) -> list[UUID]:
        """The EPAs that were chosen."""
        return list(self.epas.data or []) if self.epas else []


def _key_or_none(value: str | UUID | None) -> UUID | None:
    return chosen_key(value) if value else None


class ShareForm(Form):
    """Who may read it."""

    reader = SelectField(_l("Who may read it?"), coerce=_key_or_none, validators=[required()])

    def offer(self, readers: Iterable[User]) -> ShareForm:
        """Fill the list of people; nobody is chosen beforehand, so that one press shares nothing."""
        people = [SelectChoice(str(one.id), one.name) for one in readers]
        self.reader.choices = [SelectChoice("", _("Choose a person")), *people] if people else []
        return self
