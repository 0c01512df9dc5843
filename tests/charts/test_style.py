"""What every drawing promises: the same bytes for the same values, no inline style, names as text."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from matplotlib.figure import Figure

from lms.charts.style import TONES, blank, ink_on, svg_of, tone, tone_number

SVG = "{http://www.w3.org/2000/svg}"


def drawing(words: str = "Words") -> Figure:
    figure = blank(300, 100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.plot([1, 2], [1, 2], "o-")
    axes.text(1, 1, words, fontweight="bold")
    axes.axhspan(1.2, 1.4, hatch="///")
    return figure


def test_the_same_values_give_the_same_bytes() -> None:
    assert svg_of(drawing(), title="T") == svg_of(drawing(), title="T")


def test_a_drawing_has_its_title_its_size_in_pixels_and_nothing_inline() -> None:
    drawn = svg_of(drawing(), title="Levels & <more>").decode()
    root = ET.fromstring(drawn)
    assert root.find(f"{SVG}title").text == "Levels & <more>"  # type: ignore[union-attr]
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("300", "100", "0 0 300 100")
    assert not any("style" in element.attrib for element in root.iter())
    assert not list(root.iter(f"{SVG}style"))
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize("name", ["$x^2$ & <b>", 'a" style="fill:red" x="', "O'Brien; fill: red", "Zoë 李"])
def test_a_name_is_text_whatever_it_holds(name: str) -> None:
    root = ET.fromstring(svg_of(drawing(name), title=name))
    assert [element.text for element in root.iter(f"{SVG}text") if element.get("font-weight") == "700"] == [name]


def test_the_readers_own_fonts_draw_the_letters() -> None:
    root = ET.fromstring(svg_of(drawing(), title="T"))
    assert root.get("font-family", "").startswith("system-ui")
    assert not any(element.get("font-family") for element in root.iter(f"{SVG}text"))


def test_tones_rise_with_the_rank_and_reach_both_ends() -> None:
    assert [tone_number(rank, 5) for rank in range(1, 6)] == [1, 3, 6, 8, 10]
    assert [tone_number(rank, 10) for rank in range(1, 11)] == list(range(1, 11))
    assert tone(1, 3) == TONES[0]
    assert tone(3, 3) == TONES[-1]
    assert tone_number(1, 1) == len(TONES)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("rank", range(1, 11))
def test_letters_can_be_read_on_every_tone(rank: int) -> None:
    darker, lighter = sorted((luminance(tone(rank, 10)), luminance(ink_on(rank, 10))))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
