"""What a browser sends about one activity, for every form that asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from wtforms import DateField, HiddenField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from competencies.activities import LARGEST_QUANTITY, REFLECTION_NOTE
from competencies.errors import RuleBroken
from competencies.observations import LISTED, ActivityKind, Context
from lms.core.forms import Form, chosen_key, required, required_line, several
from lms.core.keys import uuid7
from lms.core.words import LABELS, _, _l, in_language, label
from lms.curriculum.queries import Contexts
from lms.logbook.actions import Account
from lms.logbook.values import Offered, epa_line, known_first
from lms.organisations.models import Department

NUMBER = _l("Use a number from %(min)s to %(max)s.")


def places(departments: Iterable[Department]) -> list[SelectChoice]:
    """Return departments to choose from, by organisation."""
    return [SelectChoice(str(one.id), one.name, optgroup=one.organisation.name) for one in departments]


def _context(context: Context) -> SelectField:
    return SelectField(LABELS["Context"][context.value], default="")


class OpenedForm(Form):
    """A form that carries the key that was made when it was opened, so that it logs once however often it is sent."""

    key = HiddenField()

    @property
    def opened_as(self) -> UUID:
        """Return the key, or raise form_damaged for what is none."""
        try:
            key = UUID(self.key.data)
        except ValueError as damaged:
            raise RuleBroken("form_damaged") from damaged
        if key.version != 7:
            raise RuleBroken("form_damaged")
        return key

    def open_anew(self) -> None:
        """Give the form a new key: what it sends next is logged as well."""
        self.key.data = str(uuid7())


class ContextForm(Form):
    """In which patient group, complexity and setting it was: only what the programme lists is asked."""

    patient_group = _context(Context.PATIENT_GROUP)
    complexity = _context(Context.COMPLEXITY)
    setting = _context(Context.SETTING)

    @property
    def asked_contexts(self) -> list[SelectField]:
        """Return the questions that are asked."""
        return [self[one.value] for one in LISTED if one.value in self]

    @property
    def contexts(self) -> dict[Context, str]:
        """Return what was chosen."""
        return {Context(field.name): field.data for field in self.asked_contexts if field.data}

    def offer_contexts(self, listed: Contexts) -> None:
        """Fill the lists, and leave out what the programme does not list."""
        for one in LISTED:
            titles = listed.get(one)
            if titles:
                known = [SelectChoice(key, in_language(title)) for key, title in titles.items()]
                self[one.value].choices = [SelectChoice("", _("not said")), *known]
            else:
                del self[one.value]


class ActivityForm(ContextForm):
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

    def offer(self, offered: Offered, recent: Collection[UUID]) -> ActivityForm:
        """Fill the lists: the EPAs that were used last in front, departments by organisation."""
        self._offer_kinds(kind for kind in ActivityKind if kind is not ActivityKind.REFLECTION)
        epas = known_first(offered.epas.values(), recent)
        self.epas.choices = [SelectChoice(str(epa.id), epa_line(epa)) for epa in epas]
        self.department.choices = places(offered.departments.values())
        self.offer_contexts(offered.contexts)
        return self

    def for_reflection(self) -> None:
        """Ask only for what the logbook knows of a reflection; what was written stands elsewhere."""
        self._offer_kinds([ActivityKind.REFLECTION])
        del self.note

    def _offer_kinds(self, kinds: Iterable[ActivityKind]) -> None:
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in kinds]

    def account(self) -> Account:
        """Return what was filled in."""
        return Account(
            kind=self.kind.data,
            performed_on=self.performed_on.data,
            department_id=self.department.data,
            epa_ids=self.epas.data,
            note=self.note.data if self.note else REFLECTION_NOTE,
            quantity=self.quantity.data,
            contexts=self.contexts,
        )
