"""What a browser sends of a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from flask_wtf.file import FileField
from wtforms import HiddenField

from competencies.errors import RuleBroken
from lms.core.forms import Form
from lms.core.words import _, _l, rule_text
from lms.evidence.values import ACCEPTED, LARGEST_FILE, MEGABYTE


class WithFile(Form):
    """A form with a file in it, or with the key of one that was sent in pieces before."""

    file = FileField(_l("Photo or file"))
    upload = HiddenField()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.file.render_kw = {
            "accept": ACCEPTED,
            "data-upload": url_for("evidence.start"),
            "data-largest": LARGEST_FILE,
            "data-going": _("Sending the file…"),
            "data-done": _("The file is sent. It is kept when you send this form."),
            "data-waiting": _("No connection. The file goes on by itself from where it was."),
            "data-large": rule_text(RuleBroken("file_too_large", most=LARGEST_FILE // MEGABYTE)),
        }

    @property
    def uploaded(self) -> UUID | None:
        """The key of the file that was sent in pieces; None where there is none."""
        try:
            return UUID(self.upload.data or "")
        except ValueError:
            return None


class FileForm(WithFile):
    """A form that is about nothing but its file."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.file.flags.required = True
