"""What a browser sends about the curriculum."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wtforms import DateField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from lms.core.forms import Form, required, required_line
from lms.core.words import _l
from lms.organisations.models import Department

WHOLE = ""
"""What stands for the organisation as a whole among its departments."""


class AccreditationForm(Form):
    """What a place is accredited for, who said so, and on which days."""

    unguarded = frozenset({"proof"})

    attribute = SelectField(_l("Accredited as"), validators=[required()])
    place = SelectField(_l("For which part"))
    proof = required_line(_l("Given by, with its number"))
    starts_on = DateField(_l("From"), validators=[required()])
    ends_on = DateField(_l("Until and including"), validators=[Optional()])

    def offer(self, attributes: Iterable[tuple[str, str]], departments: Iterable[Department]) -> AccreditationForm:
        """Fill the lists: what one can be accredited for, and the organisation with its departments."""
        places = [SelectChoice(str(place.id), place.name) for place in departments]
        self.attribute.choices = [SelectChoice(key, words) for key, words in attributes]
        self.place.choices = [SelectChoice(WHOLE, _l("The whole organisation")), *places]
        self.place.flags.required = True
        return self

    @property
    def department_id(self) -> UUID | None:
        """Return the department that was chosen, or none for the whole organisation."""
        return UUID(self.place.data) if self.place.data else None
