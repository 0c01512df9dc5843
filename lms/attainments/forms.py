"""What a browser sends about attainments; a kind has only the fields that say what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wtforms import DateField, DecimalField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import NumberInput

from competencies.attainments import MOST_HOURS, AttainmentKind, HoursOf
from lms.attainments.values import Account
from lms.core.forms import Form, chosen_key, long_text, no_longer_than, required, required_line
from lms.core.words import _, _l, label
from lms.organisations.models import Organisation

PASSED, FAILED = "passed", "failed"

FIELDS: Mapping[AttainmentKind, tuple[str, ...]] = {
    AttainmentKind.HOURS: ("what", "amount", "started_on", "done_on", "organisation", "remark"),
    AttainmentKind.PLACEMENT: ("what", "started_on", "done_on", "organisation", "remark"),
    AttainmentKind.SESSION: ("what", "days", "done_on", "remark"),
    AttainmentKind.PRODUCT: ("what", "title", "done_on", "remark"),
    AttainmentKind.TEST: ("what", "title", "result", "done_on", "remark"),
    AttainmentKind.EXTERNAL_DIPLOMA: ("title", "done_on", "proof"),
    AttainmentKind.EXEMPT_HOURS: ("what", "amount", "ground", "done_on", "proof"),
    AttainmentKind.EXEMPT_EPA: ("what", "ground", "done_on", "proof"),
}
"""The fields of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What can be chosen: what the programme has of this kind, its grounds for exemption, and the organisations."""

    what: Iterable[tuple[str, str]] = ()
    grounds: Iterable[tuple[str, str]] = ()
    organisations: Iterable[Organisation] = ()
    days: Mapping[str, Decimal] = field(default_factory=dict)


class AttainmentForm(Form):
    """What was attained, when, where, and how that can be checked."""

    what = SelectField(_l("What"), validators=[DataRequired(_l("Choose one."))])
    title = required_line(_l("Its name"))
    amount = DecimalField(
        _l("Hours"),
        places=2,
        validators=[
            InputRequired(_l("Fill this in.")),
            NumberRange(Decimal("0.01"), MOST_HOURS, _l("Use a number from %(min)s to %(max)s.")),
        ],
        widget=NumberInput(step="0.25"),
    )
    days = DecimalField(
        _l("Days"),
        places=2,
        description=_l("Leave this empty when all of it was attended."),
        validators=[MayBeEmpty(), NumberRange(Decimal("0.01"), 400, _l("Use a number from %(min)s to %(max)s."))],
        widget=NumberInput(step="0.25"),
    )
    result = RadioField(_l("Result"), validators=[InputRequired(_l("Choose one."))])
    ground = SelectField(_l("Ground for exemption"), validators=[DataRequired(_l("Choose one."))])
    started_on = DateField(_l("First day"), validators=[MayBeEmpty()])
    done_on = DateField(_l("Day"), validators=[required()])
    organisation = SelectField(_l("Organisation"), coerce=chosen_key, validators=[required()])
    remark = long_text(_l("Remark"), description=_l("No names or other data of patients."))
    proof = long_text(
        _l("Proof"),
        optional=False,
        description=_l("What somebody else can check: which document, from whom, where it is kept."),
    )

    @classmethod
    def of_kind(cls, kind: AttainmentKind, offered: Offered, **data: object) -> AttainmentForm:
        """Return the form for a kind, with what can be chosen."""
        form = cls(data=data)
        for name in {name for names in FIELDS.values() for name in names} - set(FIELDS[kind]):
            del form[name]
        form._offer(kind, offered)
        return form

    def _offer(self, kind: AttainmentKind, offered: Offered) -> None:
        if "what" in self:
            self.what.label.text = _WHAT[kind]
            self.what.choices = [SelectChoice(key, words) for key, words in offered.what]
        if "ground" in self:
            self.ground.choices = [SelectChoice(key, words) for key, words in offered.grounds]
        if "organisation" in self:
            self.organisation.choices = [SelectChoice(str(one.id), one.name) for one in offered.organisations]
        if "result" in self:
            self.result.choices = [SelectChoice(PASSED, _("Passed")), SelectChoice(FAILED, _("Not passed"))]
        if "title" in self and "what" in self:
            self.title.validators, self.title.flags.required = (no_longer_than(200),), False
            self.title.description = _("Only for what is not in the list.")
        if "started_on" in self:
            self.done_on.label.text = _("Last day")
        if kind.is_exemption:
            self.done_on.label.text = _("From which day")

    def account(self, kind: AttainmentKind, offered: Offered) -> Account:
        """Return what was filled in, as that kind of attainment."""
        key, setting = _key_of(self._said("what") or "")
        amount = self._said("amount") or self._said("days") or offered.days.get(key or "", Decimal(1))
        return Account(
            kind=kind,
            key=key,
            setting=setting,
            ground=self._said("ground"),
            title=self._said("title") or "",
            amount=amount,
            started_on=self._said("started_on"),
            done_on=self.done_on.data,
            organisation_id=self._said("organisation"),
            passed=self._said("result") != FAILED,
            proof=self._said("proof") or self._said("remark") or "",
        )

    def _said(self, name: str) -> Any:
        return self[name].data if name in self else None


OTHER = "-"
"""What is chosen for a product or a test that the programme does not name."""


def hours_choices() -> list[tuple[str, str]]:
    """Return the kinds of hours to choose from."""
    return [(of.value, label(of)) for of in HoursOf]


def _key_of(chosen: str) -> tuple[str | None, str | None]:
    """Return the key and the setting that a choice stands for; null for what the programme does not name."""
    if chosen in {"", OTHER}:
        return None, None
    key, _slash, setting = chosen.partition("/")
    return key, setting or None


_WHAT: Mapping[AttainmentKind, object] = {
    AttainmentKind.HOURS: _l("Kind of hours"),
    AttainmentKind.PLACEMENT: _l("Placement and setting"),
    AttainmentKind.SESSION: _l("Session or course"),
    AttainmentKind.PRODUCT: _l("Product"),
    AttainmentKind.TEST: _l("Test"),
    AttainmentKind.EXEMPT_HOURS: _l("Kind of hours"),
    AttainmentKind.EXEMPT_EPA: _l("EPA"),
}
"""The question that the list of a kind answers."""


class ReasonForm(Form):
    """Why something is not confirmed, or taken back."""

    reason = long_text(_l("Reason"), optional=False)
