"""Levels over time as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from xml.etree.ElementTree import Element

import pytest

from lms.charts.levels import (
    NARROW,
    WIDE,
    Declared,
    LevelsOverTime,
    LevelsWords,
    RatedOn,
    levels_over_time,
    months_between,
    size_of,
    two_lines,
)
from lms.charts.style import svg_of, tone

SVG = "{http://www.w3.org/2000/svg}"
START = date(2025, 9, 1)
LEVELS = ((1, "1 Observe"), (2, "2 Direct"), (3, "3 Indirect"), (4, "4 Alone"), (5, "5 Supervise"))
WORDS = LevelsWords(
    title="Levels",
    rated="Rating",
    self_rated="Own rating",
    declared="Declaration",
    required="Needed level",
    month=lambda day: f"{day:%m-%Y}",
)


def after(days: int) -> date:
    return START + timedelta(days=days)


SHOWN = LevelsOverTime(
    levels=LEVELS,
    ratings=(
        RatedOn(after(10), 1),
        RatedOn(after(60), 3),
        RatedOn(after(60), 3),
        RatedOn(after(90), 4, by_trainee=True),
    ),
    declared=(Declared(after(70), after(200), 3), Declared(after(201), after(300), 4)),
    required=4,
    first=START,
    last=after(300),
)


def drawn(shown: LevelsOverTime = SHOWN, *, width: int = WIDE) -> Element:
    return ET.fromstring(svg_of(levels_over_time(shown, WORDS, width=width), title=WORDS.title))


def texts(root: Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def marks(root: Element, colour: str) -> list[tuple[float, float]]:
    return [
        (float(use.get("x", "")), float(use.get("y", "")))
        for use in root.iter(f"{SVG}use")
        if use.get("fill") == colour
    ]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_level_stands_there_in_words(width: int) -> None:
    assert {words for _rank, words in LEVELS} <= set(texts(drawn(width=width)))


def test_a_rating_is_a_point_in_the_tone_of_its_level_and_higher_for_a_higher_level() -> None:
    root = drawn()
    (low,) = marks(root, tone(1, 5))
    high = marks(root, tone(3, 5))
    assert len(high) == 2
    assert all(y < low[1] for _x, y in high)
    assert all(x > low[0] for x, _y in high)


def test_equal_ratings_of_one_day_lie_side_by_side() -> None:
    first, second = marks(drawn(), tone(3, 5))
    assert first != second
    assert first[1] == second[1]


def test_the_trainees_own_rating_is_another_mark_and_has_its_line_in_the_legend() -> None:
    without = replace(SHOWN, ratings=SHOWN.ratings[:-1])
    assert "Own rating" in texts(drawn())
    assert "Own rating" not in texts(drawn(without))
    assert tone(4, 5) not in {use.get("fill") for use in drawn().iter(f"{SVG}use")}


def test_the_legend_names_rating_declaration_and_needed_level() -> None:
    assert {"Rating", "Declaration", "Needed level"} <= set(texts(drawn()))


def thick_lines(root: Element) -> list[str]:
    return [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("stroke-width") == "3"]


def test_declarations_without_a_gap_are_one_step_line_and_with_a_gap_two() -> None:
    joined = len(thick_lines(drawn()))
    gap = replace(SHOWN, declared=(SHOWN.declared[0], replace(SHOWN.declared[1], since=after(230))))
    assert len(thick_lines(drawn(gap))) == joined - 1


@pytest.mark.parametrize("ratings", [(), SHOWN.ratings[:1]])
@pytest.mark.parametrize("last", [START, after(1), after(4000)])
def test_it_is_drawn_for_little_and_for_a_long_time(ratings: Sequence[RatedOn], last: date) -> None:
    shown = replace(SHOWN, ratings=ratings, declared=(), required=None, last=last)
    root = drawn(shown)
    assert (root.get("width"), root.get("height")) == tuple(map(str, size_of(shown)))


def test_a_day_outside_the_chart_lies_on_its_edge() -> None:
    (inside,) = marks(drawn(replace(SHOWN, ratings=(RatedOn(START, 1),))), tone(1, 5))
    (before,) = marks(drawn(replace(SHOWN, ratings=(RatedOn(after(-50), 1),))), tone(1, 5))
    assert before == inside


def test_a_long_level_takes_two_lines_and_no_more() -> None:
    long = "5 Changes tested, no improvement yet, and then a great many words more that nobody can place here"
    found = texts(drawn(replace(SHOWN, levels=((1, long), (2, "2 Short")), ratings=(), declared=(), required=None)))
    assert "5 Changes tested, no" in found
    assert "improvement yet, and then…" in found
    assert two_lines("5 Changes tested, no improvement yet") == ["5 Changes tested, no", "improvement yet"]


@pytest.mark.parametrize(
    ("days", "most", "expected"),
    [
        (0, 6, [START]),
        (40, 6, [date(2025, 10, 1)]),
        (100, 6, [date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)]),
        (400, 3, [date(2026, 1, 1), date(2026, 7, 1)]),
    ],
)
def test_months_are_evenly_spaced_and_few(days: int, most: int, expected: list[date]) -> None:
    assert months_between(START, after(days), most=most) == expected


@pytest.mark.parametrize("days", range(0, 5000, 97))
def test_there_is_a_month_to_show_and_never_too_many(days: int) -> None:
    assert 1 <= len(months_between(START, after(days), most=3)) <= 3
