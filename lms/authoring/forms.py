"""What a browser sends about drafts as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wtforms import DateField, HiddenField, RadioField, SelectChoice, SelectField

from competencies.curricula import ProgrammeKind
from competencies.drafts import Verdict
from lms.core.forms import Form, chosen_key, long_text, required, required_line
from lms.core.words import _l, label

Places = Iterable[tuple[UUID, str]]


class OwnerForm(Form):
    """For which organisation or alliance a draft is."""

    owner = SelectField(_l("For"), coerce=chosen_key, validators=[required()])

    def offer(self, places: Places) -> None:
        """Fill the list of places."""
        self.owner.choices = [SelectChoice(str(key), name) for key, name in places]


class NewProgrammeForm(OwnerForm):
    """A programme of which only this is known."""

    unguarded = frozenset({"title_nl", "title_en", "version"})

    title_nl = required_line(_l("Title in Dutch"))
    title_en = required_line(_l("Title in English"))
    kind = SelectField(_l("Kind"), validators=[required()])
    version = required_line(_l("Name of the first version"), longest=40)

    def offer_kinds(self) -> None:
        """Fill the list of kinds."""
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in ProgrammeKind]


class RevisionForm(OwnerForm):
    """The next version of a programme."""

    unguarded = frozenset({"version"})

    version = required_line(_l("Name of the new version"), longest=40)


class CopyForm(NewProgrammeForm):
    """A programme of one's own, made from another."""

    kind = None


class ReviewForm(Form):
    """What a second person says of a draft."""

    seen = HiddenField()
    verdict = RadioField(_l("Your verdict"), coerce=Verdict, validators=[required()])
    remark = long_text(_l("Remark for the writers"))

    def offer(self) -> ReviewForm:
        """Fill the list of verdicts."""
        self.verdict.choices = [
            SelectChoice(Verdict.APPROVED.value, _l("Approve: this can be published")),
            SelectChoice(Verdict.SENT_BACK.value, _l("Send back: this has to change first")),
        ]
        return self


class PublicationForm(Form):
    """From when a version counts, and what changed."""

    unguarded = frozenset({"note"})

    effective_on = DateField(_l("Counts from"), validators=[required()])
    note = long_text(_l("What changed, for trainees and trainers"), optional=False)
