"""What a browser sends about one activity, for every form that asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import DateField, HiddenField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from competencies.activities import LARGEST_QUANTITY
from competencies.observations import ActivityKind
from lms.core.forms import Form, chosen_key, required, required_line, several
from lms.core.words import _l, label
from lms.curriculum.models import Epa
from lms.logbook.actions import Account
from lms.logbook.values import epa_line
from lms.organisations.models import Department

NUMBER = _l("Use a number from %(min)s to %(max)s.")


def places(departments: Iterable[Department]) -> list[SelectChoice]:
    """Return departments to choose from, by organisation."""
    return [SelectChoice(str(one.id), one.name, optgroup=one.organisation.name) for one in departments]


class ActivityForm(Form):
    """What was done, when, where and for which EPAs."""

    kind = SelectField(_l("Kind of activity"), coerce=ActivityKind, validators=[required()])
    performed_on = DateField(_l("Day"), validators=[required()])
    epas = several(_l("EPAs"), _l("Choose at least one EPA."))
    note = required_line(_l("What you did, in one line"), render_kw={"autocomplete": "off"})
    department = SelectField(_l("Department"), coerce=chosen_key, validators=[required()])
    quantity = IntegerField(
        _l("Number of times"),
        default=1,
        validators=[
            InputRequired(_l("Fill this in.")),
            NumberRange(1, LARGEST_QUANTITY, NUMBER),
        ],
        render_kw={"inputmode": "numeric", "min": 1, "max": LARGEST_QUANTITY},
    )
    version = HiddenField()

    def offer(self, epas: Iterable[Epa], departments: Iterable[Department]) -> ActivityForm:
        """Fill the lists of kinds, EPAs and departments; departments come by organisation."""
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in ActivityKind]
        self.epas.choices = [SelectChoice(str(epa.id), epa_line(epa)) for epa in epas]
        self.department.choices = places(departments)
        return self

    def account(self) -> Account:
        """Return what was filled in."""
        return Account(
            kind=self.kind.data,
            performed_on=self.performed_on.data,
            department_id=self.department.data,
            epa_ids=self.epas.data,
            note=self.note.data,
            quantity=self.quantity.data,
        )
