"""What a browser sends about rosters."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from lms.core.forms import Form
from lms.core.words import _l


class RosterForm(Form):
    """A roster as a file."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))], render_kw={"accept": ".xlsx,.csv"})


class ApplyForm(Form):
    """That a roster is imported as its reader saw it."""

    seen = HiddenField()
