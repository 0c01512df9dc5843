"""What somebody says of themselves on the page of what they would still need; read from the address, never stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import Form, required
from lms.core.words import _l


class NeedsForm(Form):
    """The track that somebody wants to follow, and the qualifications that they have."""

    class Meta:
        """A form that reads and changes nothing needs no token."""

        csrf = False

    track = SelectField(_l("Track"), validators=[required()], validate_choice=False)
    have = SelectMultipleField(_l("I have"), option_widget=CheckboxInput(), widget=ListWidget(), validate_choice=False)

    @classmethod
    def for_path(
        cls, answers: Mapping[str, object], *, tracks: Mapping[str, str], grounds: Mapping[str, str]
    ) -> NeedsForm:
        """Return the form with its choices, as filled in by an address."""
        form = cls(answers)
        form.track.choices = list(tracks.items())
        form.have.choices = list(grounds.items())
        return form

    def chosen_track(self, tracks: Collection[str]) -> str | None:
        """Return the track that was chosen, else the first; None where there are none."""
        return self.track.data if self.track.data in tracks else next(iter(tracks), None)

    def chosen_grounds(self, grounds: Collection[str]) -> list[str]:
        """Return the qualifications that were ticked and that the programme knows."""
        return [one for one in self.have.data or [] if one in grounds]
