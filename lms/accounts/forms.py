"""What a browser sends about accounts."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length

from lms.accounts.passwords import LONGEST, SHORTEST
from lms.core.forms import LONGEST_LINE, Form, no_longer_than, required, stripped
from lms.core.words import LANGUAGES, _l


class SignInForm(Form):
    """E-mail address and password."""

    unguarded = frozenset({"email"})

    email = StringField(
        _l("E-mail address"),
        validators=[required(), no_longer_than(LONGEST_LINE)],
        filters=[stripped],
        render_kw={"autocomplete": "username", "inputmode": "email"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Fill this in.")), no_longer_than(LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class LanguageForm(Form):
    """The language to read in, and the page to go back to."""

    language = RadioField(_l("Language"), choices=[SelectChoice(code, code) for code in LANGUAGES])
    next = HiddenField()


class PasswordForm(Form):
    """The present password and, twice, the new one."""

    present = PasswordField(
        _l("Present password"),
        validators=[InputRequired(_l("Fill this in."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        validators=[
            InputRequired(_l("Fill this in.")),
            Length(SHORTEST, LONGEST, _l("Use %(min)d to %(max)d characters.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password, once more"),
        validators=[InputRequired(_l("Fill this in.")), EqualTo("new", _l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )
