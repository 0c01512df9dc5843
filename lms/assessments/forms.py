"""What a browser sends about assessments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from wtforms import Field, HiddenField, IntegerField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from competencies.activities import LARGEST_QUANTITY
from competencies.answers import LARGEST_FACT, Answer
from competencies.curricula import ResultKind
from competencies.scales import Direction, Scale
from lms.core.forms import LONGEST_TEXT, Form, chosen_key, long_text, no_longer_than, required, several
from lms.core.words import _, _l, in_language
from lms.curriculum.models import Epa
from lms.logbook.fields import ActivityForm
from lms.logbook.values import epa_line

LARGEST_LIMIT = 99
Groups = Mapping[str, Sequence[tuple[str, str]]]
"""What can be chosen, value and words, by the words of its group."""
LONGEST_NUMBER = 9
"""So many digits a revision has at most."""
NUMBER = _l("Use a number from %(min)s to %(max)s.")
MISSING = _l("Choose one of these.")
FACTS: Mapping[str, object] = {
    "linked_pdsa_cycles": _l("Number of linked PDSA cycles"),
    "pdsa_cycles": _l("Number of PDSA cycles"),
    "data_points": _l("Number of data points"),
    "outcome": _l("Number of outcome measures"),
    "process": _l("Number of process measures"),
    "balancing": _l("Number of balancing measures"),
}
"""The words for the numbers that a programme can ask of a project."""


def fact_label(name: str) -> str:
    """Return the words for a number that a programme asks of a project."""
    return str(FACTS.get(name) or name.replace("_", " ").capitalize())


def _grouped(groups: Groups) -> list[SelectChoice]:
    return [SelectChoice(value, words, optgroup=group) for group, known in groups.items() for value, words in known]


class AskForm(Form):
    """Whom to ask for an assessment, about which EPAs of the activity, and in which way."""

    assessors = SelectField(_l("Whom do you ask?"), coerce=chosen_key, validators=[required()])
    way = SelectField(_l("Way of assessing"), validators=[required()])
    epas = several(_l("EPAs"), _l("Choose at least one EPA."))

    def offer(self, assessors: Groups, ways: Groups, epas: Iterable[Epa]) -> AskForm:
        """Fill the lists: people and ways by group, and the EPAs of the activity."""
        self.assessors.choices = _grouped(assessors)
        self.way.choices = _grouped(ways)
        self.epas.choices = [SelectChoice(str(epa.id), epa_line(epa)) for epa in epas]
        return self

    @property
    def asked(self) -> list[UUID]:
        """Return the people who are asked."""
        return [self.assessors.data]


class RoundForm(AskForm):
    """As `AskForm`, for a feedback round: several people at once, oneself too."""

    assessors = several(_l("Whom do you ask?"), _l("Choose at least one person."))

    @property
    def asked(self) -> list[UUID]:
        """Return the people who are asked."""
        return list(self.assessors.data)


class AnswerForm(Form):
    """Words, which every answer may have and feedback must have.

    `version` is what the assessor had before them, `revision` what they typed before, as it was saved.
    """

    version = HiddenField()
    revision = HiddenField(default="0")
    comment = long_text(_l("Comment"), render_kw={"rows": 4})

    def answer(self) -> Answer:
        """Return what was filled in."""
        return Answer(comment=self.comment.data)

    @property
    def seen(self) -> int:
        """Return the revision of the draft that the form was filled with, 0 for none."""
        sent = self.revision.data or ""
        return int(sent) if sent.isdecimal() and len(sent) < LONGEST_NUMBER else 0

    def words(self) -> dict[str, str]:
        """Return the texts that were typed, by the names of their fields."""
        return {one.short_name: one.data or "" for one in self._guarded_fields()}

    def typed(self) -> dict[str, str]:
        """Return all that was filled in so far, as it was sent."""
        chosen = {one.short_name: one.raw_data[0] for one in self if one.short_name in self._asked() and one.raw_data}
        return {name: text[:LONGEST_TEXT] for name, text in chosen.items()} | self.words()

    def is_storable(self) -> bool:
        """Return whether the words can be saved, whatever is still to be filled in; what cannot stands beside it."""
        sound = [one.validate(self, (no_longer_than(LONGEST_TEXT),)) or not one.data for one in self._guarded_fields()]
        return not self._is_held_back() and all(sound)

    def _asked(self) -> frozenset[str]:
        return frozenset(self._fields) - {"version", "revision", "csrf_token", "not_about_a_patient"}


class FeedbackForm(AnswerForm):
    """Feedback in words."""

    comment = long_text(_l("Your feedback"), optional=False, render_kw={"rows": 6})


class LevelForm(AnswerForm):
    """A level on a scale."""

    scale: Scale

    level = RadioField(_l("Level"), validators=[InputRequired(MISSING)])

    def answer(self) -> Answer:
        """Return the level and the words."""
        return Answer(level=self.scale.level(self.level.data), comment=self.comment.data)


class PassForm(AnswerForm):
    """Passed or not."""

    passed = RadioField(
        _l("Did the trainee pass?"),
        choices=[SelectChoice("yes", _l("Passed")), SelectChoice("no", _l("Not passed"))],
        validators=[InputRequired(MISSING)],
    )

    def answer(self) -> Answer:
        """Return whether it was passed, and the words."""
        return Answer(passed=self.passed.data == "yes", comment=self.comment.data)


class CountForm(AnswerForm):
    """A number of procedures that the assessor confirms."""

    quantity = IntegerField(
        _l("How many times do you confirm?"),
        validators=[InputRequired(_l("Fill this in.")), NumberRange(1, LARGEST_QUANTITY, NUMBER)],
        render_kw={"inputmode": "numeric", "min": 1, "max": LARGEST_QUANTITY},
    )

    def answer(self) -> Answer:
        """Return the confirmed number and the words."""
        return Answer(quantity=self.quantity.data, comment=self.comment.data)


class FactsForm(AnswerForm):
    """The numbers of a project that the programme asks for."""

    names: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[Field]:
        """Return the fields of the numbers."""
        return [self[name] for name in self.names]

    def answer(self) -> Answer:
        """Return the numbers and the words."""
        return Answer(facts={name: self[name].data for name in self.names}, comment=self.comment.data)


def typed_as(answer: Answer) -> dict[str, object]:
    """Return an answer as a form holds it."""
    return {
        "level": answer.level.code if answer.level else None,
        "passed": "yes" if answer.passed else "no",
        "quantity": answer.quantity,
        "comment": answer.comment,
        **answer.facts,
    }


def form_for(
    result: ResultKind, scale: Scale | None, direction: Direction, facts: Mapping[str, int]
) -> type[AnswerForm]:
    """Return the form for an answer of that kind; `facts` holds the numbers to fill in with the least that is asked."""
    if result is ResultKind.LEVEL and scale is not None:
        return type("LevelForm", (LevelForm,), {"scale": scale, "level": _level(scale, direction)})
    if result is ResultKind.CONDITIONS:
        fields = {name: _number(name, least) for name, least in facts.items()}
        return type("FactsForm", (FactsForm,), {"names": tuple(facts), **fields})
    return {ResultKind.PASS_FAIL: PassForm, ResultKind.COUNT: CountForm}.get(result, FeedbackForm)


def _level(scale: Scale, direction: Direction) -> RadioField:
    codes = [SelectChoice(level.code, in_language(level.title)) for level in scale.levels]
    return RadioField(in_language(scale.question(direction)), choices=codes, validators=[InputRequired(MISSING)])


def _number(name: str, least: int) -> IntegerField:
    return IntegerField(
        fact_label(name),
        description=_("The programme asks for at least %(least)s.", least=least),
        validators=[InputRequired(_l("Fill this in.")), NumberRange(0, LARGEST_FACT, NUMBER)],
        render_kw={"inputmode": "numeric", "min": 0, "max": LARGEST_FACT},
    )


class CorrectionForm(ActivityForm):
    """What was wrong about an activity that was assessed, put right, and why."""

    reason = long_text(_l("Why do you correct it?"), optional=False, render_kw={"rows": 3})


class HandOnForm(Form):
    """Who is to hold the request instead; `version` is what the holder had before them."""

    version = HiddenField()
    assessor = SelectField(_l("Who can assess this instead?"), coerce=chosen_key, validators=[required()])

    def offer(self, people: Sequence[tuple[str, str]]) -> HandOnForm:
        """Fill the list of people."""
        self.assessor.choices = [SelectChoice(value, words) for value, words in people]
        return self


class LimitForm(Form):
    """The most requests that may wait for the person; empty: as the organisation says."""

    most = IntegerField(
        _l("At most so many requests wait for me"),
        validators=[Optional(), NumberRange(1, LARGEST_LIMIT, NUMBER)],
        render_kw={"inputmode": "numeric", "min": 1, "max": LARGEST_LIMIT},
    )


class DefaultLimitForm(Form):
    """The most requests that may wait for a trainer who chose no number."""

    most = IntegerField(
        _l("At most so many requests wait for a trainer"),
        validators=[InputRequired(_l("Fill this in.")), NumberRange(1, LARGEST_LIMIT, NUMBER)],
        render_kw={"inputmode": "numeric", "min": 1, "max": LARGEST_LIMIT},
    )


class DeclineForm(Form):
    """Why the assessor declines."""

    version = HiddenField()
    reason = long_text(_l("Why do you decline?"), optional=False)
