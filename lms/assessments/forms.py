"""What a browser sends about assessments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from competencies.activities import LARGEST_QUANTITY
from competencies.answers import LARGEST_FACT, Answer
from competencies.curricula import ResultKind
from competencies.instruments import LARGEST_COUNTER, LONGEST, Item, ItemKind
from competencies.scales import Direction, Scale
from lms.assessments.values import ITEM
from lms.core.forms import (
    LONGEST_TEXT,
    Form,
    chosen_key,
    key_or_none,
    long_text,
    no_longer_than,
    required,
    several,
    stripped,
)
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

    items: ClassVar[tuple[Item, ...]] = ()

    version = HiddenField()
    revision = HiddenField(default="0")
    comment = long_text(_l("Comment"), render_kw={"rows": 4})

    def answer(self) -> Answer:
        """Return what was filled in."""
        return self.with_items(Answer(comment=self.comment.data))

    @property
    def item_fields(self) -> list[Field]:
        """Return the fields of what the form asks beside the result."""
        return [self[ITEM + item.key] for item in self.items]

    def with_items(self, answer: Answer) -> Answer:
        """Return an answer with what was answered to the items; what stayed empty is left out."""
        found = {item.key: _answered(item.kind, self[ITEM + item.key].data) for item in self.items}
        return replace(answer, items={key: one for key, one in found.items() if one is not None})

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
        return {name: stripped(text)[:LONGEST_TEXT] for name, text in chosen.items()} | self.words()

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
        return self.with_items(Answer(level=self.scale.level(self.level.data), comment=self.comment.data))


class PassForm(AnswerForm):
    """Passed or not."""

    passed = RadioField(
        _l("Did the trainee pass?"),
        choices=[SelectChoice("yes", _l("Passed")), SelectChoice("no", _l("Not passed"))],
        validators=[InputRequired(MISSING)],
    )

    def answer(self) -> Answer:
        """Return whether it was passed, and the words."""
        return self.with_items(Answer(passed=self.passed.data == "yes", comment=self.comment.data))


class CountForm(AnswerForm):
    """A number of procedures that the assessor confirms."""

    quantity = IntegerField(
        _l("How many times do you confirm?"),
        validators=[InputRequired(_l("Fill this in.")), NumberRange(1, LARGEST_QUANTITY, NUMBER)],
        render_kw={"inputmode": "numeric", "min": 1, "max": LARGEST_QUANTITY},
    )

    def answer(self) -> Answer:
        """Return the confirmed number and the words."""
        return self.with_items(Answer(quantity=self.quantity.data, comment=self.comment.data))


class FactsForm(AnswerForm):
    """The numbers of a project that the programme asks for."""

    names: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[Field]:
        """Return the fields of the numbers."""
        return [self[name] for name in self.names]

    def answer(self) -> Answer:
        """Return the numbers and the words."""
        return self.with_items(Answer(facts={name: self[name].data for name in self.names}, comment=self.comment.data))


def _answered(kind: ItemKind, typed: Any) -> Any:
    """Return what was typed or chosen as an answer of that kind, None for nothing."""
    if kind is ItemKind.YES_NO:
        return {"yes": True, "no": False}.get(typed)
    return None if typed is None or typed == "" else typed


def item_field(item: Item, scale: Scale | None) -> Field:
    """Return the field of an item of a form."""
    label = in_language(item.title)
    needed = [InputRequired(MISSING)] if item.required else [Optional()]
    if item.kind in LONGEST:
        checks = [*([required()] if item.required else []), no_longer_than(LONGEST[item.kind])]
        kind = StringField if item.kind is ItemKind.SHORT_TEXT else TextAreaField
        return kind(label, validators=checks, filters=[stripped])
    if item.kind is ItemKind.COUNTER:
        numbers = {"inputmode": "numeric", "min": 0, "max": LARGEST_COUNTER}
        return IntegerField(label, validators=[*needed, NumberRange(0, LARGEST_COUNTER, NUMBER)], render_kw=numbers)
    return RadioField(label, choices=_choices_of(item, scale), validators=needed)


def _choices_of(item: Item, scale: Scale | None) -> list[SelectChoice]:
    if item.kind is ItemKind.YES_NO:
        return [SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))]
    if item.kind is ItemKind.RUBRIC:
        return [SelectChoice(key, in_language(title)) for key, title in item.steps.items()]
    levels = scale.levels if scale else ()
    return [SelectChoice(one.code, f"{one.code} {in_language(one.title)}") for one in levels]


def said_of(item: Item, answer: Any, scale: Scale | None) -> str:
    """Return an answer to an item in the reader's words."""
    if item.kind is ItemKind.YES_NO:
        return _("Yes") if answer else _("No")
    if item.kind is ItemKind.RUBRIC:
        return in_language(item.steps[answer])
    if item.kind is ItemKind.LEVEL and scale is not None:
        return f"{answer} {in_language(scale.level(answer).title)}"
    return str(answer)


def typed_as(answer: Answer) -> dict[str, object]:
    """Return an answer as a form holds it."""
    return {
        "level": answer.level.code if answer.level else None,
        "passed": "yes" if answer.passed else "no",
        "quantity": answer.quantity,
        "comment": answer.comment,
        **answer.facts,
        **{
            ITEM + key: {True: "yes", False: "no"}.get(one, one) if isinstance(one, bool) else one
            for key, one in answer.items.items()
        },
    }


def form_for(
    result: ResultKind, scale: Scale | None, direction: Direction, facts: Mapping[str, int], items: Sequence[Item] = ()
) -> type[AnswerForm]:
    """Return the form for an answer of that kind, with what its form asks besides.

    `facts` holds the numbers to fill in with the least that is asked.
    """
    kind = _form_for(result, scale, direction, facts)
    if not items:
        return kind
    fields = {ITEM + item.key: item_field(item, scale) for item in items}
    return type(kind.__name__, (kind,), {"items": tuple(items), **fields})


def _form_for(
    result: ResultKind, scale: Scale | None, direction: Direction, facts: Mapping[str, int]
) -> type[AnswerForm]:
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
    assessor = SelectField(_l("Who can assess this instead?"), coerce=key_or_none, validators=[required()])

    def offer(self, people: Sequence[tuple[str, str]]) -> HandOnForm:
        """Fill the list of people; nobody is chosen beforehand."""
        chosen = [SelectChoice("", _l("Choose somebody"))] if people else []
        self.assessor.choices = [*chosen, *(SelectChoice(value, words) for value, words in people)]
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
