"""What a browser sends about activities."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import format_date
from wtforms import IntegerField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from competencies.activities import LARGEST_QUANTITY
from competencies.observations import ActivityKind
from lms.core.forms import LONGEST_LINE, chosen_key, no_longer_than, required, stripped
from lms.core.words import _l, in_language, label
from lms.curriculum.models import Epa
from lms.evidence.forms import WithFile
from lms.logbook.actions import Account
from lms.logbook.fields import NUMBER, ActivityForm, ContextForm, OpenedForm, places
from lms.logbook.values import SPECIAL, Offered, epa_line, known_first


class LogForm(OpenedForm, ActivityForm, WithFile):
    """What was done, for the first time."""


def _day(value: str | date) -> date:
    """Return the day that a choice stands for, as the browser sends it or as the code hands it in."""
    return value if isinstance(value, date) else date.fromisoformat(value)


class SeriesForm(OpenedForm, ContextForm):
    """What was done how many times for each EPA, on which days; the numbers are made by `series_form`.

    The first so many of them that are `known` are of EPAs that were used last.
    """

    known = 0

    days = SelectMultipleField(
        _l("Days"),
        coerce=_day,
        validators=[InputRequired(_l("Choose at least one day."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    kind = SelectField(_l("Kind of activity"), coerce=ActivityKind, validators=[required()])
    department = SelectField(_l("Department"), coerce=chosen_key, validators=[required()])
    note = StringField(
        _l("What you did, in one line"),
        validators=[no_longer_than(LONGEST_LINE)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )

    @property
    def numbers(self) -> list[IntegerField]:
        """Return the questions how many times, one for each EPA."""
        return [field for field in self if field.name.startswith("times_")]

    def accounts(self, epas: Mapping[UUID, Epa]) -> list[Account]:
        """Return an account for each day and EPA that was filled in, without words of its own called after the EPA."""
        times = {epa: self[f"times_{epa.id.hex}"].data for epa in epas.values() if f"times_{epa.id.hex}" in self}
        return [
            Account(
                kind=self.kind.data,
                performed_on=day,
                department_id=self.department.data,
                epa_ids=[epa.id],
                note=self.note.data or in_language(epa.title)[:LONGEST_LINE],
                quantity=number,
                contexts=self.contexts,
            )
            for day in sorted(set(self.days.data))
            for epa, number in times.items()
            if number
        ]


def series_form(offered: Offered, recent: Collection[UUID], days: Sequence[date], **standing: Any) -> SeriesForm:
    """Return a form with a number for each EPA, those that were used last in front; the first of the days is chosen."""
    epas = known_first(offered.epas.values(), recent)
    fields: dict[str, Any] = {f"times_{epa.id.hex}": _times(epa) for epa in epas}
    kind = type("SeriesFormOfEpas", (SeriesForm,), fields | {"known": sum(epa.id in recent for epa in epas)})
    form: SeriesForm = kind(data={"days": list(days[:1]), **standing})
    form.days.choices = [SelectChoice(day.isoformat(), format_date(day, "EEEE d MMMM")) for day in days]
    form.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in ActivityKind if kind not in SPECIAL]
    form.department.choices = places(offered.departments.values())
    form.offer_contexts(offered.contexts)
    return form


def _times(epa: Epa) -> IntegerField:
    return IntegerField(
        epa_line(epa),
        validators=[Optional(), NumberRange(0, LARGEST_QUANTITY, NUMBER)],
        render_kw={"inputmode": "numeric", "min": 0, "max": LARGEST_QUANTITY},
    )
