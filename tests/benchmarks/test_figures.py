"""The parts of the benchmark that only reckon: figures, ratios, targets, tables, and what is kept of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import layout, results
from benchmarks.explain import figures_of, with_shares
from benchmarks.figures import Kind, PageFigures, StatementFigures, Timing, percentile, ratio
from benchmarks.forms import filled, form_on
from benchmarks.results import Results, SizeFigures
from benchmarks.targets import missed

STATEMENT = StatementFigures(
    verb="Select", tables=("standings",), milliseconds=3.0, share=1.0, rows=20, blocks=44, scanned=()
)


def timing(p50: float, p95: float = 50.0) -> Timing:
    return Timing(1, 60, p50, p95, p95 + 1, 1000 / p50)


def page(**given: Any) -> PageFigures:
    facts: dict[str, Any] = {
        "key": "home",
        "title": "Trainee home",
        "kind": Kind.PAGE,
        "size": "M",
        "alone": timing(20.0),
        "together": timing(80.0),
        "processor": 15.0,
        "body": 12_345,
        "compressed": 2_345,
        "statements": 9,
        "rows": 60,
        "floor": timing(10.0),
        "explained": (STATEMENT,),
    }
    return PageFigures(**(facts | given))


@pytest.mark.parametrize(("share", "expected"), [(50, 5.0), (95, 10.0), (100, 10.0), (1, 1.0), (11, 2.0)])
def test_a_percentile_is_a_figure_that_was_measured(share: float, expected: float) -> None:
    assert percentile([float(one) for one in range(1, 11)], share) == expected


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no figures"):
        percentile([], 50)


def test_a_timing_is_in_milliseconds_whatever_the_order() -> None:
    found = Timing.of([0.004, 0.001, 0.002, 0.003], concurrency=2, within=0.5)
    assert (found.p50, found.p95, found.slowest, found.per_second) == (2.0, 4.0, 4.0, 8.0)


def test_a_ratio_to_nothing_is_none() -> None:
    assert ratio(3.0, 2.0) == 1.5
    assert ratio(3.0, 0.0) is None


def test_a_page_that_holds_all_its_limits_misses_nothing() -> None:
    assert missed(page(), growth=1.2) == []


@pytest.mark.parametrize(
    ("given", "growth", "expected"),
    [
        ({"alone": timing(25.1), "floor": timing(13.0)}, None, ["p50"]),
        ({"alone": timing(20.0, 61.0)}, None, ["p95"]),
        ({"floor": timing(9.9)}, None, ["×floor"]),
        ({}, 1.21, ["growth"]),
        ({"kind": Kind.RATING, "alone": timing(41.0, 900.0), "floor": None}, None, ["p50"]),
        ({"kind": Kind.CACHED_CHART, "alone": timing(5.1), "floor": None}, None, ["p50"]),
        ({"kind": Kind.LARGE_EXPORT, "alone": timing(999.0, 2000.0), "floor": None}, None, []),
        ({"kind": Kind.OTHER, "alone": timing(999.0), "floor": timing(600.0)}, None, []),
    ],
)
def test_a_page_is_held_to_the_limits_of_its_kind(
    given: dict[str, object], growth: float | None, expected: list[str]
) -> None:
    assert [miss.what for miss in missed(page(**given), growth=growth)] == expected


def test_a_miss_says_what_was_measured_and_what_the_limit_is() -> None:
    assert layout.verdict(missed(page(floor=timing(8.0)), growth=None)) == "not met: ×floor 2.5 > 2"
    assert layout.verdict([]) == "met"


def test_a_plain_table_keeps_its_columns() -> None:
    table = layout.plain(("page", "ms"), [("Home", "9.1"), ("A longer one", "12.0")], numbers=[1])
    assert table.splitlines() == [
        "page            ms",
        "------------  ----",
        "Home           9.1",
        "A longer one  12.0",
    ]


def test_a_markdown_table_has_a_cell_for_every_heading() -> None:
    lines = layout.markdown(layout.HEADINGS, [layout.page_row(page(), growth=1.1)], numbers=layout.NUMBERS).splitlines()
    assert {line.count("|") for line in lines} == {len(layout.HEADINGS) + 1}
    assert "| Trainee home | 20.0 | 50.0 |" in lines[2]


def test_growth_is_against_the_next_smaller_size_that_has_the_page() -> None:
    small = SizeFigures(size="S", facts={}, pages=[page(size="S", alone=timing(10.0))])
    middle = SizeFigures(size="M", facts={}, pages=[page(key="other")])
    large = SizeFigures(size="L", facts={}, pages=[page(size="L", alone=timing(15.0))])
    found = Results(measured_on="2026-11-20", machine={}, sizes=[small, middle, large])
    assert found.growth(large.pages[0]) == 1.5
    assert found.growth(small.pages[0]) is None


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    size = SizeFigures(size="M", facts={"database": "9 MB"}, pages=[page(), page(key="live", floor=None)])
    found = Results(measured_on="2026-11-20", machine={"cores": "2"}, sizes=[size])
    kept = tmp_path / "results.json"
    kept.write_text(found.as_json())
    again = results.read(kept)
    assert again.as_text() == found.as_text()
    assert again.as_markdown() == found.as_markdown()
    assert json.loads(found.as_json())["sizes"][0]["pages"][0]["floor_ratio"] == 2.0


def test_an_explained_statement_names_its_tables_and_the_large_ones_that_it_read_whole() -> None:
    scan = {"Node Type": "Seq Scan", "Relation Name": "assessments", "Actual Loops": 1}
    never = {"Node Type": "Seq Scan", "Relation Name": "activities", "Actual Loops": 0}
    small = {"Node Type": "Seq Scan", "Relation Name": "scales", "Actual Loops": 1}
    plan = {"Node Type": "Hash Join", "Shared Hit Blocks": 7, "Shared Read Blocks": 2, "Plans": [scan, never, small]}
    explained = {"Plan": plan, "Execution Time": 4.0}
    found = figures_of(explained, large=frozenset({"assessments", "activities"}), rows=3)
    assert found.scanned == ("assessments",)
    assert found.tables == ("assessments", "activities", "scales")
    assert (found.blocks, found.rows, found.verb) == (9, 3, "Select")


def test_shares_are_of_the_whole_page() -> None:
    quick = replace(STATEMENT, milliseconds=1.0)
    assert [one.share for one in with_shares([STATEMENT, quick])] == [0.75, 0.25]


def test_only_what_is_slow_or_reads_a_large_table_whole_is_shown_by_itself() -> None:
    scanning = replace(STATEMENT, milliseconds=0.1, scanned=("activities",))
    quick = replace(STATEMENT, milliseconds=0.2)
    rows = layout.statement_rows([page(explained=(quick, scanning, STATEMENT))], slower_than=1.0)
    assert [row[2] for row in rows] == ["3.00", "0.10"]


PAGE = """
<form method="post"><input name="csrf_token" value="x"><button name="sign-out">Out</button></form>
<form method="post">
  <input type="hidden" name="csrf_token" value="x"><input type="hidden" name="version" value="3">
  <input type="radio" name="level" value="1"><input type="radio" name="level" value="2">
  <select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
  <textarea name="comment"></textarea>
</form>"""


def test_a_form_is_sent_as_it_stands_with_what_is_typed_over_it() -> None:
    fields = form_on(PAGE, holding="level")
    assert fields["level"].offered == ["1", "2"]
    assert filled(fields, {"level": ["2"], "comment": ["Good"]}) == [
        ("version", "3"),
        ("level", "2"),
        ("kind", "b"),
        ("comment", "Good"),
    ]


def test_a_page_without_the_form_is_an_error() -> None:
    with pytest.raises(LookupError, match="reason"):
        form_on(PAGE, holding="reason")
