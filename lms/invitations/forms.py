"""What a browser sends about invitations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired

from lms.assessments.forms import AnswerForm, Groups
from lms.core.forms import LONGEST_LINE, Form, chosen_key, no_longer_than, required, required_line, stripped
from lms.core.words import _l
from lms.curriculum.models import Epa
from lms.invitations.values import Guest
from lms.logbook.values import epa_line

NAMES = frozenset({"name", "role", "email"})
"""The fields in which nobody writes about their work."""


def email_line(text: object, **options: Any) -> StringField:
    """Return a field for an e-mail address that must be filled in."""
    return StringField(
        text,
        validators=[required(), no_longer_than(LONGEST_LINE), Email(_l("This is not an e-mail address."))],
        filters=[stripped],
        **options,
    )


class CodeForm(Form):
    """On which EPA of the activity, and in which way, somebody is asked."""

    epa = RadioField(_l("EPA"), coerce=chosen_key, validators=[InputRequired(_l("Choose one of these."))])
    way = SelectField(_l("Way of assessing"), validators=[required()])

    def offer(self, ways: Groups, epas: Iterable[Epa]) -> CodeForm:
        """Fill the lists: the ways by group, and the EPAs of the activity."""
        self.epa.choices = [SelectChoice(str(epa.id), epa_line(epa)) for epa in epas]
        self.way.choices = [SelectChoice(key, said, optgroup=group) for group, one in ways.items() for key, said in one]
        return self

    @property
    def epa_id(self) -> UUID:
        """Return the EPA that was chosen."""
        chosen: UUID = self.epa.data
        return chosen


class InviteForm(CodeForm):
    """Whom to invite by e-mail, and to what."""

    unguarded: ClassVar[frozenset[str]] = NAMES

    email = email_line(
        _l("Work e-mail address"),
        description=_l(
            "The link goes to this address. An address of their work says best who answered; an address that anybody "
            "can make, such as one of gmail.com, says little."
        ),
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )
    name = required_line(_l("Name"), render_kw={"autocomplete": "off"})
    role = required_line(
        _l("Role at work"),
        description=_l("Such as: nurse specialist, anaesthetist, ambulance nurse."),
        render_kw={"autocomplete": "off"},
    )

    def guest(self) -> Guest:
        """Return who is invited."""
        return Guest(email=self.email.data, name=self.name.data, role=self.role.data)


class Confirmed:
    """Who answers, as they say themselves."""

    unguarded: ClassVar[frozenset[str]] = NAMES

    name = required_line(_l("Your name"), render_kw={"autocomplete": "name"})
    role = required_line(_l("Your role"), render_kw={"autocomplete": "organization-title"})
    email = email_line(_l("Your work e-mail address"), render_kw={"inputmode": "email", "autocomplete": "email"})

    def guest(self) -> Guest:
        """Return who answers."""
        return Guest(email=self.email.data, name=self.name.data, role=self.role.data)


class LinkForm(Confirmed, AnswerForm):
    """An answer by link: the answer, and who gives it."""


def link_form(kind: type[AnswerForm]) -> type[LinkForm]:
    """Return the form for an answer of that kind by somebody who says who they are."""
    return type("LinkForm", (Confirmed, kind), {})
