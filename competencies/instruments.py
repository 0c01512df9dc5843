"""Instruments as data: forms of a few kinds of item, what an answer to one may hold, and how long it takes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Any

from competencies.curricula import ResultKind
from competencies.errors import RuleBroken
from competencies.form_length import SECONDS_AN_ITEM, SECONDS_TO_SEND, WORDS_A_SECOND, FormLength
from competencies.scales import Direction

LARGEST_COUNTER = 999


class ItemKind(StrEnum):
    """What an item of a form asks: a level or step of a rubric, yes or no, words, or a number."""

    LEVEL = auto()
    RUBRIC = auto()
    YES_NO = auto()
    SHORT_TEXT = auto()
    LONG_TEXT = auto()
    COUNTER = auto()


LONGEST: Mapping[ItemKind, int] = MappingProxyType({ItemKind.SHORT_TEXT: 200, ItemKind.LONG_TEXT: 4000})
"""The kinds that ask for words, with the most characters of each."""

MAIN: Mapping[ResultKind, ItemKind] = MappingProxyType(
    {
        ResultKind.LEVEL: ItemKind.LEVEL,
        ResultKind.PASS_FAIL: ItemKind.YES_NO,
        ResultKind.COUNT: ItemKind.COUNTER,
        ResultKind.NARRATIVE: ItemKind.LONG_TEXT,
        ResultKind.CONDITIONS: ItemKind.COUNTER,
    }
)
"""The kind of the question whose answer is the result of an instrument; it is stored and counted as such."""

SECONDS: Mapping[ItemKind, float] = MappingProxyType(
    {
        ItemKind.LEVEL: 4.0,
        ItemKind.RUBRIC: 4.0,
        ItemKind.YES_NO: 2.0,
        ItemKind.SHORT_TEXT: 10.0,
        ItemKind.LONG_TEXT: 20.0,
        ItemKind.COUNTER: 4.0,
    }
)
"""To answer an item of each kind; our assumption, as in `form_length`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of a form beside that for the result; `title` by language, `steps` those of a rubric by key."""

    key: str
    kind: ItemKind
    title: Mapping[str, str]
    required: bool = False
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentForm:
    """One version of the form of an instrument: in which direction it asks for the result, and what it asks besides."""

    instrument: str
    version: int
    direction: Direction
    items: tuple[Item, ...]


def check_items(items: Sequence[Item], answers: Mapping[str, Any], *, levels: Collection[str]) -> None:
    """Accept the answers to the items of a form, or raise RuleBroken with the first rule broken.

    `levels` are the codes of the scale that levels are chosen from. What is not answered is left out.
    """
    known = {item.key: item for item in items}
    for key, answer in answers.items():
        if key not in known:
            raise RuleBroken("item_unknown", item=key)
        if not _fits(known[key], answer, levels):
            raise RuleBroken("item_unfit", item=key)
    for item in items:
        if item.required and item.key not in answers:
            raise RuleBroken("item_missing", item=item.key)


def _fits(item: Item, answer: Any, levels: Collection[str]) -> bool:
    """Return whether an answer is of the kind that the item asks."""
    if item.kind in LONGEST:
        return isinstance(answer, str) and 0 < len(answer.strip()) <= LONGEST[item.kind]
    if item.kind is ItemKind.YES_NO:
        return isinstance(answer, bool)
    if item.kind is ItemKind.COUNTER:
        return type(answer) is int and 0 <= answer <= LARGEST_COUNTER
    return isinstance(answer, str) and answer in (item.steps if item.kind is ItemKind.RUBRIC else levels)


def items_from(data: Sequence[Mapping[str, Any]], result: ResultKind) -> tuple[Item, ...]:
    """Return the items of a form as it is written; one without a kind asks for words, for feedback for longer ones."""
    plain = ItemKind.LONG_TEXT if result is ResultKind.NARRATIVE else ItemKind.SHORT_TEXT
    return tuple(
        Item(
            key=one["key"],
            kind=ItemKind(one.get("kind", plain)),
            title=one["title"],
            required=one.get("required", False),
            steps={step["key"]: step["title"] for step in one.get("steps", ())},
        )
        for one in data
    )


def length_of(form: InstrumentForm, result: ResultKind, question: int) -> FormLength:
    """Return how long a form keeps a rater at most, whose question for the result has so many words."""
    words = [question, *(max((len(text.split()) for text in item.title.values()), default=0) for item in form.items)]
    reading = sum(words) / WORDS_A_SECOND + len(words) * SECONDS_AN_ITEM
    answering = SECONDS[MAIN[result]] + sum(SECONDS[item.kind] for item in form.items if item.required)
    return FormLength(reading, answering + SECONDS_TO_SEND)
