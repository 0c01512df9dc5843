"""The filters of a report, and the form that asks for it as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import DateField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired

from lms.core.forms import Form
from lms.core.words import _, _l
from lms.progress.values import Selection, Shown
from lms.reports.formats import Format

FILE_FORMATS = (Format.XLSX, Format.CSV, Format.JSON)


class ReportFilters(Form):
    """Which trainees to show, and on which day; read from the address, so it needs no token."""

    unguarded = frozenset({"name"})

    class Meta:
        """A form that only reads."""

        csrf = False

    name = StringField(_l("Name contains"))
    department = SelectField(_l("Department"))
    track = SelectField(_l("Track"))
    shown = SelectField(_l("Trainees"))
    on = DateField(_l("State on"))

    @classmethod
    def showing(
        cls, selection: Selection, *, on: date, departments: Sequence[str], tracks: Mapping[str, str]
    ) -> ReportFilters:
        """Return the form as it stands for this selection, with what there is to choose from."""
        form = cls(formdata=None, data=selection.as_arguments() | {"shown": selection.shown.value, "on": on})
        form.department.choices = _choices({"": _("All departments")} | {name: name for name in departments})
        form.track.choices = _choices({"": _("All tracks")} | dict(tracks))
        form.shown.choices = _choices({Shown.ALL: _("Everybody"), Shown.CURRENT: _("Current"), Shown.ENDED: _("Ended")})
        return form


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in words.items()]


class ReportFile(Form):
    """Asks for the report as a file; the filters travel along with it."""

    format = SelectField(
        _l("File format"),
        choices=[SelectChoice(one.value, one.value.upper()) for one in FILE_FORMATS],
        validators=[InputRequired(_l("Choose a format."))],
    )
