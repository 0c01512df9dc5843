"""Multi-source feedback: which answers of a round may be shown together, and what they say together.

Nothing that is shown rests on fewer than FEWEST answers. Three, and not two: the one with whom the report is discussed
may have answered too, and takes their own answer off what they read. Groups that are too small are shown as one where
they are at least two and enough together; otherwise none of their answers is shown. A total over all groups is never
shown, so that no group can be found by subtraction.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from random import Random
from typing import Any
from uuid import UUID

from competencies.errors import RuleBroken
from competencies.instruments import LONGEST, Item, ItemKind, check_items

SELF = "self"
"""The group of exactly one: the person whom the feedback is about."""
TOGETHER = "together"
"""What stands for the groups that are shown as one."""
FEWEST = 3
"""So few answers are never shown: two leave no doubt about the other one to who gave one of them."""
MOST_RATERS = 60
"""So many people can be asked in a round."""
USUAL_TERM, LONGEST_TERM = 21, 90
"""The days that a round is open: as proposed, and at most."""
REMINDED_AFTER = (2, 5)
"""After so many days who did not answer is reminded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterGroup:
    """People who see somebody's work from the same side; `minimum` answers of them complete a round."""

    key: str
    title: Mapping[str, str]
    minimum: int = FEWEST

    @property
    def shown_from(self) -> int:
        """Return the number of answers from which the group is shown by itself."""
        return max(self.minimum, FEWEST)


USUAL_GROUPS = (
    RaterGroup(key="supervisors", title={"nl": "Begeleiders en supervisoren", "en": "Trainers and supervisors"}),
    RaterGroup(key="peers", title={"nl": "Collega’s in opleiding", "en": "Colleagues in training"}),
    RaterGroup(key="professions", title={"nl": "Andere beroepen", "en": "Other professions"}),
    RaterGroup(key="others", title={"nl": "Anderen", "en": "Others"}),
)
"""The groups to choose from where the programme names none."""


class GoalState(StrEnum):
    """What became of a goal."""

    OPEN = auto()
    REACHED = auto()
    CONTINUED = auto()


@dataclass(frozen=True, slots=True)
class Circle:
    """Groups whose answers are shown as one; mostly it is one group."""

    groups: tuple[str, ...]
    answers: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """A group of which nothing is shown: how many answered, and how many more it would take."""

    group: str
    answers: int
    needed: int


@dataclass(frozen=True, slots=True)
class Circles:
    """What of a round is shown and what is not; groups that nobody answered for are in neither."""

    shown: tuple[Circle, ...]
    withheld: tuple[Withheld, ...]


def circles_of(groups: Sequence[RaterGroup], answers: Mapping[str, int]) -> Circles:
    """Return in which circles the answers may be shown; `answers` counts them by group, the person's own left out."""
    own = [(group, answers.get(group.key, 0)) for group in groups if group.key != SELF]
    large = [Circle((group.key,), count) for group, count in own if count >= group.shown_from]
    small = [(group, count) for group, count in own if 0 < count < group.shown_from]
    together = sum(count for _group, count in small)
    if len(small) > 1 and together >= max(group.shown_from for group, _count in small):
        merged = Circle(tuple(group.key for group, _count in small), together)
        return Circles((*large, merged), ())
    return Circles(tuple(large), tuple(Withheld(group.key, count, group.shown_from - count) for group, count in small))


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answers of a circle to one item lie; `counts` is by option, in the order of the options.

    `middle` holds the option in the middle, or the two on either side of it. Both are empty where fewer than FEWEST
    answered it: then only that is said.
    """

    answers: int
    counts: tuple[tuple[str, int], ...] = ()
    middle: tuple[str, ...] = ()


def options_of(item: Item, levels: Sequence[str]) -> tuple[str, ...]:
    """Return what can be chosen at an item, the lowest first; nothing where words or a number are asked."""
    if item.kind is ItemKind.RUBRIC:
        return tuple(item.steps)
    if item.kind is ItemKind.YES_NO:
        return ("no", "yes")
    return tuple(levels) if item.kind is ItemKind.LEVEL else ()


def spread_of(chosen: Sequence[str], options: Sequence[str]) -> Spread:
    """Return how the chosen options lie; where fewer than FEWEST chose, nothing but that."""
    if len(chosen) < FEWEST:
        return Spread(answers=0)
    counted = Counter(chosen)
    return Spread(len(chosen), tuple((one, counted[one]) for one in options), middle_of(chosen, options))


def middle_of(chosen: Sequence[str], options: Sequence[str]) -> tuple[str, ...]:
    """Return the middle option, or the two between which the middle lies; levels have an order and no distance."""
    ordered = sorted(chosen, key=options.index)
    if not ordered:
        return ()
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (low,) if low == high else (low, high)


def said(answer: Any) -> str:
    """Return an answer as an option or as text."""
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)


def words_of(texts: Iterable[str], *, round_id: UUID, item: str, groups: Sequence[str]) -> tuple[str, ...]:
    """Return the texts in an order that says nothing of who wrote them, the same at each reading.

    Each item has an order of its own, so that nobody can tell which texts are of one person.
    """
    shuffled = sorted(texts)
    Random(f"{round_id} {item} {' '.join(groups)}").shuffle(shuffled)  # noqa: S311 - an order, no secret.
    return tuple(shuffled)


def is_for_words(item: Item) -> bool:
    """Return whether an item is answered in words or a number: what is shown as it was written."""
    return item.kind in LONGEST or item.kind is ItemKind.COUNTER


def check_feedback(items: Sequence[Item], answers: Mapping[str, Any], *, levels: Sequence[str]) -> None:
    """Accept answers to the items of a round, of which something has to be answered, or raise RuleBroken."""
    check_items(items, answers, levels=levels)
    if not answers:
        raise RuleBroken("feedback_empty")


def check_term(closes_on: date, *, today: date) -> None:
    """Accept the last day of a round, or raise RuleBroken for one that has passed or is far away."""
    if not today <= closes_on <= today + timedelta(days=LONGEST_TERM):
        raise RuleBroken("round_term", longest=LONGEST_TERM)


def check_room(asked: int) -> None:
    """Accept one more rater beside those asked, or raise RuleBroken."""
    if asked >= MOST_RATERS:
        raise RuleBroken("round_full", most=MOST_RATERS)


def lacking(groups: Sequence[RaterGroup], answers: Mapping[str, int]) -> dict[str, int]:
    """Return by group how many answers it still needs; empty when the round is complete."""
    lacks = {group.key: group.minimum - answers.get(group.key, 0) for group in groups}
    return {key: lack for key, lack in lacks.items() if lack > 0}


def check_complete(groups: Sequence[RaterGroup], answers: Mapping[str, int]) -> None:
    """Accept that a round is closed before its day: every group has its minimum; or raise RuleBroken."""
    lack = lacking(groups, answers)
    if lack:
        raise RuleBroken("round_incomplete", missing=sum(lack.values()))


def next_reminder(asked_on: date, *, sent: int, closes_on: date) -> date | None:
    """Return the day of the reminder after those that were sent; none after the last day of the round."""
    days = [asked_on + timedelta(days=one) for one in REMINDED_AFTER[sent:]]
    return next((day for day in days if day <= closes_on), None)


def check_conversation(on: date, *, today: date) -> None:
    """Accept the day of a conversation: today or later; or raise RuleBroken."""
    if on < today:
        raise RuleBroken("conversation_past")
