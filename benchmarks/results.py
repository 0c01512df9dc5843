"""What a measurement found, as a whole: kept as JSON, read back, and shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import layout
from benchmarks.figures import Kind, PageFigures, StatementFigures, Timing, ratio
from benchmarks.targets import missed

SLOW = 1.0
"""Milliseconds from which a statement is shown by itself."""
Table = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeFigures:
    """What was measured on one size of data; facts by name, in words."""

    size: str
    facts: Mapping[str, str]
    pages: Sequence[PageFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A whole measurement."""

    measured_on: str
    machine: Mapping[str, str]
    sizes: Sequence[SizeFigures]

    def growth(self, page: PageFigures) -> float | None:
        """Return how many times longer a page takes than on the next smaller size, where that has it."""
        sizes = [one.size for one in self.sizes]
        smaller = reversed(self.sizes[: sizes.index(page.size)])
        before = next((other for one in smaller for other in one.pages if other.key == page.key), None)
        return ratio(page.alone.p50, before.alone.p50) if before else None

    def as_json(self) -> str:
        """Return everything, with the ratios and what misses its target beside each page."""
        whole = asdict(self)
        for size, shown in zip(self.sizes, whole["sizes"], strict=True):
            for page, facts in zip(size.pages, shown["pages"], strict=True):
                growth = self.growth(page)
                facts["floor_ratio"], facts["growth"] = page.floor_ratio, growth
                facts["missed"] = [str(miss) for miss in missed(page, growth=growth)]
        return json.dumps(whole, indent=1, ensure_ascii=False)

    def as_text(self) -> str:
        """Return everything as tables for a terminal."""
        return "\n\n".join(self._parts(layout.plain, "{}"))

    def as_markdown(self) -> str:
        """Return the tables for the README."""
        return "\n\n".join(self._parts(layout.markdown, "**{}**"))

    def _parts(self, table: Table, heading: str) -> Iterator[str]:
        machine = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        yield f"Measured on {self.measured_on}; {machine}."
        for one in self.sizes:
            yield heading.format(f"Size {one.size}")
            rows = [layout.page_row(page, growth=self.growth(page)) for page in one.pages]
            yield table(layout.HEADINGS, rows, numbers=layout.NUMBERS)
            yield table(("figure", "value"), layout.fact_rows(one.facts))
            if slow := layout.statement_rows(one.pages, slower_than=SLOW):
                yield heading.format(f"Statements that take longer than {SLOW:g} ms, or read a large table whole")
                yield table(layout.STATEMENT_HEADINGS, slow, numbers=range(2, 6))
        yield layout.legend()


def read(file: Path) -> Results:
    """Return what was kept in that file."""
    whole: dict[str, Any] = json.loads(file.read_text())
    sizes = [
        SizeFigures(size=one["size"], facts=one["facts"], pages=[_page(page) for page in one["pages"]])
        for one in whole["sizes"]
    ]
    return Results(measured_on=whole["measured_on"], machine=whole["machine"], sizes=sizes)


def _page(kept: Mapping[str, Any]) -> PageFigures:
    facts = {name: value for name, value in kept.items() if name not in {"floor_ratio", "growth", "missed"}}
    explained = [
        StatementFigures(**{**one, "tables": tuple(one["tables"]), "scanned": tuple(one["scanned"])})
        for one in facts["explained"]
    ]
    facts |= {
        "kind": Kind(facts["kind"]),
        "alone": Timing(**facts["alone"]),
        "together": Timing(**facts["together"]),
        "floor": Timing(**facts["floor"]) if facts["floor"] else None,
        "explained": tuple(explained),
    }
    return PageFigures(**facts)
