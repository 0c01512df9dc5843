"""What a browser sends about concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wtforms import BooleanField, DateField, HiddenField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import CheckboxInput, ListWidget

from competencies.concerns import ConcernStep, TrustFactor
from lms.concerns.models import Concern
from lms.concerns.values import Account, Addition, is_shared, not_shown_yet
from lms.core.forms import Form, key_or_none, long_text, required
from lms.core.templating import day
from lms.core.words import _, _l, label
from lms.curriculum.models import Epa
from lms.logbook.fields import OpenedForm
from lms.logbook.values import epa_line


class ConcernForm(OpenedForm):
    """What somebody saw, said and thinks is needed."""

    seen_on = DateField(_l("When did you see it?"), validators=[required()])
    seen = long_text(
        _l("What did you see?"),
        optional=False,
        description=_l(
            "When, where, who did what. Write what you saw, not what you think of the person. Once is enough to write "
            "it down. Name what went well too. No patient data."
        ),
        render_kw={"rows": 5},
    )
    said = long_text(
        _l("What did you say to the trainee?"),
        optional=False,
        description=_l("In your own words, and what they answered. If you said nothing yet, write that and why."),
        render_kw={"rows": 4},
    )
    needed = long_text(
        _l("What is needed now?"),
        optional=False,
        description=_l("Who does what, and by when: closer supervision, practice, a talk, help from somebody else."),
        render_kw={"rows": 4},
    )
    factors = SelectMultipleField(
        _l("What is it about?"),
        description=_l("These are tags to find a pattern by. They are no scores and are counted nowhere."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    epa = SelectField(_l("EPA"), coerce=key_or_none, validators=[MayBeEmpty()])

    def offer(self, epas: Iterable[Epa]) -> ConcernForm:
        """Fill the lists of what it may be about."""
        self.factors.choices = [SelectChoice(one.value, label(one)) for one in TrustFactor]
        listed = [SelectChoice(str(one.id), epa_line(one)) for one in epas]
        self.epa.choices = [SelectChoice("", _("None in particular")), *listed]
        return self

    def account(self) -> Account:
        """Return what was filled in."""
        return Account(
            seen_on=self.seen_on.data,
            seen=self.seen.data,
            said=self.said.data,
            needed=self.needed.data,
            factors=tuple(TrustFactor(one) for one in self.factors.data or ()),
            epa_id=self.epa.data,
        )


QUESTIONS = {
    ConcernStep.TALKED: (
        _l("What did you agree?"),
        _l("Write it so that the trainee recognises it: they read this. Write also how they see it themselves."),
    ),
    ConcernStep.FOLLOWED_UP: (
        _l("What happened since?"),
        _l("What you saw, what was done of what was needed, and what goes better."),
    ),
    ConcernStep.CORRECTED: (
        _l("What was wrong, and what is right?"),
        _l("The text before it stays as it was written; this stands under it."),
    ),
    ConcernStep.CLOSED: (
        _l("What came of it?"),
        _l("What changed, how you know, and whether anything goes on elsewhere, such as a plan or a decision."),
    ),
}
"""What each step asks, with a hint."""


class StepForm(Form):
    """What is added to a concern."""

    talked_on = DateField(_l("When did you talk with the trainee?"), validators=[required()])
    text = long_text("", optional=False, render_kw={"rows": 6})
    due_on = DateField(
        _l("When do you look at it again?"),
        validators=[MayBeEmpty()],
        description=_l("Whoever guides this trainee is told once when this day has passed."),
    )
    shares = BooleanField(
        _l("Let the trainee read what was written down at the beginning too"),
        description=_l("Usually fair: then they can answer it. What you agreed they can read in any case."),
    )
    seen = HiddenField()

    @classmethod
    def for_step(cls, step: ConcernStep, *, seen: int, on: date) -> StepForm:
        """Return the form of a step; `seen` is how many there are already."""
        form = cls(data={"seen": str(seen), "talked_on": on, "shares": True})
        question, hint = QUESTIONS[step]
        form.text.label.text, form.text.description = question, hint
        if step is not ConcernStep.TALKED:
            del form.talked_on, form.shares
        else:
            form.due_on.validators, form.due_on.flags.required = (required(),), True
        if step in {ConcernStep.CORRECTED, ConcernStep.CLOSED}:
            del form.due_on
        return form

    def name_what_opens(self, concern: Concern) -> None:
        """Name all that the trainee reads once the text is shared; nothing is asked where it is shared already."""
        if "shares" not in self:
            return
        steps = [f"{label(one.step)} ({day(one.at)})" for one in not_shown_yet(concern)]
        if is_shared(concern):
            del self.shares
        elif steps:
            self.shares.label.text = _(
                "Let the trainee read what was written down at the beginning too, and what was added to it: %(steps)s",
                steps=", ".join(steps),
            )

    def addition(self, step: ConcernStep) -> Addition:
        """Return what was filled in."""
        talks = step is ConcernStep.TALKED
        return Addition(
            step=step,
            text=self.text.data,
            talked_on=self.talked_on.data if talks else None,
            due_on=self.due_on.data if "due_on" in self else None,
            shares=bool(talks and self.shares.data),
        )
