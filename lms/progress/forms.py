"""What a browser sends to choose which trainees of a cohort to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import HiddenField, SelectField, StringField

from lms.core.forms import Form
from lms.core.words import _, _l, in_language
from lms.progress.values import Selection, Shown, Words


class SelectionForm(Form):
    """Which trainees of a cohort to show; it only reads, so it carries no token."""

    unguarded = frozenset({"name"})

    class Meta(Form.Meta):  # type: ignore[name-defined]
        """No token: nothing changes."""

        csrf = False

    name = StringField(_l("Name"))
    department = SelectField(_l("Department"))
    track = SelectField(_l("Track"))
    shown = SelectField(_l("Trainees"))
    order = HiddenField()
    descending = HiddenField()

    @classmethod
    def of(
        cls, selection: Selection, *, departments: Iterable[str], tracks: Iterable[str], titles: Mapping[str, Words]
    ) -> SelectionForm:
        """Return the form as the selection stands, with what there is to choose from in this cohort."""
        form = cls(formdata=None, data={"shown": selection.shown.value, **selection.as_arguments()})
        form.department.choices = [("", _("All departments")), *((one, one) for one in departments)]
        form.track.choices = [("", _("All tracks")), *((key, in_language(titles.get(key)) or key) for key in tracks)]
        form.shown.choices = [
            (Shown.ALL.value, _("All")),
            (Shown.CURRENT.value, _("Current")),
            (Shown.ENDED.value, _("Ended")),
        ]
        return form
