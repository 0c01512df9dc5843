"""What a browser sends about rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from wtforms import DateField, Field, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from competencies.instruments import Item, ItemKind
from competencies.multisource import RaterGroup
from competencies.scales import Scale
from lms.accounts.models import User
from lms.assessments.forms import item_field
from lms.assessments.values import ITEM
from lms.core.forms import Form, key_or_none, long_text, required, required_line, several
from lms.core.words import _, _l, in_language
from lms.invitations.forms import NAMES, email_line
from lms.invitations.values import Guest

CHOOSE = _l("Choose one of these.")


def last_day(text: object, **options: Any) -> DateField:
    """Return a field for a day that must be filled in."""
    return DateField(text, validators=[InputRequired(_l("Fill in a day."))], **options)


def _titles(groups: Iterable[RaterGroup]) -> list[SelectChoice]:
    return [SelectChoice(one.key, in_language(dict(one.title))) for one in groups]


class OpenForm(Form):
    """Which groups are asked, and until when."""

    groups = SelectMultipleField(
        _l("Groups"),
        validators=[InputRequired(_l("Choose at least one group."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    closes_on = last_day(_l("Open until"))

    def offer(self, groups: Sequence[RaterGroup]) -> OpenForm:
        """Fill the list of groups, each with the answers that it needs."""
        self.groups.choices = [
            SelectChoice(one.key, _("%(group)s: at least %(count)s answers", group=title, count=one.minimum))
            for one in groups
            for title in [in_language(dict(one.title))]
        ]
        return self


class AskForm(Form):
    """Whom to ask by account, as one of which group."""

    group = RadioField(_l("Group"), validators=[InputRequired(CHOOSE)])
    people = several(_l("Whom do you ask?"), _l("Choose at least one person."))

    def offer(self, groups: Iterable[RaterGroup], people: Iterable[User]) -> AskForm:
        """Fill the lists."""
        self.group.choices = _titles(groups)
        self.people.choices = [SelectChoice(str(one.id), one.name) for one in people]
        return self


class OutsideForm(Form):
    """Whom to ask by a link, as one of which group."""

    unguarded: ClassVar[frozenset[str]] = NAMES

    group = RadioField(_l("Group"), validators=[InputRequired(CHOOSE)])
    name = required_line(_l("Name"), render_kw={"autocomplete": "off"})
    role = required_line(_l("Role at work"), render_kw={"autocomplete": "off"})
    email = email_line(_l("Work e-mail address"), render_kw={"inputmode": "email", "autocomplete": "off"})

    def offer(self, groups: Iterable[RaterGroup]) -> OutsideForm:
        """Fill the list of groups."""
        self.group.choices = _titles(groups)
        return self

    def guest(self) -> Guest:
        """Return who is asked."""
        return Guest(email=self.email.data, name=self.name.data, role=self.role.data)


class RoundAnswerForm(Form):
    """What somebody says: the items of the round."""

    items: ClassVar[tuple[Item, ...]] = ()

    @property
    def item_fields(self) -> list[Field]:
        """Return the fields of the items, in their order."""
        return [self[ITEM + one.key] for one in self.items]

    def answers(self) -> dict[str, Any]:
        """Return what was answered by the keys of the items; what was left open is left out."""
        found = {one.key: _answered(one.kind, self[ITEM + one.key].data) for one in self.items}
        return {key: said for key, said in found.items() if said is not None}


class RoundLinkForm(RoundAnswerForm):
    """As `RoundAnswerForm`, by a link: whoever uses it knows the address that it was sent to."""

    unguarded: ClassVar[frozenset[str]] = NAMES

    email = email_line(
        _l("Your work e-mail address"),
        description=_l("The address that the link was sent to. It is kept with who was asked, not with what you say."),
        render_kw={"inputmode": "email", "autocomplete": "email"},
    )


def _answered(kind: ItemKind, typed: Any) -> Any:
    if kind is ItemKind.YES_NO:
        return {"yes": True, "no": False}.get(typed)
    return None if typed is None or typed == "" else typed


def feedback_form(items: Sequence[Item], scale: Scale | None, *, by_link: bool) -> type[RoundAnswerForm]:
    """Return the form for these items; what may be left open can be taken back to that, without a script too."""
    kind = RoundLinkForm if by_link else RoundAnswerForm
    fields: dict[str, Any] = {}
    for item in items:
        fields[ITEM + item.key] = item_field(item, scale)
        choices = fields[ITEM + item.key].kwargs.get("choices")
        if choices is not None and not item.required:
            choices.append(SelectChoice("", _("I cannot tell")))
    return type("RoundAnswerForm", (kind,), {"items": tuple(items), **fields})


class ConversationForm(Form):
    """On which day the report is talked over, and with whom."""

    on = last_day(_l("Day of the conversation"))
    guide = SelectField(_l("With whom?"), coerce=key_or_none, validators=[required()])

    def offer(self, guides: Iterable[User]) -> ConversationForm:
        """Fill the list of people; nobody is chosen beforehand."""
        people = [SelectChoice(str(one.id), one.name) for one in guides]
        self.guide.choices = [SelectChoice("", _("Choose a person")), *people] if people else []
        return self

    @property
    def guide_id(self) -> UUID:
        """Return who was chosen."""
        chosen: UUID = self.guide.data
        return chosen


class GoalForm(Form):
    """What the trainee is going to do, by when, and how it will be seen."""

    what = long_text(_l("What are you going to do?"), optional=False, longest=500, render_kw={"rows": 3})
    due_on = last_day(_l("By when?"))
    seen_by = required_line(_l("How will others see it?"))

    @property
    def due(self) -> date:
        """Return the day."""
        day: date = self.due_on.data
        return day
