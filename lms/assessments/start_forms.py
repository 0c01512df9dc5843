"""What a browser sends about an assessment that nobody asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast
from uuid import UUID

from wtforms import DateField, SelectChoice, SelectField

from competencies.observations import ActivityKind
from lms.assessments.forms import AnswerForm, form_for
from lms.assessments.start_values import WayToStart
from lms.core.forms import chosen_key, key_or_none, required, required_line
from lms.core.words import _, _l, label
from lms.logbook.actions import Account
from lms.logbook.fields import ContextForm, OpenedForm, places
from lms.logbook.values import SPECIAL, Offered, epa_line, known_first


class ActFields(OpenedForm, ContextForm):
    """What was seen: what was done, when, where, and for which EPA."""

    note = required_line(_l("What was done, in one line"), render_kw={"autocomplete": "off"})
    epa = SelectField(_l("EPA"), coerce=key_or_none, validators=[required()])
    kind = SelectField(_l("Kind of activity"), coerce=ActivityKind, validators=[required()])
    performed_on = DateField(_l("Day"), validators=[required()])
    department = SelectField(_l("Department"), coerce=chosen_key, validators=[required()])

    def offer(self, offered: Offered, epa_ids: Collection[UUID], recent: Collection[UUID] = ()) -> ActFields:
        """Fill the lists; of the EPAs those that can be assessed in this way, the `recent` ones in front."""
        epas = known_first((one for key, one in offered.epas.items() if key in epa_ids), recent)
        known = [SelectChoice(str(epa.id), epa_line(epa)) for epa in epas]
        self.epa.choices = [SelectChoice("", _("Choose an EPA")), *known] if len(known) > 1 else known
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in ActivityKind if kind not in SPECIAL]
        self.department.choices = places(offered.departments.values())
        self.offer_contexts(offered.contexts)
        return self

    def account(self) -> Account:
        """Return what was done."""
        return Account(
            kind=self.kind.data,
            performed_on=self.performed_on.data,
            department_id=self.department.data,
            epa_ids=[self.epa.data],
            note=self.note.data,
            quantity=1,
            contexts=self.contexts,
        )


class StartForm(ActFields, AnswerForm):
    """What was seen, and what the assessor says of it; the question is that of the way (`start_form_for`)."""


def start_form_for(way: WayToStart) -> type[StartForm]:
    """Return the form for something seen that is assessed in this way."""
    answer = form_for(way.instrument.result, way.scale, way.direction, {}, way.items)
    return cast(type[StartForm], type("StartForm", (ActFields, answer), {}))
