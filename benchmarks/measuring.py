"""One page measured: what it sends to the database, its floor, and the page itself."""

from __future__ import annotations

import gzip
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from flask import Flask

from benchmarks.client import Request, WrongAnswer
from benchmarks.data import plain
from benchmarks.explain import explain
from benchmarks.figures import PageFigures, Timing
from benchmarks.load import Extent, Load, Run
from benchmarks.pages import Page
from benchmarks.recording import Recorded, record
from benchmarks.serving import Bekwaam

TOGETHER = 8
WARM_UP = Extent(requests=16, seconds=0.2, longest=4, most=60)
WARM_UP_ONCE = Extent(requests=16, seconds=0.0, longest=10, most=16)
ALONE_ONCE = Extent(seconds=0.0, most=80)
COMPRESSION = 6
"""The level at which a proxy compresses, unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a size is measured: the application in this process, the server, and the port of its floor."""

    app: Flask
    running: Bekwaam
    floor_port: int
    recordings: Path
    extent: Extent

    def measure(self, page: Page, *, size: str) -> tuple[PageFigures, float]:
        """Return the figures of a page, and the largest share of a core that the client used meanwhile."""
        requests = page.requests()
        recorded = self._recorded(page, requests)
        explained = explain(plain(self.running.database_url), recorded[0])
        floor = self._floor(page, recorded)
        alone, together, used = self._asked(page, requests)
        body = alone.last.body
        figures = PageFigures(
            key=page.key,
            title=page.title,
            kind=page.kind,
            size=size,
            alone=alone.timing,
            together=together.timing,
            processor=used,
            body=len(body),
            compressed=len(gzip.compress(body, COMPRESSION, mtime=0)) if body else 0,
            statements=max(len(one.statements) for one in recorded),
            rows=round(median(one.rows for one in recorded)),
            floor=floor,
            explained=explained,
        )
        return figures, max(alone.client_share, together.client_share)

    def _recorded(self, page: Page, requests: Sequence[Request]) -> Sequence[Recorded]:
        """Return what the floor has to do, and leave it where the floor finds it."""
        writes = requests[0].form is not None
        asked = list(islice(cycle(requests) if writes else requests, page.recorded))
        if page.change:
            page.change()
        elif not writes and not page.once:
            record(self.app, asked, expected=page.expected)  # What is kept between requests is there from now on.
        recorded = record(self.app, asked, expected=page.expected)
        (self.recordings / page.key).write_bytes(pickle.dumps(recorded))
        return recorded

    def _floor(self, page: Page, recorded: Sequence[Recorded]) -> Timing:
        """Return the figures of the floor: of what is written, everything once, in the order it was recorded."""
        asked = [Request(f"/{page.key}/{number}") for number in range(len(recorded))]
        if recorded[0].writes:
            return self._run(self.floor_port, iter(asked), expected=200, extent=Extent(seconds=60)).timing
        self._run(self.floor_port, cycle(asked), expected=200, extent=WARM_UP, concurrency=TOGETHER)
        return self._run(self.floor_port, cycle(asked), expected=200, extent=self.extent).timing

    def _asked(self, page: Page, requests: Sequence[Request]) -> tuple[Run, Run, float]:
        """Return the runs of the page, one request and eight at a time, and the milliseconds that the server worked."""
        turns = iter(requests[page.recorded :]) if page.once else cycle(requests)
        turns = changing(turns, page.change) if page.change else turns

        def run(extent: Extent, concurrency: int) -> Run:
            return self._run(self.running.port, turns, expected=page.expected, extent=extent, concurrency=concurrency)

        run(WARM_UP_ONCE if page.once else WARM_UP, TOGETHER)
        before = self.running.seconds_used()
        alone = run(ALONE_ONCE if page.once else self.extent, 1)
        used = 1000 * (self.running.seconds_used() - before) / alone.timing.requests
        together = run(self.extent, TOGETHER)
        if page.change and alone.last.header("ETag") == together.last.header("ETag"):
            raise WrongAnswer(f"{page.title}: what was kept was not made useless, so nothing was drawn")
        return alone, together, used

    @staticmethod
    def _run(port: int, requests: Iterator[Request], *, expected: int, extent: Extent, concurrency: int = 1) -> Run:
        return Load(port, requests, expected=expected, extent=extent).run(concurrency)


def changing(requests: Iterator[Request], change: Callable[[], None]) -> Iterator[Request]:
    """Yield the requests, each after a change."""
    for request in requests:
        change()
        yield request
