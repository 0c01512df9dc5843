"""A cohort as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from xml.etree.ElementTree import Element

import pytest
from matplotlib.figure import Figure

from lms.charts.heat_map import NARROW, WIDE, CohortHeat, LevelHeat, Shade, cohort_heat_map, level_heat_map, size_of
from lms.charts.style import TONES, svg_of, tone

SVG = "{http://www.w3.org/2000/svg}"
NO_LEVEL = Shade("", 0, 5)
HEAT = CohortHeat(
    columns=("K1", "K2", "K3"),
    rows=("Anna", "Bram $x$ <b>"),
    shades=(
        (Shade("4", 4, 5), Shade("2", 2, 5), None),
        (Shade("4", 4, 5), Shade("4", 4, 5, is_expired=True), NO_LEVEL),
    ),
)


def drawn(figure: Figure) -> Element:
    return ET.fromstring(svg_of(figure, title="Cohort"))


def texts(root: Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def squares(root: Element, fill: str) -> int:
    """Return how many outlines are filled with a colour."""
    return sum(path.get("d", "").count("M") for path in root.iter(f"{SVG}path") if path.get("fill") == fill)


def codes(root: Element) -> int:
    return len(list(root.iter(f"{SVG}use")))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_names_and_codes_stand_beside_and_above(width: int) -> None:
    assert texts(drawn(cohort_heat_map(HEAT, width=width))) == ["K1", "K2", "K3", "Anna", "Bram $x$ <b>"]


def test_a_cell_has_the_tone_of_its_level_and_its_code() -> None:
    root = drawn(cohort_heat_map(HEAT))
    assert squares(root, tone(4, 5)) == 2
    assert squares(root, tone(2, 5)) == 1
    assert codes(root) == 4


def test_an_expired_level_is_hatched_and_has_no_tone() -> None:
    root = drawn(cohort_heat_map(HEAT))
    assert len(list(root.iter(f"{SVG}pattern"))) == 1
    only = CohortHeat(("K1",), ("Anna",), ((Shade("4", 4, 5, is_expired=True),),))
    assert squares(drawn(cohort_heat_map(only)), tone(4, 5)) == 0


def test_no_level_is_an_empty_frame_and_an_epa_of_another_track_is_nothing() -> None:
    framed = CohortHeat(("K1",), ("Anna",), ((NO_LEVEL,),))
    nothing = CohortHeat(("K1",), ("Anna",), ((None,),))
    assert len(list(drawn(cohort_heat_map(framed)).iter(f"{SVG}path"))) == 2
    assert len(list(drawn(cohort_heat_map(nothing)).iter(f"{SVG}path"))) == 1


def test_a_long_name_is_cut_so_that_it_fits() -> None:
    long = CohortHeat(("K1",), ("Bartholomeus van den Heuvelrug-Zonneveld",), ((NO_LEVEL,),))
    (_code, name) = texts(drawn(cohort_heat_map(long)))
    assert name.startswith("Bartholomeus van den")
    assert name.endswith("…")
    assert len(name) < 30


def test_many_narrow_cells_have_no_room_for_codes() -> None:
    wide = CohortHeat(tuple(f"E{n}" for n in range(23)), ("Anna",), ((Shade("4", 4, 5),) * 23,))
    assert codes(drawn(cohort_heat_map(wide))) == 23
    assert codes(drawn(cohort_heat_map(wide, width=NARROW))) == 0


@pytest.mark.parametrize(("columns", "rows"), [(0, 0), (3, 2), (23, 60)])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_picture_has_the_size_that_is_promised(columns: int, rows: int, width: int) -> None:
    heat = CohortHeat(("K",) * columns, ("Anna",) * rows, ((NO_LEVEL,) * columns,) * rows)
    root = drawn(cohort_heat_map(heat, width=width))
    assert (root.get("width"), root.get("height")) == tuple(map(str, size_of(columns, rows, width=width)))


def test_the_same_cohort_gives_the_same_bytes() -> None:
    assert svg_of(cohort_heat_map(HEAT), title="C") == svg_of(cohort_heat_map(HEAT), title="C")


COUNTS = LevelHeat(columns=("K1", "K2"), rows=("4 Alone", "3 Indirect"), counts=((100, 7), (0, None)))


def test_more_trainees_are_darker_and_nobody_is_an_empty_frame() -> None:
    root = drawn(level_heat_map(COUNTS))
    assert squares(root, TONES[-1]) == 1
    assert squares(root, TONES[0]) == 1


def test_a_number_too_small_to_show_is_a_star_without_a_shade() -> None:
    hidden = LevelHeat(("K1",), ("4 Alone",), ((None,),))
    none = LevelHeat(("K1",), ("4 Alone",), ((0,),))
    assert codes(drawn(level_heat_map(hidden))) == 1
    assert codes(drawn(level_heat_map(none))) == 0
    assert not any(squares(drawn(level_heat_map(hidden)), colour) for colour in TONES)
