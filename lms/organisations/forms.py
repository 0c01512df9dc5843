"""What a browser sends about organisations."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import DateField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, Optional

from competencies.people import Role
from lms.core.forms import LONGEST_LINE, Form, no_longer_than, required, required_line, stripped
from lms.core.words import _l, label

GIVEN_BY_ORGANISATIONS = tuple(role for role in Role if role is not Role.REGIONAL_COORDINATOR)


class DepartmentForm(Form):
    """The name of a new department."""

    unguarded = frozenset({"name"})

    name = required_line(_l("Name of the department"))


class RoleForm(Form):
    """Who gets which role, and on which days."""

    unguarded = frozenset({"email"})

    email = StringField(
        _l("E-mail address of the person"),
        validators=[required(), no_longer_than(LONGEST_LINE), Email(_l("This is not an e-mail address."))],
        filters=[stripped],
        render_kw={"inputmode": "email"},
    )
    role = SelectField(_l("Role"), coerce=Role, validators=[required()])
    starts_on = DateField(_l("From"), validators=[required()])
    ends_on = DateField(_l("Until and including"), validators=[Optional()])

    def offer(self, roles: Iterable[Role] = GIVEN_BY_ORGANISATIONS) -> RoleForm:
        """Fill the list of roles."""
        self.role.choices = [SelectChoice(role.value, label(role)) for role in roles]
        return self
