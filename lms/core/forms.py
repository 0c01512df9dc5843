"""What every browser form stands on: its token, the reader's language, refusals beside their field, guarded texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from competencies.errors import RuleBroken
from lms.core import clock
from lms.core.patient_data import suspicions_in
from lms.core.words import _l, rule_text

LONGEST_LINE = 200
LONGEST_TEXT = 4000


class Form(FlaskForm):
    """A form that keeps all that was typed when it is refused, and refuses a text that seems to point at a patient.

    Every field for text is guarded, but for those named in `unguarded`. What the guard finds is said to the writer and
    kept nowhere; with the tick of `not_about_a_patient` the text is taken as it is.
    """

    unguarded: ClassVar[frozenset[str]] = frozenset()
    """The fields in which nobody writes about their work, such as names and addresses."""
    seems_about_a_patient = False

    not_about_a_patient = BooleanField(
        _l("This is not about a patient"),
        description=_l("Then it is stored as it stands. That something was found here is kept nowhere."),
    )

    def __init__(self, *sent: Any, **stored: Any) -> None:
        """Make the form; where nobody writes about their work there is nothing to overrule."""
        super().__init__(*sent, **stored)
        if not any(self._guarded_fields()):
            del self.not_about_a_patient

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the form can be taken as it is; whatever cannot stands beside its field."""
        sound: bool = super().validate(extra_validators)
        return not self._is_held_back() and sound

    def _is_held_back(self) -> bool:
        """Say beside its field what seems to point at a patient, unless the writer says that it does not."""
        found = {field: suspicions_in(field.data or "", on=clock.today()) for field in self._guarded_fields()}
        self.seems_about_a_patient = any(found.values())
        if not self.seems_about_a_patient or self.not_about_a_patient.data:
            return False
        for field, said in found.items():
            field.errors = [*field.errors, *said]
        return True

    def checks(self) -> dict[str, dict[str, object]]:
        """Return what a script can check before the form is sent: by field its label and, in words, what is wrong."""
        return {field.name: _checks_of(field) for field in self if not isinstance(field, HiddenField | BooleanField)}

    def _guarded_fields(self) -> Iterator[Field]:
        return (field for field in self if is_for_text(type(field)) and field.short_name not in self.unguarded)

    def refuse(self, broken: RuleBroken, field: str | None = None) -> None:
        """Put a broken rule beside its field, or above the form where it is about no single one."""
        target = self.form_errors if field is None else self[field].errors
        message = rule_text(broken)
        if isinstance(target, tuple):
            self[field].errors = [message]
        else:
            target.append(message)


def lines_in(form: Form) -> list[tuple[str, str]]:
    """Return what stands in a form, each line under the words of its question; what is hidden is left out."""
    asked = [field for field in form if not isinstance(field, HiddenField | BooleanField)]
    return [(str(field.label.text), _said(field)) for field in asked if field.data not in {None, ""}]


def _said(field: Field) -> str:
    if isinstance(field, SelectFieldBase):
        return "; ".join(str(option.label.text) for option in field if option.checked)
    return str(field.data)


class Confirm(Form):
    """A form of one button: it holds the CSRF token and nothing else."""


def _checks_of(field: Field) -> dict[str, object]:
    checks: dict[str, object] = {"label": str(field.label.text)}
    for one in field.validators:
        if isinstance(one, DataRequired | InputRequired):
            checks["required"] = str(one.message)
        elif isinstance(one, Length):
            checks["most"] = [one.max, str(one.message) % {"max": one.max}]
        elif isinstance(one, NumberRange):
            checks["range"] = [one.min, one.max, str(one.message) % {"min": one.min, "max": one.max}]
    return checks


def is_for_text(kind: type[Field]) -> bool:
    """Return whether people type free text into fields of this kind."""
    return issubclass(kind, StringField) and not issubclass(kind, HiddenField | PasswordField)


def required_line(text: object, *, longest: int = LONGEST_LINE, **options: Any) -> StringField:
    """Return a field for one line that must be filled in."""
    return StringField(text, validators=[required(), no_longer_than(longest)], filters=[stripped], **options)


def long_text(text: object, *, optional: bool = True, longest: int = LONGEST_TEXT, **options: Any) -> TextAreaField:
    """Return a field for a longer text."""
    checks = [no_longer_than(longest)] if optional else [required(), no_longer_than(longest)]
    return TextAreaField(text, validators=checks, filters=[stripped], **options)


def required() -> DataRequired:
    """Return the check that something was filled in."""
    return DataRequired(_l("Fill this in."))


def no_longer_than(longest: int) -> Length:
    """Return the check that a text has at most so many characters."""
    return Length(max=longest, message=_l("Use at most %(max)d characters."))


def stripped(text: str | None) -> str:
    """Return the text without the spaces around it; nothing is the empty text."""
    return (text or "").replace("\x00", "").strip()


def chosen_key(value: str | UUID) -> UUID:
    """Return the key that a choice stands for, as the browser sends it or as the code hands it in."""
    return UUID(str(value))


def key_or_none(value: str | UUID | None) -> UUID | None:
    """Return the key that was chosen in a list, or None for its empty line."""
    return chosen_key(value) if value else None


def several(text: object, message: object, **options: Any) -> SelectMultipleField:
    """Return a question with checkboxes of which at least one must be ticked; the choices are keys."""
    return SelectMultipleField(
        text,
        validators=[InputRequired(message)],
        coerce=chosen_key,
        option_widget=CheckboxInput(),
        widget=ListWidget(),
        **options,
    )
