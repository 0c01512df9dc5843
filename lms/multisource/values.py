"""A round as values: its groups and items, how many answered, and what may be read of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from competencies.curricula import Provenance, ResultKind
from competencies.instruments import Item, items_from
from competencies.multisource import (
    SELF,
    Circle,
    Circles,
    RaterGroup,
    Spread,
    circles_of,
    is_for_words,
    lacking,
    options_of,
    said,
    spread_of,
    words_of,
)
from competencies.scales import Scale
from lms.core.db import Words
from lms.core.words import _, in_language
from lms.curriculum.values import scale_of
from lms.invitations.tokens import Named
from lms.multisource.models import FeedbackAnswer, FeedbackRound, Rater

MSF = "msf"
"""The instrument of feedback rounds."""
OWN_GROUP = RaterGroup(key=SELF, title={"nl": "Zelf", "en": "Self"}, minimum=1)


@dataclass(frozen=True, slots=True)
class RoundForm:
    """A form that a round can use: the shared one of the instrument (no `form_id`), or one of the programme."""

    key: str
    title: Words
    instrument_form_id: UUID | None
    form_id: UUID | None
    groups: tuple[RaterGroup, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group with how many are asked, how many answered, and how many answers it still needs."""

    group: RaterGroup
    asked: int
    answered: int
    lacks: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one circle says to an item: how the choices lie, or the words that were written; `own` is the trainee's."""

    circle: Circle
    spread: Spread | None
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What is said to one item: by circle, and by the trainee; `options` are what could be chosen, as it is worded."""

    item: Item
    options: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    own: str | None

    def title_of(self, option: str) -> str:
        """Return the words for an option."""
        return dict(self.options).get(option, option)


@dataclass(frozen=True, slots=True)
class Report:
    """All that may be read of a round that is closed."""

    circles: Circles
    items: tuple[ItemReport, ...]

    @property
    def rated(self) -> tuple[ItemReport, ...]:
        """Return the items of which something can be drawn: something was chosen, by enough people."""
        return tuple(one for one in self.items if any(part.spread and part.spread.answers for part in one.parts))


def groups_from(stored: Sequence[Mapping[str, Any]]) -> tuple[RaterGroup, ...]:
    """Return groups as they are stored with a round or written in a form."""
    return tuple(RaterGroup(key=one["key"], title=one["title"], minimum=one["min"]) for one in stored)


def groups_of(round_: FeedbackRound) -> tuple[RaterGroup, ...]:
    """Return the groups of a round; that of the trainee is the last."""
    return groups_from(round_.groups)


def as_stored(groups: Sequence[RaterGroup]) -> list[dict[str, object]]:
    """Return groups as they are stored with a round."""
    return [{"key": one.key, "title": dict(one.title), "min": one.minimum} for one in groups]


def items_of(round_: FeedbackRound) -> tuple[Item, ...]:
    """Return what is asked in a round; needs its form."""
    form = round_.form or round_.instrument_form
    return items_from(form.items, ResultKind.NARRATIVE) if form else ()


def rating_scale(round_: FeedbackRound) -> Scale | None:
    """Return the scale for items that ask for a level; needs the form with its scale and levels."""
    return scale_of(round_.form.scale) if round_.form and round_.form.scale else None


def level_codes(round_: FeedbackRound) -> tuple[str, ...]:
    """Return the codes of the levels that items can be answered with, the lowest first."""
    scale = rating_scale(round_)
    return tuple(one.code for one in scale.levels) if scale else ()


def counts_of(round_: FeedbackRound) -> tuple[GroupCount, ...]:
    """Return how far each group is; needs the raters. Who was asked no more still counts as asked.

    So taking a request back says nothing of whether it was answered.
    """
    groups = groups_of(round_)
    asked = Counter(one.group_key for one in round_.raters)
    answered = Counter(one.group_key for one in round_.raters if one.has_answered)
    lacks = lacking(groups, answered)
    return tuple(GroupCount(one, asked[one.key], answered[one.key], lacks.get(one.key, 0)) for one in groups)


def named(round_: FeedbackRound, rater: Rater) -> Named:
    """Return what the token of a rater names."""
    return Named(round_.organisation_id, rater.id)


def group_title(round_: FeedbackRound, key: str) -> str:
    """Return the words for a group of a round."""
    return next((in_language(dict(one.title)) for one in groups_of(round_) if one.key == key), key)


def report_of(round_: FeedbackRound, answers: Sequence[FeedbackAnswer]) -> Report:
    """Return what may be read of a closed round; needs its form."""
    by_group = Counter(one.group_key for one in answers)
    circles = circles_of(groups_of(round_), by_group)
    own = next((one.answers for one in answers if one.group_key == SELF), {})
    return Report(circles, tuple(_item(round_, one, circles, answers, own) for one in items_of(round_)))


def _item(
    round_: FeedbackRound, item: Item, circles: Circles, answers: Sequence[FeedbackAnswer], own: Mapping[str, Any]
) -> ItemReport:
    options = options_of(item, level_codes(round_))
    titled = tuple((one, _option_title(round_, item, one)) for one in options)
    parts = tuple(_part(round_, item, circle, options, answers) for circle in circles.shown)
    mine = said(own[item.key]) if item.key in own else None
    return ItemReport(item, titled, parts, dict(titled).get(mine, mine) if mine is not None else None)


def _part(
    round_: FeedbackRound, item: Item, circle: Circle, options: Sequence[str], answers: Sequence[FeedbackAnswer]
) -> Part:
    theirs = [one.answers for one in answers if one.group_key in circle.groups]
    given = [said(one[item.key]) for one in theirs if item.key in one]
    if is_for_words(item):
        return Part(circle, None, words_of(given, round_id=round_.id, item=item.key, groups=circle.groups))
    return Part(circle, spread_of(given, options), ())


def _option_title(round_: FeedbackRound, item: Item, option: str) -> str:
    if option in item.steps:
        return in_language(dict(item.steps[option]))
    if option in {"yes", "no"}:
        return _("Yes") if option == "yes" else _("No")
    scale = rating_scale(round_)
    return f"{option} {in_language(scale.level(option).title)}" if scale else option


def circle_title(round_: FeedbackRound, circle: Circle) -> str:
    """Return the words for a circle: its group, or the groups that are shown as one."""
    names = [group_title(round_, key) for key in circle.groups]
    return names[0] if len(names) == 1 else _("Others together (%(groups)s)", groups=", ".join(names))
