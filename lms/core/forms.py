"""What every browser form stands on: the CSRF token, the reader's language, and a rule's refusal beside its field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from competencies.errors import RuleBroken
from lms.core.words import _l, rule_text

LONGEST_LINE = 200
LONGEST_TEXT = 4000


class Form(FlaskForm):
    """A form that keeps all that was typed when it is refused."""

    def refuse(self, broken: RuleBroken, field: str | None = None) -> None:
        """Put a broken rule beside its field, or above the form where it is about no single one."""
        target = self.form_errors if field is None else self[field].errors
        message = rule_text(broken)
        if isinstance(target, tuple):
            self[field].errors = [message]
        else:
            target.append(message)


class Confirm(Form):
    """A form of one button: it holds the CSRF token and nothing else."""


def required_line(text: object, *, longest: int = LONGEST_LINE, **options: Any) -> StringField:
    """Return a field for one line that must be filled in."""
    return StringField(text, validators=[required(), no_longer_than(longest)], filters=[stripped], **options)


def long_text(text: object, *, optional: bool = True, **options: Any) -> TextAreaField:
    """Return a field for a longer text."""
    checks = [no_longer_than(LONGEST_TEXT)] if optional else [required(), no_longer_than(LONGEST_TEXT)]
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
